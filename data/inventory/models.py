"""The models that are known, how one of them came to serve what it does, and its versions."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from data.metrics.scope import Scope
from data.metrics.subject import Subject
from data.store.snapshot import Snapshot


def models(snapshot: Snapshot, scope: Scope) -> pa.Table:
    """The models of a team, or the one that is named, by name; one row a registry that has it."""
    condition = scope.condition("i", Subject.MODEL, has_environment=False)
    return snapshot.query(
        f"""
        -- One row is one model in one registry as it is known now.
        select *
        from model_inventory i
        where {condition}
        order by model, source
        """,
        _named(scope, condition),
    )


def stretches(snapshot: Snapshot, model: str) -> pa.Table:
    """The stretches for which versions of a model served, the oldest first."""
    return snapshot.query(
        """
        -- One row is one stretch for which a version served an environment.
        select *
        from model_stretch
        where model = $model
        order by environment, began_at
        """,
        {"model": model},
    )


def version_metrics(snapshot: Snapshot, model: str, versions: Sequence[str]) -> pa.Table:
    """The metrics of some versions of a model, at training and in production."""
    return snapshot.query(
        """
        -- One row is the newest value of one metric of one version on data of one role.
        select
            version,
            created_at,
            metric,
            measured_in,
            role,
            value,
            evaluated_at
        from model_version_metric
        where model = $model
          and version in (select unnest($versions::varchar[]))
        order by number desc, version desc, metric, measured_in, role
        """,
        {"model": model, "versions": list(versions)},
    )


_NEWEST_FIRST = "number desc nulls last, created_at desc nulls last, version desc, source"


def version_names(snapshot: Snapshot, model: str, most: int) -> pa.Table:
    """The newest versions of a model, those that serve and the two made after each of these.

    Columns: `version`, `is_in_production`, and `known`, how many rows there are without `most`.
    """
    return snapshot.query(
        f"""
        -- One row is one version in one registry, the newest first.
        with placed as (
            select
                version,
                is_in_production,
                count(*) over () as known,
                row_number() over (order by {_NEWEST_FIRST}) as place,
                count(serves) over (
                    order by {_NEWEST_FIRST}
                    rows between current row and 2 following
                ) > 0 as is_near
            from model_version_origin
            where model = $model
        )
        select version, is_in_production, known
        from placed
        where place <= $most
           or is_near
        order by place
        """,
        {"model": model, "most": most},
    )


def origins(snapshot: Snapshot, model: str, versions: Sequence[str]) -> pa.Table:
    """Some versions of a model with what is told of how each was made, the newest first."""
    return snapshot.query(
        f"""
        -- One row is one version in one registry.
        select *
        from model_version_origin
        where model = $model
          and version in (select unnest($versions::varchar[]))
        order by {_NEWEST_FIRST}
        """,
        {"model": model, "versions": list(versions)},
    )


def direction(snapshot: Snapshot, model: str) -> tuple[str | None, bool]:
    """The metric that a model is judged by, if one is agreed, and whether more of it is better."""
    found = snapshot.rows(
        """
        -- One row is what is expected of the model.
        select metric, is_higher_better
        from model_setting
        where model = $model
        """,
        {"model": model},
    )
    return (found[0]["metric"], bool(found[0]["is_higher_better"])) if found else (None, True)


def _named(scope: Scope, condition: str) -> dict[str, object]:
    return {name: v for name, v in scope.parameters().items() if f"${name}" in condition}


def known_version(snapshot: Snapshot, model: str, version: str | None) -> tuple[bool, bool]:
    """Whether any registry tells of a model, and of the version of it, if one is asked for."""
    found = snapshot.rows(
        """
        -- One row: how many registries have the model, and how many of them the version.
        select
            (select count(*) from model_inventory where model = $model) as models,
            (
                select count(*)
                from model_version_origin
                where model = $model
                  and version = $version
            ) as versions
        """,
        {"model": model, "version": version},
    )[0]
    return found["models"] > 0, version is None or found["versions"] > 0

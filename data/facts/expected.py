"""What the configuration expects of registries, models and pipelines, as tables of the snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Protocol, TypeVar

import duckdb
import pyarrow as pa

from data.configuration import Configuration, Registry
from data.facts.table import create
from data.facts.things import Thing

_RULE = {"source": pa.string(), "meaning": pa.string(), "environment": pa.string(),
         "kind": pa.string(), "name": pa.string(), "value": pa.string(),
         "rank": pa.int64()}  # fmt: skip
_MODEL = {"model": pa.string(), "service": pa.string(), "risk_class": pa.string(),
          "retrain_seconds": pa.int64(), "metric": pa.string(), "is_higher_better": pa.bool_(),
          "tolerance": pa.float64()}  # fmt: skip
_PIPELINE = {"pipeline": pa.string(), "freshness_seconds": pa.int64()}
_DAY = 86_400


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Setting = TypeVar("Setting", bound=_Named)


def environments_of(configuration: Configuration) -> set[str]:
    """The environments that registries have rules for."""
    return {name for registry in _registries(configuration) for name in registry.environments}


def write_expected(
    connection: duckdb.DuckDBPyConnection,
    into: str,
    configuration: Configuration,
    models: Sequence[Thing],
    pipelines: Sequence[Thing],
) -> None:
    """Creates `registry_rule`, `model_setting` and `pipeline_setting`."""
    create(connection, into, "registry_rule", list(_rules(configuration)), _RULE)
    rows: list[dict[str, object]] = []
    for model in models:
        wanted = _first(configuration.model, model.name)
        rows.append(
            {"model": model.name, "is_higher_better": True, "tolerance": 0.02}
            if wanted is None
            else {
                "model": model.name,
                "service": wanted.service,
                "risk_class": wanted.risk_class,
                "retrain_seconds": wanted.retrain_days and wanted.retrain_days * _DAY,
                "metric": wanted.metric,
                "is_higher_better": wanted.is_higher_better,
                "tolerance": wanted.tolerance,
            }
        )
    create(connection, into, "model_setting", rows, _MODEL)
    slots = [
        {"pipeline": pipeline.name, "freshness_seconds": found.freshness_minutes * 60}
        for pipeline in pipelines
        if (found := _first(configuration.pipeline, pipeline.name)) is not None
    ]
    create(connection, into, "pipeline_setting", slots, _PIPELINE)


def _registries(configuration: Configuration) -> Sequence[Registry]:
    """All that are configured, and one for the sources that none is for."""
    is_there = any(registry.source is None for registry in configuration.registry)
    return configuration.registry if is_there else (*configuration.registry, Registry())


def _rules(configuration: Configuration) -> Iterator[dict[str, object]]:
    """One row a rule; those without a source hold where a source has none of its own."""
    for registry in _registries(configuration):
        for environment, rules in registry.environments.items():
            for rank, rule in enumerate(rules):
                yield _rule(registry, "environment", rule, environment, rank)
        for meaning in ("gate", "approval"):
            rule = getattr(registry, meaning)
            if rule is not None:
                yield _rule(registry, meaning, rule)


def _rule(
    registry: Registry, meaning: str, rule: str, environment: str | None = None, rank: int = 0
) -> dict[str, object]:
    kind, _, told = rule.partition(":")
    name, _, value = told.partition("=") if kind == "tag" else (told, "", None)
    return {
        "source": registry.source,
        "meaning": meaning,
        "environment": environment,
        "kind": kind,
        "name": name,
        "value": value,
        "rank": rank,
    }


def _first(settings: Sequence[Setting], name: str) -> Setting | None:
    return next((one for one in settings if fnmatchcase(name, one.name)), None)

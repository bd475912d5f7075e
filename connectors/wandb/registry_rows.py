"""Rows of what changed of one version of a registry between two readings."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.answers.moment import moment, moment_or_none
from connectors.answers.page import Header
from connectors.api.fields import text_of
from connectors.api.source import ApiSource
from connectors.interface import Json
from data.model import (
    GapReason,
    LineageEdge,
    Model,
    ModelEvent,
    ModelEventKind,
    ModelVersion,
    NodeKind,
    Record,
)


def rows_of(api: ApiSource, header: Header, change: Json) -> Iterator[Record]:
    """The rows of a change."""
    now = change["after"] or change["before"]
    collection, artifact = now["artifactCollection"], now["artifact"]
    model, index = text_of(collection, "name"), now["versionIndex"]
    if not isinstance(index, int):
        raise TypeError(f"versionIndex is {index!r}")
    version = f"v{index}"
    is_gone = change["after"] is None
    lineage = change["lineage"] or {}
    yield Model(
        id=api.row_id("model", text_of(collection, "id")),
        source=api.source,
        name=model,
        description=collection.get("description"),
        created_at=moment_or_none(collection.get("createdAt")),
    )
    yield ModelVersion(
        id=api.row_id("version", change["id"]),
        source=api.source,
        model=model,
        version=version,
        number=index,
        created_at=moment(artifact["createdAt"]),
        run=_run_id(api, lineage.get("createdBy")),
        status=artifact.get("state"),
        description=artifact.get("description"),
        gone_after_at=moment_or_none(header["after_at"]) if is_gone else None,
        gone_before_at=moment(header["before_at"]) if is_gone else None,
    )
    yield from _events(api, header, change, model, version)
    yield from _edges(api, change, f"{model}@{version}")


def _events(
    api: ApiSource, header: Header, change: Json, model: str, version: str
) -> Iterator[Record]:
    between = (moment_or_none(header["after_at"]), moment(header["before_at"]))

    def event(kind: ModelEventKind, name: str | None, value: str | None, was: str | None) -> Record:
        key = (kind.value, change["id"], name or "", header["before_at"])
        return ModelEvent(
            id=api.row_id("event", *key),
            source=api.source,
            model=model,
            version=version if value or kind is not ModelEventKind.ALIAS else None,
            kind=kind.value,
            name=name,
            value=value,
            previous=was,
            occurred_after_at=between[0],
            occurred_before_at=between[1],
        )

    if change["before"] is None:
        at = moment(change["after"]["artifact"]["createdAt"])
        yield ModelEvent(
            id=api.row_id("event", "created", change["id"]),
            source=api.source,
            model=model,
            version=version,
            kind=ModelEventKind.CREATED.value,
            name=None,
            value=None,
            previous=None,
            occurred_after_at=at,
            occurred_before_at=at,
        )
    if change["after"] is None:
        yield event(ModelEventKind.DELETED, None, None, None)
    had, has = change["had"], change["has"]
    for alias in sorted(set(had) | set(has)):
        if has[alias] == version and had[alias] != version:
            yield event(ModelEventKind.ALIAS, alias, version, had[alias])
        elif had[alias] == version and has[alias] is None:
            yield event(ModelEventKind.ALIAS, alias, None, version)


def _edges(api: ApiSource, change: Json, name: str) -> Iterator[Record]:
    """Which run made a version, and which used it."""
    lineage = change["lineage"]
    if lineage is None:
        if change["before"] is None:
            what = f"what made and used {name} could not be read"
            fix = "let the key see the projects of its runs"
            yield api.gap(f"lineage/{change['id']}", GapReason.NO_PERMISSION, what, fix, 1)
        return
    maker = _run_id(api, lineage.get("createdBy"))
    users = [edge["node"] for edge in (lineage.get("usedBy") or {}).get("edges") or []]
    ends = [(maker, name, NodeKind.RUN, NodeKind.MODEL_VERSION)] if maker else []
    used = [run for each in users if (run := _run_id(api, each))]
    ends += [(name, run, NodeKind.MODEL_VERSION, NodeKind.RUN) for run in used]
    for source, target, source_kind, target_kind in ends:
        yield LineageEdge(
            id=api.row_id("lineage", source, "to", target),
            source=api.source,
            from_kind=source_kind.value,
            from_name=source,
            to_kind=target_kind.value,
            to_name=target,
            run=maker if target == name else target,
        )


def _run_id(api: ApiSource, run: Json) -> str | None:
    """The id of the row of a run, if it is told."""
    if not run or not run.get("name") or not (run.get("project") or {}).get("name"):
        return None
    return api.row_id("run", run["project"]["name"], run["name"])

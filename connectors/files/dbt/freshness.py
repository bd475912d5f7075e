"""`sources.json`: how old the data was that dbt reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.files.dbt.nodes import node_name, project_of, version_gap
from connectors.files.file import File
from connectors.files.naming import Naming
from connectors.files.page import Meaning
from connectors.files.said import (
    UNREADABLE,
    count_or_none,
    entries,
    json_of,
    mapping,
    moment,
    moment_or_none,
    number_or_none,
    text,
    text_or_none,
)
from connectors.interface import Json
from data.model import CheckKind, CheckState, DataCheck, Record

_STATES = {
    "pass": CheckState.PASS,
    "warn": CheckState.WARN,
    "error": CheckState.FAIL,  # the data is too old; that nobody could look is `runtime error`
    "runtime error": CheckState.ERROR,
}
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}


def freshness_rows(naming: Naming, meaning: Meaning, files: Sequence[File]) -> Iterator[Record]:  # noqa: ARG001
    """One check for each source of each file."""
    for file in files:
        try:
            yield from _rows(naming, mapping(json_of(file.data)))
        except UNREADABLE as error:
            yield naming.misread(file.path, error, naming.id("sources", file.path))


@dataclass(frozen=True, slots=True)
class _Invocation:
    naming: Naming
    id: str
    pipeline: str
    generated_at: datetime


def _rows(naming: Naming, told: Mapping[str, Json]) -> Iterator[Record]:
    metadata = mapping(told["metadata"])
    yield from version_gap(naming, metadata, "sources")
    results = [(_key(each, number), each) for number, each in enumerate(entries(told["results"]))]
    run = _Invocation(
        naming=naming,
        id=text(metadata["invocation_id"]),
        pipeline=f"{project_of(None, [key for key, _ in results])} freshness",
        generated_at=moment(metadata["generated_at"]),
    )
    yield from naming.each(
        f"freshness/{run.id}", results, lambda key, each: [_check(run, key, each)]
    )


def _key(told: Json, number: int) -> str:
    unique_id = told.get("unique_id") if isinstance(told, Mapping) else None
    return unique_id if isinstance(unique_id, str) and unique_id else f"result-{number}"


def _check(run: _Invocation, key: str, told: Mapping[str, Json]) -> DataCheck:
    state = _STATES[text(told["status"])]
    is_measured = state is not CheckState.ERROR
    return DataCheck(
        id=run.naming.id("freshness", run.id, key),
        source=run.naming.source,
        dataset=node_name(text(told["unique_id"])),
        name="freshness",
        kind=CheckKind.FRESHNESS.value,
        state=state.value,
        checked_at=moment_or_none(told.get("snapshotted_at")) or run.generated_at,
        invocation=run.id,
        pipeline=run.pipeline,
        value=number_or_none(told["max_loaded_at_time_ago_in_s"]) if is_measured else None,
        threshold=_threshold(state, mapping(told.get("criteria") or {})),
        data_at=moment(told["max_loaded_at"]) if is_measured else None,
        message=text_or_none(told.get("error")),
    )


def _threshold(state: CheckState, criteria: Mapping[str, Json]) -> float | None:
    """Seconds of the limit that was passed, or else of the first there is."""
    limits = [_seconds(criteria.get(name)) for name in ("warn_after", "error_after")]
    if state is CheckState.FAIL:
        limits.reverse()
    return next((limit for limit in limits if limit is not None), None)


def _seconds(told: Json) -> float | None:
    limit = mapping(told or {})
    count = count_or_none(limit.get("count"))
    return None if count is None else float(count * _SECONDS[text(limit["period"])])

"""`run_results.json`: one invocation of dbt, its nodes and its tests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.files.dbt.nodes import DATASETS, node_name, project_of, resource_type, version_gap
from connectors.files.file import File
from connectors.files.naming import Naming
from connectors.files.page import Meaning
from connectors.files.said import (
    UNREADABLE,
    count_or_none,
    entries,
    first,
    json_of,
    mapping,
    moment,
    number_or_none,
    text,
    text_or_none,
)
from connectors.interface import Json
from data.model import (
    CheckKind,
    CheckState,
    DataCheck,
    Pipeline,
    PipelineKind,
    PipelineRun,
    Record,
    RunResult,
    TaskRun,
)

_TESTS = ("test", "unit_test")
_STATES = {
    "pass": CheckState.PASS,
    "success": CheckState.PASS,
    "fail": CheckState.FAIL,
    "warn": CheckState.WARN,
    "error": CheckState.ERROR,
    "runtime error": CheckState.ERROR,
    "skipped": CheckState.SKIPPED,
    "no-op": CheckState.SKIPPED,
}
_RESULTS = {
    "success": RunResult.SUCCESS,
    "pass": RunResult.SUCCESS,
    "warn": RunResult.SUCCESS,
    "error": RunResult.FAILURE,
    "fail": RunResult.FAILURE,
    "runtime error": RunResult.FAILURE,
    "partial success": RunResult.FAILURE,
    "skipped": RunResult.SKIPPED,
    "no-op": RunResult.SKIPPED,
}


@dataclass(frozen=True, slots=True)
class _Invocation:
    naming: Naming
    id: str
    pipeline: str
    finished_at: datetime
    nodes: Mapping[str, Json]
    """What the manifest says about the tests."""


def result_rows(naming: Naming, meaning: Meaning, files: Sequence[File]) -> Iterator[Record]:  # noqa: ARG001
    """The run, its tasks and its checks, of a file and of what its manifest says of its tests."""
    results, *beside = files
    manifest = mapping(json_of(beside[0].data)) if beside else {}
    try:
        yield from _rows(naming, mapping(json_of(results.data)), manifest)
    except UNREADABLE as error:
        yield naming.misread(results.path, error, naming.id("run", results.path))


def without_arguments(data: bytes, meaning: Meaning) -> bytes:  # noqa: ARG001
    """Results without what dbt was called with: variables may be secrets, paths are private.

    Raises:
        NotUnderstood: if it is no JSON.
    """
    told = json_of(data)
    if not isinstance(told, dict) or not isinstance(told.get("args"), dict):
        return data
    kept = {name: value for name, value in told["args"].items() if name == "which"}
    return json.dumps({**told, "args": kept}).encode()


def tests_in(results: bytes, manifest: bytes) -> bytes:
    """The project's name, and the nodes of those tests in a manifest that have a result."""
    try:
        told = entries(mapping(json_of(results))["results"])
        ran = {each.get("unique_id") for each in told if isinstance(each, Mapping)}
        known = mapping(json_of(manifest))
        nodes = {**mapping(known.get("nodes") or {}), **mapping(known.get("unit_tests") or {})}
        metadata = mapping(known.get("metadata") or {})
        tests = {
            each: node
            for each, node in nodes.items()
            if each in ran and resource_type(each) in _TESTS
        }
    except UNREADABLE:
        metadata, tests = {}, {}
    return json.dumps({"project": metadata.get("project_name"), "tests": tests}).encode()


def _rows(
    naming: Naming, told: Mapping[str, Json], manifest: Mapping[str, Json]
) -> Iterator[Record]:
    metadata = mapping(told["metadata"])
    yield from version_gap(naming, metadata, "run-results")
    results = entries(told["results"])
    keyed = [(_key(each, number), each) for number, each in enumerate(results)]
    project = project_of(text_or_none(manifest.get("project")), [key for key, _ in keyed])
    command = text_or_none(mapping(told.get("args") or {}).get("which"))
    run = _Invocation(
        naming=naming,
        id=text(metadata["invocation_id"]),
        # What one command made does not mend what another found.
        pipeline=f"{project} {command}" if command else project,
        finished_at=moment(metadata["generated_at"]),
        nodes=mapping(manifest.get("tests") or {}),
    )
    seconds = number_or_none(told.get("elapsed_time"))
    yield _pipeline(run)
    yield _run(run, seconds, [each for _, each in keyed])
    tests = [(key, each) for key, each in keyed if resource_type(key) in _TESTS]
    tasks = [(key, each) for key, each in keyed if resource_type(key) not in _TESTS]
    yield from naming.each(f"check/{run.id}", tests, lambda key, each: [_check(run, key, each)])
    yield from naming.each(f"task/{run.id}", tasks, lambda key, each: [_task(run, key, each)])


def _key(told: Json, number: int) -> str:
    unique_id = told.get("unique_id") if isinstance(told, Mapping) else None
    return unique_id if isinstance(unique_id, str) and unique_id else f"result-{number}"


def _pipeline(run: _Invocation) -> Pipeline:
    return Pipeline(
        id=run.naming.id("pipeline", run.pipeline),
        source=run.naming.source,
        repository=None,
        name=run.pipeline,
        path=None,
        is_active=None,
        kind=PipelineKind.DATA.value,
    )


def _run(run: _Invocation, seconds: float | None, results: Sequence[Json]) -> PipelineRun:
    started_at = None if seconds is None else run.finished_at - timedelta(seconds=seconds)
    return PipelineRun(
        id=run.naming.id("run", run.id),
        source=run.naming.source,
        repository=None,
        pipeline=run.pipeline,
        run=run.id,
        attempt=1,
        event=None,
        branch=None,
        sha=None,
        result=_overall(results).value,
        created_at=started_at or run.finished_at,
        started_at=started_at,
        finished_at=run.finished_at,
        triggered_by=None,
        parent=None,
        kind=PipelineKind.DATA.value,
    )


def _overall(results: Sequence[Json]) -> RunResult:
    """A failure if anything failed; skipped only if all was."""
    statuses = [each.get("status") for each in results if isinstance(each, Mapping)]
    found = [_RESULTS.get(status, RunResult.SUCCESS) for status in map(str, statuses)]
    if RunResult.FAILURE in found:
        return RunResult.FAILURE
    is_idle = bool(found) and set(found) == {RunResult.SKIPPED}
    return RunResult.SKIPPED if is_idle else RunResult.SUCCESS


def _task(run: _Invocation, key: str, told: Json) -> TaskRun:
    times = _times(told)
    return TaskRun(
        id=run.naming.id("task", run.id, key),
        source=run.naming.source,
        repository=None,
        pipeline=run.pipeline,
        run=run.id,
        attempt=1,
        name=node_name(text(told["unique_id"])),
        environment=None,
        result=_RESULTS[text(told["status"])].value,
        started_at=min(times, default=None),
        finished_at=max(times, default=None),
    )


def _check(run: _Invocation, key: str, told: Json) -> DataCheck:
    node = mapping(run.nodes.get(key) or {})
    tested = [*_attached(node), *_depends_on(node)]
    severity = text_or_none(mapping(node.get("config") or {}).get("severity"))
    return DataCheck(
        id=run.naming.id("check", run.id, key),
        source=run.naming.source,
        dataset=first(node_name(each) for each in tested),
        name=text_or_none(node.get("name")) or _test_name(text(told["unique_id"])),
        kind=CheckKind.TEST.value,
        state=_STATES[text(told["status"])].value,
        checked_at=max(_times(told), default=run.finished_at),
        invocation=run.id,
        pipeline=run.pipeline,
        feature=text_or_none(node.get("column_name")),
        severity=severity,
        failures=count_or_none(told["failures"]),
        message=text_or_none(told.get("message")),
    )


def _attached(node: Mapping[str, Json]) -> Iterator[str]:
    attached = text_or_none(node.get("attached_node"))
    if attached:
        yield attached


def _depends_on(node: Mapping[str, Json]) -> Iterator[str]:
    told = mapping(node.get("depends_on") or {}).get("nodes")
    yield from (each for each in map(text, entries(told or [])) if resource_type(each) in DATASETS)


def _test_name(unique_id: str) -> str:
    """`not_null_orders_id` of `test.shop.not_null_orders_id.84ef11d8fe`."""
    parts = node_name(unique_id).split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def _times(told: Json) -> list[datetime]:
    timing = [mapping(each) for each in entries(told.get("timing") or [])]
    said = [each.get(name) for each in timing for name in ("started_at", "completed_at")]
    return [moment(each) for each in said if each is not None]

"""A page of runs and their tasks, turned into rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from connectors.airflow.lists import digest
from connectors.airflow.naming import Naming, text, text_or_none
from connectors.answers.moment import moment, moment_or_none
from connectors.answers.page import Header
from connectors.answers.understanding import UNREADABLE
from connectors.credential import HIDDEN
from connectors.interface import Json
from data.model import Gap, GapReason, PipelineKind, PipelineRun, Record, RunResult, TaskRun

_RUN_RESULTS = {
    "success": RunResult.SUCCESS,
    "failed": RunResult.FAILURE,
    "running": RunResult.RUNNING,
    "queued": RunResult.RUNNING,
}
_WAITING = (
    None,
    "scheduled",
    "queued",
    "running",
    "restarting",
    "up_for_retry",
    "up_for_reschedule",
    "deferred",
    "awaiting_input",
)
_TASK_RESULTS: Mapping[str | None, RunResult] = {
    "success": RunResult.SUCCESS,
    "failed": RunResult.FAILURE,
    "skipped": RunResult.SKIPPED,
    "upstream_failed": RunResult.SKIPPED,
    "removed": RunResult.SKIPPED,
    **dict.fromkeys(_WAITING, RunResult.RUNNING),
}
_OPTIONAL = ("run_type", "data_interval_end", "queued_at", "start_date", "end_date", "dag_versions")
_BACKFILL = "backfill"
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class _Run(NamedTuple):
    """What names a run."""

    dag: str
    run: str


def run_rows(naming: Naming, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
    """Maps one page.

    Args:
        naming: names the rows.
        header: whether the tasks could be read, and which runs are gone.
        answers: a list of runs, then the lists of their tasks.
    """
    yield from (_gone(naming, *name) for name in header.get("gone", ()))
    runs = answers[0]["dag_runs"]
    tasks = [task for answer in answers[1:] for task in answer["task_instances"]]
    named = {_name(run) for run in runs}
    # The server is asked for DAGs and for runs, and answers for each with each.
    own = [task for task in tasks if _name(task) in named or _name(task) is None]
    retried = _retried(own, named, is_told=header["has_tasks"])
    for number, run in enumerate(runs):
        yield _run(naming, number, run, retried[_name(run)])
    for number, task in enumerate(own):
        yield _task(naming, number, task)
    first = next(filter(None, map(_name, runs)), None)
    if first:
        yield from naming.unknown_fields("runs", runs, _OPTIONAL, naming.row_id("run", *first))


def _gone(naming: Naming, dag: str, run: str) -> Gap:
    key = f"run/{dag}/{run}"
    what = f"{key} was deleted before it was read a last time: how it ended is not known"
    gap = naming.gap(f"{key}/gone", GapReason.NOT_FOUND, what, "sync more often", 1)
    return replace(gap, about=naming.row_id("run", dag, run))


def _name(item: Json) -> _Run | None:
    """What names the run of an item; null where the item does not say."""
    told = item if isinstance(item, dict) else {}
    dag, run = told.get("dag_id"), told.get("dag_run_id")
    return _Run(dag, run) if isinstance(dag, str) and isinstance(run, str) else None


def _retried(
    tasks: Sequence[Json], runs: Iterable[_Run | None], *, is_told: bool
) -> Mapping[_Run | None, int | None]:
    """Run to the number of its tasks that needed another try; null where that is not known."""
    tries = [(_name(task), _tries(task)) for task in tasks]
    if not is_told or any(name is None for name, _ in tries):
        return dict.fromkeys(runs)
    unknown = {name for name, told in tries if told is None}
    counted = Counter(name for name, told in tries if told is not None and told > 1)
    return {name: None if name in unknown else counted[name] for name in runs}


def _tries(task: Json) -> int | None:
    told = task.get("try_number") if isinstance(task, dict) else None
    return told if isinstance(told, int) else None


def _run(naming: Naming, number: int, item: Json, retried: int | None) -> Record:
    name = _name(item)
    try:
        return _pipeline_run(naming, item, retried)
    except UNREADABLE as error:
        if name is None:
            return naming.unreadable(f"runs/{_loose(item, number)}", error)
        return naming.unreadable("/".join(("run", *name)), error, naming.row_id("run", *name))


def _pipeline_run(naming: Naming, item: Json, retried: int | None) -> PipelineRun:
    dag, run = text(item, "dag_id"), text(item, "dag_run_id")
    result = _RUN_RESULTS[text(item, "state")]
    started_at = moment_or_none(item.get("start_date"))
    kind, bundle = text_or_none(item, "run_type"), text_or_none(item, "bundle_version")
    return PipelineRun(
        id=naming.row_id("run", dag, run),
        source=naming.source,
        url=naming.page("dags", dag, "runs", run),
        repository=None,
        pipeline=dag,
        run=run,
        attempt=1,
        event=kind,
        branch=None,
        sha=bundle if bundle and _COMMIT.fullmatch(bundle) else None,
        result=result.value,
        created_at=_asked_at(item),
        started_at=started_at,
        finished_at=_end(item, result),
        triggered_by=_account(item, "triggering_user_name"),
        parent=None,
        kind=PipelineKind.DATA.value,
        slot_at=moment_or_none(item.get("data_interval_end")),
        is_backfill=None if kind is None else kind == _BACKFILL,
        retried_tasks=retried,
        definition=bundle or _version(item),
    )


def _task(naming: Naming, number: int, item: Json) -> Record:
    try:
        return _task_run(naming, item)
    except UNREADABLE as error:
        name = _name(item)
        if name is None or not isinstance(item.get("task_id"), str):
            return naming.unreadable(f"tasks/{_loose(item, number)}", error)
        path = ("task", *name, item["task_id"])
        key = f"{'/'.join(path)}/{item.get('map_index')}"
        return naming.unreadable(key, error, naming.row_id(*path))


def _task_run(naming: Naming, item: Json) -> TaskRun:
    dag, run, task = text(item, "dag_id"), text(item, "dag_run_id"), text(item, "task_id")
    index, tries = item["map_index"], item["try_number"]
    result = _TASK_RESULTS[item["state"]]
    is_mapped = index >= 0
    return TaskRun(
        id=naming.row_id("task", dag, run, task, *([index] if is_mapped else [])),
        source=naming.source,
        url=naming.page(
            "dags", dag, "runs", run, "tasks", task, *(["mapped", str(index)] if is_mapped else [])
        ),
        repository=None,
        pipeline=dag,
        run=run,
        attempt=1,
        name=f"{task}[{index}]" if is_mapped else task,
        environment=None,
        result=result.value,
        started_at=moment_or_none(item.get("start_date")),
        finished_at=_end(item, result),
        tries=tries,
    )


def _asked_at(item: Json) -> datetime:
    """When the run was made; a run that is cleared is asked for again."""
    told = (moment_or_none(item.get(name)) for name in ("queued_at", "start_date"))
    return next(filter(None, told), None) or moment(item["run_after"])


def _end(item: Json, result: RunResult) -> datetime | None:
    """When it ended; a task that waits for another try tells when the last one did."""
    return None if result is RunResult.RUNNING else moment_or_none(item.get("end_date"))


def _account(item: Json, name: str) -> str | None:
    told = text_or_none(item, name)
    return None if told is None or HIDDEN in told else told


def _version(item: Json) -> str | None:
    """The newest version of the DAG that a task of the run ran with."""
    numbers = [int(version["version_number"]) for version in item.get("dag_versions") or ()]
    return f"v{max(numbers)}" if numbers else None


def _loose(item: Json, number: int) -> str:
    """What a thing without a name is known by."""
    return f"{number}-{digest(item)}"

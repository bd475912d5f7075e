"""OpenLineage: runs of data pipelines, what they read and write, and checks on it.

https://openlineage.io/spec/2-0-2/OpenLineage.json
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from connectors.events.fields import Misfit, found, items, needed, needed_time, text, time
from connectors.events.formats.interface import Event, Format, Headers, Scheme
from connectors.events.row import row_of
from connectors.events.told import Told
from connectors.interface import Json
from data.model import (
    CheckKind,
    CheckState,
    NodeKind,
    PipelineKind,
    Record,
    RunResult,
)

_ENDS = {
    "COMPLETE": RunResult.SUCCESS,
    "FAIL": RunResult.FAILURE,
    "ABORT": RunResult.CANCELLED,
}
_BEGINS = ("START", "RUNNING")
_TASKS = frozenset({"TASK", "MODEL", "QUERY", "COMMAND", "SQL_JOB", "RDD_JOB"})
"""Types of jobs that are a part of the run that is their parent."""
_RUN = "run"


class OpenLineage(Format):
    """Events of runs, jobs and datasets."""

    name: ClassVar[str] = "openlineage"
    schemes: ClassVar[tuple[Scheme, ...]] = (Scheme.BEARER,)
    entities: ClassVar[tuple[str, ...]] = (
        "pipeline", "pipeline_run", "task_run", "dataset", "lineage_edge", "data_check",
    )  # fmt: skip

    def event_id(self, headers: Headers, body: Json) -> str:  # noqa: ARG002
        """Run, type and time; of events without a run, what they are about and when."""
        at = needed(body, "eventTime")
        run = _run_id(body)
        if run is not None:
            return "/".join((run, text(body, "eventType") or "OTHER", at))
        about = "job" if found(body, "job") is not None else "dataset"
        return "/".join((needed(body, f"{about}.namespace"), needed(body, f"{about}.name"), at))

    def occurred_at(self, body: Json) -> str | None:
        """Its `eventTime`."""
        return needed_time(body, "eventTime")

    def tell(self, prefix: str, event: Event) -> Iterator[Told]:
        """Its job, run, datasets, the edges between them, and checks."""
        body, at = event.body, needed_time(event.body, "eventTime")
        if found(body, "job") is None:
            yield self._dataset(prefix, found(body, "dataset"), at)
            return
        job = _name(body["job"])
        yield self._pipeline(prefix, job, body, at)
        number = _run_id(body)
        run = f"{prefix}run/{number}" if number else None
        if run:
            yield self._run(run, job, body, at)
        for way in ("inputs", "outputs"):
            for dataset in items(body, way):
                yield self._dataset(prefix, dataset, at)
                yield self._edge(prefix, job, run, dataset, at, is_read=way == "inputs")
                yield from self._checks(f"{prefix}check/{number or at}", job, dataset, at)

    def row(self, kind: str, id: str, source: str, facts: Mapping[str, Json]) -> Record | None:
        """A run is a task of its parent where its type says so."""
        if kind != _RUN:
            return super().row(kind, id, source, facts)
        began = facts.get("started_at")
        known = {**facts, "created_at": began or facts.get("finished_at") or facts.get("told_at")}
        if facts.get("type") in _TASKS and facts.get("parent_run"):
            part = {"pipeline": facts.get("parent_job"), "run": facts["parent_run"]}
            return row_of("task_run", id, source, {**known, **part, "name": facts["pipeline"]})
        if facts.get("parent_run"):
            known["parent"] = id.removesuffix(facts["run"]) + facts["parent_run"]
        return row_of("pipeline_run", id, source, known)

    def _run(self, id: str, job: str, body: Json, at: str) -> Told:
        told = text(body, "eventType") or "OTHER"
        facts: dict[str, Any] = {
            "pipeline": job,
            "run": needed(body, "run.runId"),
            "attempt": 1,
            "kind": PipelineKind.DATA.value,
            "told_at": at,
            **_told(
                parent_run=text(body, "run.facets.parent.run.runId"),
                parent_job=_parent(body),
                type=text(body, "job.facets.jobType.jobType"),
                slot_at=time(body, "run.facets.nominalTime.nominalEndTime"),
                definition=text(body, "job.facets.sourceCodeLocation.version"),
                branch=text(body, "job.facets.sourceCodeLocation.branch"),
            ),
        }
        if told in _ENDS:
            ended = {"result": _ENDS[told].value, "finished_at": at}
            return Told(_RUN, id, at, {**facts, **ended}, rank=2)
        if told not in _BEGINS and told != "OTHER":
            raise Misfit(f"`eventType` is {told[:40]!r}, which is none of OpenLineage")
        first = {"started_at": at} if told == "START" else {}
        # What is told of a run in no order must not open again what has ended.
        result = {"result": RunResult.RUNNING.value} if told in _BEGINS else {}
        return Told(_RUN, id, at, {**facts, **result}, first, rank=1)

    def _pipeline(self, prefix: str, job: str, body: Json, at: str) -> Told:
        facts = {
            "name": job,
            "kind": PipelineKind.DATA.value,
            **_told(
                owner=_owner(body["job"]),
                path=text(body, "job.facets.sourceCodeLocation.path"),
                url=text(body, "job.facets.sourceCodeLocation.url"),
            ),
        }
        return Told("pipeline", f"{prefix}pipeline/{job}", at, facts)

    def _dataset(self, prefix: str, dataset: Json, at: str) -> Told:
        name = _name(dataset)
        facts = _told(
            name=name,
            kind=text(dataset, "facets.datasetType.datasetType"),
            owner=_owner(dataset),
            description=text(dataset, "facets.documentation.description"),
        )
        return Told("dataset", f"{prefix}dataset/{name}", at, facts)

    def _edge(
        self, prefix: str, job: str, run: str | None, dataset: Json, at: str, *, is_read: bool
    ) -> Told:
        ends = [(NodeKind.DATASET.value, _name(dataset)), (NodeKind.PIPELINE.value, job)]
        (from_kind, from_name), (to_kind, to_name) = ends if is_read else reversed(ends)
        facts = {
            "from_kind": from_kind,
            "from_name": from_name,
            "to_kind": to_kind,
            "to_name": to_name,
            "from_digest": text(dataset, "facets.version.datasetVersion") if is_read else None,
            "run": run,
            "seen_at": at,
        }
        return Told("lineage_edge", f"{prefix}edge/{from_name}>{to_name}", at, facts)

    def _checks(self, prefix: str, job: str, dataset: Json, at: str) -> Iterator[Told]:
        name = _name(dataset)
        for facets in ("facets", "inputFacets", "outputFacets"):
            for check in items(dataset, f"{facets}.dataQualityAssertions.assertions"):
                what, column = needed(check, "assertion"), text(check, "column")
                severity = text(check, "severity")
                facts = {
                    "dataset": name,
                    "name": what,
                    "kind": CheckKind.TEST.value,
                    "state": _state(found(check, "success"), severity).value,
                    "checked_at": at,
                    "invocation": prefix.rpartition("/")[2],
                    "pipeline": job,
                    "feature": column,
                    "severity": severity,
                }
                yield Told("data_check", f"{prefix}/{name}/{column or ''}/{what}", at, facts)


def _run_id(body: Json) -> str | None:
    """Which run it is of; null for an event that is of a job or a dataset alone."""
    if found(body, "run") is None and text(body, "eventType") is None:
        return None
    return needed(body, "run.runId")


def _name(node: Json) -> str:
    """Namespace and name: neither says which one it is without the other."""
    return f"{needed(node, 'namespace')}/{needed(node, 'name')}"


def _parent(body: Json) -> str | None:
    job = found(body, "run.facets.parent.job")
    return _name(job) if job else None


def _owner(node: Json) -> str | None:
    owners = items(node, "facets.ownership.owners")
    return text(owners[0], "name") if owners else None


def _state(is_success: Json, severity: str | None) -> CheckState:
    if not isinstance(is_success, bool):
        raise Misfit("`success` of an assertion is neither true nor false")
    if is_success:
        return CheckState.PASS
    return CheckState.WARN if (severity or "").lower() in ("warn", "warning") else CheckState.FAIL


def _told(**facts: Json) -> dict[str, Json]:
    """Those that are told: events of one run repeat only in part what they said before."""
    return {name: value for name, value in facts.items() if value is not None}

"""Turns a page of pipelines into runs, jobs and the deployments that rules see in them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from connectors.answers.moment import moment, moment_or_none
from connectors.answers.page import Header
from connectors.answers.understanding import UNREADABLE
from connectors.gitlab.api.items import key_of
from connectors.gitlab.api.question import nodes
from connectors.gitlab.asking import Asking, account, number_of
from connectors.gitlab.pipelines.pipeline_list import CHILD
from connectors.hosting.deployment_rule import DeploymentRule, DeploymentSource
from connectors.interface import Json
from data.model import Deployment, DeploymentStatus, PipelineRun, Record, RunResult, TaskRun

_RESULTS = {
    "SUCCESS": RunResult.SUCCESS,
    "FAILED": RunResult.FAILURE,
    "CANCELED": RunResult.CANCELLED,
    "CANCELING": RunResult.CANCELLED,
    "SKIPPED": RunResult.SKIPPED,
}
"""Whatever else is said has not ended."""
_STATUSES = {
    RunResult.SUCCESS: DeploymentStatus.SUCCESS,
    RunResult.FAILURE: DeploymentStatus.FAILED,
    RunResult.CANCELLED: DeploymentStatus.CANCELLED,
    RunResult.SKIPPED: DeploymentStatus.CANCELLED,
    RunResult.RUNNING: DeploymentStatus.RUNNING,
}
_OF_A_REQUEST = re.compile(r"refs/merge-requests/\d+/\w+")
_FILE = ".gitlab-ci.yml"


def pipeline_rows(
    asking: Asking, header: Header, pipelines: Sequence[Json], jobs: Sequence[Json]
) -> Iterator[Record]:
    """Rows of a page; what of it cannot be read is a gap, and the rest stands.

    Args:
        asking: the source.
        header: that of the page.
        pipelines: as the GraphQL API tells them.
        jobs: as the REST API tells them, of pipelines that have more than fit.
    """
    project = header["repository"]
    more: dict[str, list[Json]] = defaultdict(list)
    for job in jobs:
        more[str(job["pipeline"]["id"])].append(_as_node(job))
    for node in pipelines:
        try:
            pipeline = _Pipeline(asking, project, node, header["projects"])
            rows = list(pipeline.rows())
        except UNREADABLE as error:
            yield asking.unreadable(project, f"run/{number_of(key_of(node))}", error)
            continue
        yield from rows
        for job, rank in _ranked([*nodes(node.get("jobs")), *more[pipeline.number]]):
            try:
                yield from list(pipeline.job_rows(job, rank))
            except UNREADABLE as error:
                yield asking.unreadable(project, f"job/{number_of(key_of(job))}", error)


class _Pipeline:
    """One pipeline. A retry keeps its number and its beginning: there is one attempt of it."""

    def __init__(
        self, asking: Asking, project: str, node: Json, projects: Mapping[str, str]
    ) -> None:
        self._asking = asking
        self._project = project
        self._node = node
        self._projects = projects
        self.number = number_of(node["id"])
        self._ref: str | None = node["ref"]
        self._name: str = node.get("name") or _name_of(self._ref)
        self._result = _RESULTS.get(node["status"], RunResult.RUNNING)

    def rows(self) -> Iterator[Record]:
        """The run, and the deployment it is; one that another started is part of that one."""
        node = self._node
        yield PipelineRun(
            id=self._id,
            source=self._asking.source,
            url=self._asking.page(self._project, f"pipelines/{self.number}"),
            repository=self._project,
            pipeline=self._name,
            run=self.number,
            attempt=1,
            event=node["source"],
            branch=self._ref,
            sha=node["sha"],
            result=self._result.value,
            created_at=moment(node["createdAt"]),
            started_at=moment_or_none(node["startedAt"]),
            finished_at=self._ended(node, self._result),
            triggered_by=account(node["user"]),
            parent=self._parent(),
        )
        if node["source"] != CHILD:
            rules = self._rules(DeploymentSource.RUNS)
            yield from self._deployment(rules, self._name, node, self._result, 1, self._id)

    def job_rows(self, job: Json, rank: int) -> Iterator[Record]:
        """One job, and the deployment it is; one that did not begin deploys nothing.

        A job that starts another pipeline is none: what runs there counts.
        """
        if job.get("kind") == "BRIDGE":
            return
        key = number_of(str(job["id"]))
        row = self._asking.row_id(self._project, "job", key)
        result = _RESULTS.get(job["status"], RunResult.RUNNING)
        if job["status"] == "MANUAL":
            result = RunResult.SKIPPED
        rules = self._rules(DeploymentSource.JOBS)
        if not rules:
            return
        yield TaskRun(
            id=row,
            source=self._asking.source,
            url=self._asking.page(self._project, f"jobs/{key}"),
            repository=self._project,
            pipeline=self._name,
            run=self.number,
            attempt=rank,
            name=job["name"],
            environment=None,
            result=result.value,
            started_at=moment_or_none(job["startedAt"]),
            finished_at=self._ended(job, result),
        )
        if job["startedAt"]:
            yield from self._deployment(rules, job["name"], job, result, rank, row)

    def _deployment(
        self,
        rules: Sequence[DeploymentRule],
        name: str,
        node: Json,
        result: RunResult,
        attempt: int,
        row: str,
    ) -> Iterator[Deployment]:
        """What the first rule that fits reads in the name of a run or job."""
        named = next((found for rule in rules if (found := rule.read(name))), None)
        if named is None:
            return
        service, sha = named.service or self._project, self._node["sha"]
        started_at = moment(node.get("startedAt") or node["createdAt"])
        yield Deployment(
            id=row,
            source=self._asking.source,
            url=self._asking.page(self._project, f"pipelines/{self.number}"),
            service=service,
            environment=named.environment,
            repository=self._project,
            sha=sha,
            version=None,
            status=_STATUSES[result].value,
            started_at=started_at,
            deployed_at=self._ended(node, result) or started_at,
            run=self._asking.row_id(self._project, "run", self.number),
            attempt=attempt,
            title=f"{service} {(sha or '')[:7]}".strip(),
            triggered_by=account(self._node["user"]),
        )

    @property
    def _id(self) -> str:
        return self._asking.row_id(self._project, "run", self.number, 1)

    def _rules(self, source: DeploymentSource) -> Sequence[DeploymentRule]:
        rules = self._asking.rules.of(self._project, source)
        return [rule for rule in rules if rule.is_about(self._ref, self._name, _FILE)]

    def _parent(self) -> str | None:
        """The row of the run that started it; of a project that is not read, by its number."""
        upstream = self._node.get("upstream")
        if not upstream:
            return None
        key = number_of(upstream["project"]["id"]) if upstream.get("project") else None
        is_child = self._node["source"] == CHILD
        project = self._project if is_child else self._projects.get(key or "", key or "unknown")
        return self._asking.row_id(project, "run", number_of(upstream["id"]), 1)

    @staticmethod
    def _ended(node: Json, result: RunResult) -> datetime | None:
        has_ended = result is not RunResult.RUNNING
        return moment_or_none(node["finishedAt"]) if has_ended else None


def _name_of(ref: str | None) -> str:
    """Pipelines without a name of their own are told by their branch; merge requests have none."""
    return "merge requests" if ref and _OF_A_REQUEST.fullmatch(ref) else ref or "unknown"


def _ranked(jobs: Sequence[Json]) -> Iterator[tuple[Json, int]]:
    """Each job once, and which of those of its name in the pipeline it is: a retry is a new job."""
    by_key: dict[int, Json] = {}
    for job in jobs:
        try:
            by_key[int(number_of(str(job["id"])))] = job
        except UNREADABLE:
            by_key[-len(by_key) - 1] = job
    ranks: dict[Json, int] = defaultdict(int)
    for _, job in sorted(by_key.items(), key=lambda pair: pair[0]):
        ranks[str(job.get("name"))] += 1
        yield job, ranks[str(job.get("name"))]


def _as_node(job: Json) -> Json:
    """A job of the REST API as the other API tells one."""
    return {
        "id": str(job["id"]),
        "name": job["name"],
        "status": job["status"].upper(),
        "kind": "BUILD",
        "createdAt": job["created_at"],
        "startedAt": job["started_at"],
        "finishedAt": job["finished_at"],
    }

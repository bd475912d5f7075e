"""One attempt of a workflow run: what it was, what it ran, and what it deployed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from connectors.answers.moment import moment, moment_or_none
from connectors.github.asking import Asking, row_id
from connectors.github.pipelines.run_details import is_about, number_of, workflow_names
from connectors.hosting.deployment_rule import DeploymentSource, Named
from connectors.interface import Json
from data.model import Deployment, DeploymentStatus, PipelineRun, Record, RunResult, TaskRun

_ENDS: Mapping[str, tuple[RunResult, DeploymentStatus]] = {
    "success": (RunResult.SUCCESS, DeploymentStatus.SUCCESS),
    "failure": (RunResult.FAILURE, DeploymentStatus.FAILED),
    "timed_out": (RunResult.FAILURE, DeploymentStatus.FAILED),
    "startup_failure": (RunResult.FAILURE, DeploymentStatus.FAILED),
    "action_required": (RunResult.FAILURE, DeploymentStatus.FAILED),
    "cancelled": (RunResult.CANCELLED, DeploymentStatus.CANCELLED),
    "stale": (RunResult.CANCELLED, DeploymentStatus.CANCELLED),
    "skipped": (RunResult.SKIPPED, DeploymentStatus.CANCELLED),
    "neutral": (RunResult.SKIPPED, DeploymentStatus.CANCELLED),
}


class Attempt:
    """An attempt as GitHub tells it.

    Raises:
        KeyError, TypeError, ValueError: if it does not tell what it must.
    """

    def __init__(self, asking: Asking, repository: str, run: Json) -> None:
        self._asking = asking
        self._repository = repository
        self._run = run
        self._key = str(run["id"])
        self.number = number_of(run) or int(run["run_attempt"])
        self._url = asking.page(repository, f"actions/runs/{self._key}/attempts/{self.number}")
        self._result, self._status = _end(run)
        self._created_at = moment(run["created_at"])
        self._changed_at = moment(run["updated_at"])
        self._started_at = moment_or_none(run.get("run_started_at"))
        # Servers of old name the first one only; deleted accounts are null.
        actor = run.get("triggering_actor", run.get("actor"))
        self._actor = actor["login"] if actor else None
        self._pipeline = next(iter(workflow_names(run)), None) or f"workflow {run['workflow_id']}"

    def rows(self) -> Sequence[Record]:
        """The attempt, and what it deploys where runs are deployments."""
        is_over = self._result is not RunResult.RUNNING
        attempt = PipelineRun(
            id=row_id(self._repository, "run", self._key, self.number),
            source=self._asking.source,
            url=self._url,
            repository=self._repository,
            pipeline=self._pipeline,
            run=self._key,
            attempt=self.number,
            event=self._run["event"],
            branch=self._run["head_branch"],
            sha=self._run["head_sha"],
            result=self._result.value,
            created_at=self._created_at,
            started_at=self._started_at,
            finished_at=self._changed_at if is_over else None,
            triggered_by=self._actor,
            parent=None,
        )
        titles = (self._run.get("display_title"), self._run.get("name"))
        named = self._named(DeploymentSource.RUNS, *titles)
        if named is None:
            return [attempt]
        began_at = self._started_at or self._created_at
        key = ("run", self._key, self.number)
        return [
            attempt,
            self._deployment(key, self._url, named, self._status, began_at, self._changed_at),
        ]

    def job_rows(self, job: Json) -> Sequence[Record]:
        """A job of the attempt, and what it deploys; none if an earlier attempt ran it."""
        result, status = _end(job)
        started_at = moment_or_none(job["started_at"])
        ended_at = moment_or_none(job["completed_at"])
        if self._is_carried_over(job, ended_at):
            return []
        named = self._named(DeploymentSource.JOBS, job["name"])
        if result is RunResult.SKIPPED or job["status"] not in {"in_progress", "completed"}:
            started_at = None  # what is told is when it was queued
        task = TaskRun(
            id=row_id(self._repository, "job", job["id"]),
            source=self._asking.source,
            url=job.get("html_url"),
            repository=self._repository,
            pipeline=self._pipeline,
            run=self._key,
            attempt=self.number,
            name=job["name"],
            environment=self._asking.environment(named.environment) if named else None,
            result=result.value,
            started_at=started_at,
            finished_at=None if result is RunResult.RUNNING else ended_at,
        )
        if named is None or result is RunResult.SKIPPED:
            return [task]
        at = ended_at or started_at or self._changed_at
        key = ("job", job["id"])
        return [task, self._deployment(key, job.get("html_url"), named, status, started_at, at)]

    def _deployment(
        self,
        key: tuple[str | int, ...],
        url: str | None,
        named: Named,
        status: DeploymentStatus,
        started_at: datetime | None,
        deployed_at: datetime,
    ) -> Deployment:
        service, sha = named.service or self._repository, self._run["head_sha"]
        return Deployment(
            id=row_id(self._repository, *key),
            source=self._asking.source,
            url=url,
            service=service,
            environment=self._asking.environment(named.environment),
            repository=self._repository,
            sha=sha,
            # What a release starts runs for its tag.
            version=self._run["head_branch"] if self._run["event"] == "release" else None,
            status=status.value,
            started_at=started_at,
            deployed_at=deployed_at,
            run=row_id(self._repository, "run", self._key),
            attempt=self.number,
            title=f"{service} {sha[:7]}",
            triggered_by=self._actor,
        )

    def _named(self, source: DeploymentSource, *names: str | None) -> Named | None:
        """What the first rule that fits reads in the first name that fits it."""
        for rule in self._asking.rules.of(self._repository, source):
            if is_about([rule], self._run):
                found = next(filter(None, (rule.read(name) for name in names if name)), None)
                if found:
                    return found
        return None

    def _is_carried_over(self, job: Json, ended_at: datetime | None) -> bool:
        """Whether it ran earlier: an attempt of the failed jobs alone lists the others as well."""
        is_earlier = job.get("run_attempt", self.number) != self.number
        return is_earlier or bool(ended_at and self._started_at and ended_at < self._started_at)


def _end(told: Json) -> tuple[RunResult, DeploymentStatus]:
    """How a run or a job ended."""
    conclusion = told["conclusion"]
    if told["status"] != "completed" or conclusion is None:
        return RunResult.RUNNING, DeploymentStatus.RUNNING
    return _ENDS[conclusion]

"""Rows of the builds of a job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from connectors.answers.page import Header
from connectors.api.source import ApiSource
from connectors.interface import Json
from connectors.jenkins.settings import Settings
from data.model import (
    Deployment,
    DeploymentStatus,
    Gap,
    GapReason,
    PipelineRun,
    Record,
    RunResult,
)

_RESULTS = {
    "SUCCESS": RunResult.SUCCESS,
    # Tests failed, though everything could be built.
    "UNSTABLE": RunResult.FAILURE,
    "FAILURE": RunResult.FAILURE,
    "NOT_BUILT": RunResult.SKIPPED,
    "ABORTED": RunResult.CANCELLED,
}
_STATUSES = {
    RunResult.SUCCESS: DeploymentStatus.SUCCESS,
    RunResult.FAILURE: DeploymentStatus.FAILED,
    RunResult.CANCELLED: DeploymentStatus.CANCELLED,
    RunResult.RUNNING: DeploymentStatus.RUNNING,
}
_EVENTS = {
    "TimerTriggerCause": "schedule",
    "SCMTriggerCause": "push",
    "BranchEventCause": "push",
    "BranchIndexingCause": "push",
    "UserIdCause": "manual",
    "UpstreamCause": "upstream",
    "ReplayCause": "replay",
}
"""What started a build, by the last part of the class of its cause."""


def rows_of(api: ApiSource, settings: Settings, header: Header, build: Json) -> Iterator[Record]:
    """A run, and a deployment where a rule says that the job deploys."""
    run = _run(api, settings, header, build)
    yield run
    deployed = settings.deployed(header["pipeline"], header["branch"])
    status = _STATUSES.get(RunResult(run.result))
    if deployed is None or status is None:
        return
    yield Deployment(
        id=api.row_id("deployment", header["job"], run.run),
        source=api.source,
        url=run.url,
        service=deployed.service,
        environment=deployed.environment,
        repository=run.repository,
        sha=run.sha,
        version=None,
        status=status.value,
        started_at=run.started_at,
        deployed_at=run.finished_at or run.created_at,
        run=run.id,
        attempt=1,
        title=f"{deployed.service} #{run.run}",
        triggered_by=run.triggered_by,
    )


def _run(api: ApiSource, settings: Settings, header: Header, build: Json) -> PipelineRun:
    number = build["number"]
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError(f"number is {number!r}")
    began_at = _moment(build["timestamp"])
    is_running = build.get("building") is True or build.get("result") is None
    actions = [action for action in build.get("actions") or [] if isinstance(action, dict)]
    causes = [cause for action in actions for cause in action.get("causes") or []]
    repository, sha, branch = _code(settings, actions)
    return PipelineRun(
        id=api.row_id("run", header["job"], number),
        source=api.source,
        url=build.get("url"),
        repository=repository,
        pipeline=header["pipeline"],
        run=str(number),
        attempt=1,
        event=_event(causes),
        branch=header["branch"] or branch,
        sha=sha,
        result=(RunResult.RUNNING if is_running else _RESULTS[build["result"]]).value,
        created_at=began_at,
        started_at=began_at,
        finished_at=None if is_running else began_at + _span(build["duration"]),
        triggered_by=next(filter(None, (cause.get("userId") for cause in causes)), None),
        parent=_parent(api, causes),
    )


def _event(causes: Sequence[Json]) -> str | None:
    names = (str(cause.get("_class") or "") for cause in causes)
    short = (name.replace("$", ".").rpartition(".")[2] for name in names)
    return next((_EVENTS.get(name, name) for name in short if name), None)


def _parent(api: ApiSource, causes: Sequence[Json]) -> str | None:
    for cause in causes:
        if cause.get("upstreamProject") and cause.get("upstreamBuild"):
            return api.row_id("run", cause["upstreamProject"], cause["upstreamBuild"])
    return None


def _code(settings: Settings, actions: Sequence[Json]) -> tuple[str | None, str | None, str | None]:
    """Repository, commit and branch; nothing where several repositories are built from."""
    found: dict[str, Mapping[str, Json]] = {}
    for action in actions:
        revision = action.get("lastBuiltRevision")
        for url in (action.get("remoteUrls") or [])[:1] if revision else []:
            repository = _repository(url)
            if not settings.is_library(repository):
                found[repository] = revision
    if len(found) != 1:
        return None, None, None
    ((repository, revision),) = found.items()
    branches = [branch.get("name") for branch in revision.get("branch") or []]
    named = next(filter(None, branches), None)
    is_detached = named in (None, "detached")
    branch = (
        None if is_detached else str(named).removeprefix("refs/remotes/").removeprefix("origin/")
    )
    return repository, revision.get("SHA1"), branch


def _repository(url: str) -> str:
    """The last two parts of an address: `acme/web`."""
    return "/".join(url.rstrip("/").removesuffix(".git").replace(":", "/").split("/")[-2:])


def discarded(api: ApiSource, header: Header, builds: Sequence[Json]) -> Iterator[Gap]:
    """The numbers that are missing between those of a page, and up to those that are known."""
    numbers = [build["number"] for build in builds if isinstance(build.get("number"), int)]
    for number in header["lost"]:
        what = f"{header['job']}: #{number} ran when it was read, and was discarded since"
        fix = "nothing: how it ended is not known any more"
        yield api.gap(f"{header['job']}/{number}", GapReason.NOT_FOUND, what, fix, 1)
    if header["is_listed"] is False:
        return
    ends = [header["known"]] if header["known"] is not None else []
    above = [header["above"]] if header["above"] is not None else []
    whole = sorted({*ends, *numbers, *above})
    holes = [(low + 1, high) for low, high in pairwise(whole) if high - low > 1]
    if not holes:
        return
    first, last = holes[0][0], holes[-1][1] - 1
    missing = sum(high - low for low, high in holes)
    yield api.gap(
        f"{header['job']}/discarded/{first}-{last}",
        GapReason.TRUNCATED,
        f"{header['job']}: {missing} builds from #{first} to #{last} are not there: they were "
        "discarded, or never ran",
        "sync more often than builds are discarded, or let Jenkins keep them longer",
        missing,
    )


def _moment(told: Json) -> datetime:
    """A time told in milliseconds since 1970."""
    if not isinstance(told, int) or isinstance(told, bool):
        raise TypeError(f"{told!r} where a time should be")
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=told)


def _span(told: Json) -> timedelta:
    if not isinstance(told, int) or isinstance(told, bool) or told < 0:
        raise TypeError(f"{told!r} where a duration should be")
    return timedelta(milliseconds=told)

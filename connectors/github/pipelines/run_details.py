"""What is asked beside a page of runs: earlier attempts, and jobs where a rule needs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from connectors.github.asking import Asking
from connectors.github.pipelines.run_state import changed
from connectors.hosting.deployment_rule import DeploymentRule, DeploymentSource
from connectors.hosting.place import Place
from connectors.http.errors import NotFound
from connectors.http.paging import Ask, PagedList, by_link
from connectors.interface import Json


@dataclass(slots=True)
class Details:
    """Answers beside a page, and which of which attempt each is."""

    answers: list[bytes] = field(default_factory=list)
    parts: list[tuple[str, int, int]] = field(default_factory=list)
    """`attempt` or `jobs`, run and attempt of each answer."""
    missing: list[tuple[str, int, int]] = field(default_factory=list)
    """The same of what GitHub no longer has."""


def details_of(asking: Asking, place: Place, runs: Sequence[Json], changed_from: str) -> Details:
    """Asks for the rest of those runs that may have changed."""
    details = Details()
    rules = asking.rules.of(place.name, DeploymentSource.JOBS)
    for run in runs:
        is_fresh = not changed(run) or changed(run) >= changed_from
        if not (is_fresh and isinstance(run.get("id"), int)):
            continue
        last = number_of(run) or 1
        for attempt in range(1, last):
            _keep(asking, place, details, ("attempt", run["id"], attempt))
        if is_about(rules, run):
            for attempt in range(1, last + 1):
                _keep(asking, place, details, ("jobs", run["id"], attempt))
    return details


def number_of(run: Json) -> int | None:
    """Which attempt this is; the first where a server knows no others, null if it is not told."""
    number = run.get("run_attempt", None if "previous_attempt_url" in run else 1)
    return number if isinstance(number, int) else None


def is_about(rules: Sequence[DeploymentRule], run: Json) -> bool:
    """Whether one of the rules is about a run's workflow and branch."""
    branch = run.get("head_branch")
    named = branch if isinstance(branch, str) else None
    return any(rule.is_about(named, *workflow_names(run)) for rule in rules)


def workflow_names(run: Json) -> Sequence[str]:
    """Name, path and file of a run's workflow, those that are told."""
    path = str(run.get("path") or "").partition("@")[0]
    told = (run.get("name"), path, path.rpartition("/")[2])
    return [name for name in told if name and isinstance(name, str)]


def _keep(asking: Asking, place: Place, details: Details, part: tuple[str, int, int]) -> None:
    kind, run, attempt = part
    path = f"repos/{place.name}/actions/runs/{run}/attempts/{attempt}"
    try:
        bodies = (
            [asking.api.get(path, {"exclude_pull_requests": True}).body]
            if kind == "attempt"
            else list(_jobs(asking, f"{path}/jobs"))
        )
    except NotFound:
        details.missing.append(part)
    else:
        details.answers += bodies
        details.parts += [part] * len(bodies)


def _jobs(asking: Asking, path: str) -> Iterator[bytes]:
    listed = PagedList(
        Ask(path, {"per_page": 100}),
        by_link,
        items=lambda answer: list(answer["jobs"]),
        key=lambda job: str(job["id"]),
    )
    for page in listed.pages(asking.api):
        yield page.reply.body

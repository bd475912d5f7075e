"""Workflows, their runs and jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.doubles.github.rest.routing import below, of_organisation, of_repository
from tests.doubles.github.shapes import actions
from tests.doubles.github.view import View
from tests.doubles.github.world import Attempt, Organisation, Repository, Run
from tests.doubles.host import Given, Problem

FILTERS = ("actor", "branch", "event", "status", "created", "head_sha", "check_suite_id")
MOST_OF_A_FILTER = 1000
"""As many of a filtered list can be paged to; its count tells of all."""


@of_repository("/actions/runs", "actions:read")
def runs(view: View, repository: Repository) -> Given:
    """Lists runs, newest first."""
    is_filtered = any(name in view.params for name in FILTERS)
    listed = (
        [one for one in repository.runs if _matches(view, one)]
        if is_filtered
        else [*repository.runs]
    )
    listed.sort(key=lambda one: (one.created_at, one.id), reverse=True)
    shown = MOST_OF_A_FILTER if is_filtered else None
    return view.counted(
        "workflow_runs", listed, actions.run, below(repository, "/actions/runs"), shown
    )


def _matches(view: View, one: Run) -> bool:
    params = view.params
    tried = one.latest
    actor = one.actor.login if one.actor else None
    return (
        params.get("branch", one.branch) == one.branch
        and params.get("event", one.event) == one.event
        and params.get("head_sha", one.sha) == one.sha
        and params.get("actor", actor) == actor
        and params.get("status", tried.status) in (tried.status, tried.conclusion)
        and is_within(one.created_at, params.get("created"))
    )


def is_within(at: datetime, wanted: str | None) -> bool:
    """Judges a time by `2026-01-01..2026-02-01`, `>=2026-01-01` or `2026-01-01`.

    A bound without a time of day means the whole day.
    """
    if not wanted:
        return True
    if ".." in wanted:
        start, _, end = wanted.partition("..")
        after = start == "*" or at >= _moment(start)
        return after and (end == "*" or at < _behind(end))
    sign = wanted[: len(wanted) - len(wanted.lstrip("<>="))]
    bound = wanted.removeprefix(sign)
    is_from, is_before_end = at >= _moment(bound), at < _behind(bound)
    held = {
        ">=": is_from,
        "<=": is_before_end,
        ">": not is_before_end,
        "<": not is_from,
    }
    return held.get(sign, is_from and is_before_end)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _behind(text: str) -> datetime:
    """The first moment that a bound leaves out."""
    return _moment(text) + (timedelta(seconds=1) if "T" in text else timedelta(days=1))


@of_repository("/actions/runs/{number}", "actions:read")
def run(view: View, repository: Repository, number: str) -> Given:
    """Shows a run."""
    return Given(actions.run(view, _run(repository, number)))


@of_repository("/actions/runs/{number}/attempts/{attempt}", "actions:read")
def attempt(view: View, repository: Repository, number: str, attempt: str) -> Given:
    """Shows one attempt of a run."""
    found = _run(repository, number)
    return Given(actions.attempt(view, (found, _attempt(found, attempt))))


@of_repository("/actions/runs/{number}/attempts/{attempt}/jobs", "actions:read")
def jobs_of_attempt(view: View, repository: Repository, number: str, attempt: str) -> Given:
    """Lists the jobs of one attempt."""
    found = _run(repository, number)
    return _jobs(view, found, [_attempt(found, attempt)])


@of_repository("/actions/runs/{number}/jobs", "actions:read")
def jobs(view: View, repository: Repository, number: str) -> Given:
    """Lists the jobs of the latest attempt, or of all."""
    found = _run(repository, number)
    wants_all = view.params.get("filter", "latest") == "all"
    return _jobs(view, found, found.attempts if wants_all else [found.latest])


@of_repository("/actions/runs/{number}/approvals", "actions:read")
def approvals(view: View, repository: Repository, number: str) -> Given:
    """Lists who let a run deploy."""
    found = _run(repository, number)
    return Given([actions.approval(view, (found, given)) for given in found.approvals])


def _jobs(view: View, found: Run, attempts: list[Attempt]) -> Given:
    listed = [(found, tried, part) for tried in attempts for part in tried.jobs]
    path = below(found.repository, f"/actions/runs/{found.id}/jobs")
    return view.counted("jobs", listed, actions.job, path)


def _run(repository: Repository, number: str) -> Run:
    index = repository.__dict__.setdefault("_runs_by_id", {})
    if len(index) != len(repository.runs):
        index.clear()
        index.update({str(one.id): one for one in repository.runs})
    if number not in index:
        raise Problem(404, "")
    found: Run = index[number]
    return found


def _attempt(found: Run, number: str) -> Attempt:
    for tried in found.attempts:
        if str(tried.number) == number:
            return tried
    raise Problem(404, "")


@of_repository("/actions/workflows", "actions:read")
def workflows(view: View, repository: Repository) -> Given:
    """Lists workflow files."""
    listed = [(repository, one) for one in repository.workflows]
    path = below(repository, "/actions/workflows")
    return view.counted("workflows", listed, actions.workflow, path)


@of_repository("/actions/permissions/workflow", "administration:read")
def workflow_permissions(view: View, repository: Repository) -> Given:
    """Tells what a workflow's own token may do in a repository."""
    return Given(
        {
            "default_workflow_permissions": repository.workflow_permission,
            "can_approve_pull_request_reviews": repository.can_workflows_approve,
        }
    )


@of_organisation("/actions/permissions/workflow", "organization_administration:read")
def organisation_workflow_permissions(view: View, organisation: Organisation) -> Given:
    """Tells what a workflow's own token may do where a repository says nothing else."""
    return Given(
        {
            "default_workflow_permissions": organisation.workflow_permission,
            "can_approve_pull_request_reviews": organisation.can_workflows_approve,
        }
    )

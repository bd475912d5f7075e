"""Workflows, their runs and jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.doubles.github.shapes.code import git_user
from tests.doubles.github.shapes.people import user
from tests.doubles.github.shapes.places import referred
from tests.doubles.github.view import View
from tests.doubles.github.world import Approval, Attempt, Job, Repository, Run, Workflow

Item = dict[str, Any]
AFTER_THE_START = timedelta(seconds=2)
"""As long after it began GitHub says that an attempt was created."""


def workflow(view: View, shown: tuple[Repository, Workflow]) -> Item:
    """A workflow file."""
    place, one = shown
    html = f"{view.host}/{place.full_name}"
    return {
        "id": one.id,
        "node_id": f"W_{one.id}",
        "name": one.name,
        "path": one.path,
        "state": one.state,
        "created_at": view.moment(one.created_at),
        "updated_at": view.moment(one.created_at),
        "url": f"{view.api}/repos/{place.full_name}/actions/workflows/{one.id}",
        "html_url": f"{html}/blob/{place.default_branch}/{one.path}",
        "badge_url": f"{html}/workflows/{one.name}/badge.svg",
    }


def run(view: View, one: Run) -> Item:
    """A run as its latest attempt left it."""
    return _run(view, one, one.latest)


def attempt(view: View, shown: tuple[Run, Attempt]) -> Item:
    """One attempt of a run; asked for by itself it was created when it was asked for."""
    one, tried = shown
    told = _run(view, one, tried)
    told["jobs_url"] = f"{told['url']}/attempts/{tried.number}/jobs"
    if tried.number > 1:
        told["created_at"] = view.moment(tried.started_at + AFTER_THE_START)
    return told


def _run(view: View, one: Run, tried: Attempt) -> Item:
    place = one.repository
    actions = f"{view.api}/repos/{place.full_name}/actions"
    url = f"{actions}/runs/{one.id}"
    html = f"{view.host}/{place.full_name}/actions/runs/{one.id}"
    before = f"{url}/attempts/{tried.number - 1}" if tried.number > 1 else None
    return {
        "id": one.id,
        "name": one.workflow.name,
        "node_id": f"WFR_{one.id}",
        "head_branch": one.branch,
        "head_sha": one.sha,
        "path": one.workflow.path,
        "display_title": one.title,
        "run_number": one.number,
        "event": one.event,
        "status": tried.status,
        "conclusion": tried.conclusion,
        "workflow_id": one.workflow.id,
        "check_suite_id": one.id,
        "check_suite_node_id": f"CS_{one.id}",
        "url": url,
        "html_url": html,
        "pull_requests": [],
        "created_at": view.moment(one.created_at),
        "updated_at": view.moment(tried.updated_at),
        "actor": user(view, one.actor),
        "run_attempt": tried.number,
        "referenced_workflows": [],
        "run_started_at": view.moment(tried.started_at),
        "triggering_actor": user(view, tried.actor),
        "jobs_url": f"{url}/jobs",
        "logs_url": f"{url}/logs",
        "check_suite_url": f"{view.api}/repos/{place.full_name}/check-suites/{one.id}",
        "artifacts_url": f"{url}/artifacts",
        "cancel_url": f"{url}/cancel",
        "rerun_url": f"{url}/rerun",
        "previous_attempt_url": before,
        "workflow_url": f"{actions}/workflows/{one.workflow.id}",
        "head_commit": _head(view, one),
        "repository": referred(view, place),
        "head_repository": referred(view, place),
    }


def _head(view: View, one: Run) -> Item | None:
    made = one.repository.commits.get(one.sha)
    if made is None:
        return None
    named = git_user(view, made.author, None)
    del named["date"]
    return {
        "id": made.sha,
        "tree_id": made.sha,
        "message": made.message,
        "timestamp": view.moment(made.committed_at),
        "author": named,
        "committer": named,
    }


def job(view: View, shown: tuple[Run, Attempt, Job]) -> Item:
    """One job of one attempt."""
    one, tried, part = shown
    place = one.repository.full_name
    url = f"{view.api}/repos/{place}/actions"
    return {
        "id": part.id,
        "run_id": one.id,
        "workflow_name": one.workflow.name,
        "head_branch": one.branch,
        "run_url": f"{url}/runs/{one.id}",
        "run_attempt": tried.number,
        "node_id": f"J_{part.id}",
        "head_sha": one.sha,
        "url": f"{url}/jobs/{part.id}",
        "html_url": f"{view.host}/{place}/actions/runs/{one.id}/job/{part.id}",
        "status": part.status,
        "conclusion": part.conclusion,
        "created_at": view.moment(part.created_at),
        "started_at": view.moment(part.started_at or part.created_at),
        "completed_at": view.moment(part.completed_at),
        "name": part.name,
        "steps": [],
        "check_run_url": f"{view.api}/repos/{place}/check-runs/{part.id}",
        "labels": ["ubuntu-latest"],
        "runner_id": None,
        "runner_name": None,
        "runner_group_id": None,
        "runner_group_name": None,
    }


def approval(view: View, shown: tuple[Run, Approval]) -> Item:
    """Who let a run deploy; GitHub tells no time of it."""
    one, given = shown
    found = [e for e in one.repository.environments if e.name == given.environment]
    url = f"{view.api}/repos/{one.repository.full_name}/environments/{given.environment}"
    return {
        "environments": [
            {
                "id": known.id,
                "node_id": f"EN_{known.id}",
                "name": known.name,
                "url": url,
                "html_url": f"{view.host}/{one.repository.full_name}/deployments/{known.name}",
                "created_at": view.moment(known.created_at),
                "updated_at": view.moment(known.created_at),
            }
            for known in found
        ],
        "state": given.state,
        "user": user(view, given.user) or user(view, view.world.account("ghost")),
        "comment": given.comment,
    }

"""Pull requests and issues."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.doubles.github.rest.routing import below, of_repository
from tests.doubles.github.shapes import review
from tests.doubles.github.view import View
from tests.doubles.github.world import Issue, Repository
from tests.doubles.host import Given

ORDERS: dict[str, Callable[[Any], Any]] = {
    "created": lambda one: (one.created_at, one.number),
    "updated": lambda one: (one.updated_at, one.number),
}


@of_repository("/pulls", "pull_requests:read")
def pulls(view: View, repository: Repository) -> Given:
    """Lists pull requests."""
    params = view.params
    listed = [
        pull
        for pull in repository.pulls.values()
        if _is_in(pull, params.get("state", "open"))
        and params.get("base", pull.base) == pull.base
        and params.get("head", pull.head).rpartition(":")[2] == pull.head
    ]
    direction = "desc" if params.get("sort", "created") == "created" else "asc"
    ordered = view.sort(listed, ORDERS, "created", direction)
    return view.listed(ordered, review.pull, path=below(repository, "/pulls"))


@of_repository("/issues", "issues:read")
def issues(view: View, repository: Repository) -> Given:
    """Lists issues, and among them pull requests; of several labels all are needed."""
    params = view.params
    since = datetime.fromisoformat(params["since"]) if params.get("since") else None
    names = {name for name in params.get("labels", "").split(",") if name}
    listed = [
        one
        for one in [*repository.issues.values(), *repository.pulls.values()]
        if _is_in(one, params.get("state", "open"))
        and (since is None or one.updated_at >= since)
        and names <= set(one.labels)
    ]
    ordered = view.sort(listed, ORDERS, "created")
    return view.listed(ordered, review.issue, path=below(repository, "/issues"))


def _is_in(one: Issue, state: str) -> bool:
    return state == "all" or (one.state == "OPEN") == (state == "open")

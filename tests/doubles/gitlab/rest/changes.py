"""Merge requests and what belongs to them."""

from __future__ import annotations

from typing import Any

from tests.doubles.gitlab.rest.routing import of_project
from tests.doubles.gitlab.shapes import changes, code, delivery, issues
from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import MergeRequest, Project
from tests.doubles.host import Given, Problem

BY: dict[str, Any] = {
    "created_at": lambda change: change.created_at,
    "updated_at": lambda change: change.updated_at,
    "title": lambda change: change.title,
    "merged_at": lambda change: (change.merged_at is not None, change.merged_at),
}


@of_project("/merge_requests")
def merge_requests(view: View, project: Project) -> Given:
    """Lists the merge requests, newest first unless asked otherwise."""
    found = view.updated(project.merge_requests.values())
    state = view.param("state", "all")
    if state != "all":
        found = [change for change in found if change.state == state]
    for label in filter(None, view.param("labels").split(",")):
        found = [change for change in found if label in change.labels]
    if view.param("target_branch"):
        found = [c for c in found if c.target_branch == view.param("target_branch")]
    return view.listed(view.sort(found, BY, "created_at"), changes.merge_request)


@of_project("/merge_requests/{iid}")
def merge_request(view: View, project: Project, iid: str) -> Given:
    """Shows a merge request."""
    return Given(changes.full_merge_request(view, _change(project, iid)))


@of_project("/merge_requests/{iid}/approvals")
def approvals(view: View, project: Project, iid: str) -> Given:
    """Shows the approvals that stand."""
    return Given(changes.approvals(view, _change(project, iid)))


@of_project("/merge_requests/{iid}/approval_state", plan="premium")
def approval_state(view: View, project: Project, iid: str) -> Given:
    """Shows the rules of approval, and who fulfilled them."""
    return Given(changes.approval_state(view, _change(project, iid)))


@of_project("/merge_requests/{iid}/commits")
def commits(view: View, project: Project, iid: str) -> Given:
    """Lists the commits of a merge request, newest first."""
    found = [project.commits[sha] for sha in reversed(_change(project, iid).commits)]
    return view.listed(found, lambda view, one: code.commit(view, project, one))


@of_project("/merge_requests/{iid}/versions")
def versions(view: View, project: Project, iid: str) -> Given:
    """Lists what it was between pushes, newest first."""
    change = _change(project, iid)
    shown = list(reversed(change.versions))
    return view.listed(shown, lambda view, one: changes.version(view, one, change))


@of_project("/merge_requests/{iid}/versions/{number}")
def version(view: View, project: Project, iid: str, number: str) -> Given:
    """Shows what it was between two pushes, with its commits."""
    change = _change(project, iid)
    for known in change.versions:
        if str(known.id) == number:
            listed = [code.commit(view, project, project.commits[sha]) for sha in known.commits]
            shown = changes.version(view, known, change)
            return Given({**shown, "commits": listed[::-1], "diffs": []})
    raise Problem(404, "404 Not found")


@of_project("/merge_requests/{iid}/notes")
def notes(view: View, project: Project, iid: str) -> Given:
    """Lists the notes, newest first."""
    found = list(_change(project, iid).notes)
    is_descending = view.param("sort", "desc") == "desc"
    found.sort(key=lambda note: (note.created_at, note.id), reverse=is_descending)
    return view.listed(found, changes.note)


@of_project("/merge_requests/{iid}/pipelines")
def pipelines(view: View, project: Project, iid: str) -> Given:
    """Lists the pipelines of a merge request, newest first."""
    found = sorted(_change(project, iid).pipelines, key=lambda run: run.id, reverse=True)
    return view.listed(found, delivery.pipeline)


@of_project("/merge_requests/{iid}/closes_issues")
def closes(view: View, project: Project, iid: str) -> Given:
    """Lists the issues it closes."""
    found = [project.issues[number] for number in _change(project, iid).closes]
    return view.listed(found, issues.issue)


@of_project("/merge_requests/{iid}/diffs")
def diffs(view: View, project: Project, iid: str) -> Given:
    """Lists the files it touches."""
    return view.listed(_change(project, iid).paths, lambda _view, path: code.diff(path))


@of_project("/merge_trains", plan="premium")
def trains(view: View, project: Project) -> Given:
    """Lists nothing: no train stands still in this world."""
    return view.listed([], changes.merge_request)


def _change(project: Project, iid: str) -> MergeRequest:
    found = project.merge_requests.get(int(iid)) if iid.isdigit() else None
    if found is None:
        raise Problem(404, "404 Not found")
    return found

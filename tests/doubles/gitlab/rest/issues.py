"""Issues, incidents and what happened to them."""

from __future__ import annotations

from typing import Any

from tests.doubles.gitlab.rest.routing import of_project
from tests.doubles.gitlab.shapes import changes, findings, issues
from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import Issue, Level, Project
from tests.doubles.host import Given, Problem

BY: dict[str, Any] = {
    "created_at": lambda item: item.created_at,
    "updated_at": lambda item: item.updated_at,
}


@of_project("/issues")
def all_issues(view: View, project: Project) -> Given:
    """Lists the issues, newest first unless asked otherwise."""
    found = view.updated(project.issues.values())
    state = view.param("state", "all")
    if state != "all":
        found = [issue for issue in found if issue.state == state]
    for label in filter(None, view.param("labels").split(",")):
        found = [issue for issue in found if label in issue.labels]
    if view.param("issue_type"):
        found = [issue for issue in found if issue.kind == view.param("issue_type")]
    return view.listed(view.sort(found, BY, "created_at"), issues.issue)


@of_project("/issues/{iid}")
def issue(view: View, project: Project, iid: str) -> Given:
    """Shows an issue."""
    return Given(issues.issue(view, _issue(project, iid)))


@of_project("/issues/{iid}/resource_state_events")
def state_events(view: View, project: Project, iid: str) -> Given:
    """Lists when it was closed and reopened, oldest first."""
    found = _issue(project, iid)
    return view.listed(found.state_events, lambda view, one: issues.state_event(view, one, found))


@of_project("/issues/{iid}/resource_label_events")
def label_events(view: View, project: Project, iid: str) -> Given:
    """Lists when labels came and went, oldest first."""
    found = _issue(project, iid)
    return view.listed(found.label_events, lambda view, one: issues.label_event(view, one, found))


@of_project("/issues/{iid}/notes")
def notes(view: View, project: Project, iid: str) -> Given:
    """Lists the notes of an issue, newest first."""
    return view.listed(_issue(project, iid).notes[::-1], changes.note)


@of_project("/vulnerabilities", Level.DEVELOPER, "ultimate", 403)
def vulnerabilities(view: View, project: Project) -> Given:
    """Lists what scans found, newest first."""
    found = sorted(project.vulnerabilities, key=lambda one: one.id, reverse=True)
    return view.listed(found, lambda view, one: findings.vulnerability(view, project, one))


def _issue(project: Project, iid: str) -> Issue:
    found = project.issues.get(int(iid)) if iid.isdigit() else None
    if found is None:
        raise Problem(404, "404 Not found")
    return found

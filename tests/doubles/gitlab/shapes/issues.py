"""How GitLab shows issues and what happened to them."""

from __future__ import annotations

from typing import Any

from tests.doubles.gitlab.shapes.people import account, actor
from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import Issue, LabelEvent, StateEvent


def issue(view: View, issue: Issue) -> dict[str, Any]:
    """Shows an issue or incident."""
    path = issue.project.full_path
    kind = "issues/incident" if issue.kind == "incident" else "issues"
    return {
        "id": issue.id,
        "iid": issue.iid,
        "project_id": issue.project.id,
        "title": issue.title,
        "description": issue.description,
        "state": issue.state,
        "created_at": view.moment(issue.created_at),
        "updated_at": view.moment(issue.updated_at),
        "closed_at": view.moment(issue.closed_at),
        "closed_by": actor(view, issue.closed_by),
        "labels": list(issue.labels),
        "milestone": None,
        "assignees": [],
        "assignee": None,
        "author": account(view, issue.author),
        "type": issue.kind.upper(),
        "issue_type": issue.kind,
        "severity": issue.severity,
        "user_notes_count": len(issue.notes),
        "merge_requests_count": 0,
        "upvotes": 0,
        "downvotes": 0,
        "due_date": None,
        "confidential": False,
        "discussion_locked": None,
        "web_url": f"{view.host}/{path}/-/{kind}/{issue.iid}",
        "references": {
            "short": f"#{issue.iid}",
            "relative": f"#{issue.iid}",
            "full": f"{path}#{issue.iid}",
        },
        "moved_to_id": None,
    }


def state_event(view: View, event: StateEvent, issue: Issue) -> dict[str, Any]:
    """Shows that an issue was closed or reopened."""
    return {
        "id": event.id,
        "user": actor(view, event.user),
        "created_at": view.moment(event.created_at),
        "resource_type": "Issue",
        "resource_id": issue.id,
        "state": event.state,
    }


def label_event(view: View, event: LabelEvent, issue: Issue) -> dict[str, Any]:
    """Shows that a label came or went."""
    return {
        "id": event.id,
        "user": actor(view, event.user),
        "created_at": view.moment(event.created_at),
        "resource_type": "Issue",
        "resource_id": issue.id,
        "label": {"id": event.id, "name": event.label, "color": "#000000", "description": None},
        "action": event.action,
    }

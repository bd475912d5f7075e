"""How GitLab shows merge requests and what belongs to them."""

from __future__ import annotations

from typing import Any

from tests.doubles.gitlab.shapes.delivery import pipeline
from tests.doubles.gitlab.shapes.people import account, actor
from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import DiffVersion, MergeRequest, Note


def merge_request(view: View, change: MergeRequest) -> dict[str, Any]:
    """Shows a merge request as it is in a list."""
    project, merge_user = change.project, actor(view, change.merge_user)
    title = f"Draft: {change.title}" if change.is_draft else change.title
    return {
        "id": change.id,
        "iid": change.iid,
        "project_id": project.id,
        "title": title,
        "description": change.description,
        "state": change.state,
        "created_at": view.moment(change.created_at),
        "updated_at": view.moment(change.updated_at),
        "prepared_at": view.moment(change.prepared_at),
        "merged_by": merge_user,
        "merge_user": merge_user,
        "merged_at": view.moment(change.merged_at),
        "closed_by": actor(view, change.closed_by),
        "closed_at": view.moment(change.closed_at),
        "target_branch": change.target_branch,
        "source_branch": change.source_branch,
        "author": account(view, change.author),
        "assignees": [],
        "assignee": None,
        "reviewers": [account(view, reviewer) for reviewer in change.reviewers],
        "source_project_id": project.id,
        "target_project_id": project.id,
        "labels": list(change.labels),
        "draft": change.is_draft,
        "work_in_progress": change.is_draft,
        "merge_status": "can_be_merged",
        "detailed_merge_status": "not_open" if change.state == "merged" else "mergeable",
        "sha": change.head_sha,
        "merge_commit_sha": change.merge_commit_sha,
        "squash_commit_sha": change.squash_commit_sha,
        "squash": change.is_squashed,
        "squash_on_merge": change.is_squashed,
        "references": {
            "short": f"!{change.iid}",
            "relative": f"!{change.iid}",
            "full": f"{project.full_path}!{change.iid}",
        },
        "web_url": f"{view.host}/{project.full_path}/-/merge_requests/{change.iid}",
        "has_conflicts": False,
        "blocking_discussions_resolved": True,
    }


def full_merge_request(view: View, change: MergeRequest) -> dict[str, Any]:
    """Shows a merge request as it is alone."""
    shown, head = change.versions[-1], change.head_pipeline
    return {
        **merge_request(view, change),
        "changes_count": str(len(change.paths)),
        "head_pipeline": pipeline(view, head) if head else None,
        "diff_refs": {
            "base_sha": shown.base_sha,
            "head_sha": shown.head_sha,
            "start_sha": shown.start_sha,
        },
        "merge_error": None,
    }


def approvals(view: View, change: MergeRequest) -> dict[str, Any]:
    """Shows the approvals that stand."""
    return {
        "approved": bool(change.approvals),
        "approved_by": [{"user": account(view, given.user)} for given in change.approvals],
        "user_has_approved": False,
        "user_can_approve": False,
    }


def approval_state(view: View, change: MergeRequest) -> dict[str, Any]:
    """Shows the rules of approval, and who fulfilled them."""
    approved = [given.user for given in change.approvals]
    rules = []
    for rule in change.project.approval_rules:
        by = [user for user in approved if not rule.eligible or user in rule.eligible]
        rules.append(
            {
                "id": rule.id,
                "name": rule.name,
                "rule_type": rule.kind,
                "eligible_approvers": [account(view, user) for user in rule.eligible],
                "approvals_required": rule.approvals_required,
                "users": [account(view, user) for user in rule.eligible],
                "groups": [],
                "contains_hidden_groups": False,
                "overridden": False,
                "code_owner": rule.kind == "code_owner",
                "approved_by": [account(view, user) for user in by],
                "approved": len(by) >= rule.approvals_required,
            }
        )
    return {"approval_rules_overwritten": False, "rules": rules}


def version(view: View, version: DiffVersion, change: MergeRequest) -> dict[str, Any]:
    """Shows what it was between two pushes."""
    return {
        "id": version.id,
        "head_commit_sha": version.head_sha,
        "base_commit_sha": version.base_sha,
        "start_commit_sha": version.start_sha,
        "created_at": view.moment(version.created_at),
        "merge_request_id": change.id,
        "state": "collected",
        "real_size": str(len(change.paths)),
        "patch_id_sha": None,
    }


def note(view: View, note: Note) -> dict[str, Any]:
    """Shows a note; REST does not name the action of a system note."""
    return {
        "id": note.id,
        "type": None,
        "body": note.body,
        "author": account(view, note.author),
        "created_at": view.moment(note.created_at),
        "updated_at": view.moment(note.created_at),
        "system": note.is_system,
        "resolvable": False,
        "confidential": False,
        "internal": False,
    }

"""How GitLab shows what it demands."""

from __future__ import annotations

from typing import Any

from tests.doubles.gitlab.shapes.people import account
from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import (
    Access,
    ApprovalRule,
    Project,
    ProtectedBranch,
    ProtectedEnvironment,
    ProtectedTag,
    PushRule,
)

_NAMES = {0: "No one", 30: "Developers + Maintainers", 40: "Maintainers", 60: "Administrators"}


def access(_view: View, rule: Access) -> dict[str, Any]:
    """Shows who may do a thing."""
    return {
        "id": rule.id,
        "access_level": rule.level,
        "access_level_description": _NAMES.get(rule.level, "Role"),
        "deploy_key_id": rule.deploy_key_id,
        "user_id": rule.user_id,
        "group_id": rule.group_id,
    }


def protected_branch(view: View, rule: ProtectedBranch, *, is_inherited: bool) -> dict[str, Any]:
    """Shows a protected branch."""
    return {
        "id": rule.id,
        "name": rule.name,
        "push_access_levels": [access(view, who) for who in rule.push],
        "merge_access_levels": [access(view, who) for who in rule.merge],
        "allow_force_push": rule.is_force_push_allowed,
        "unprotect_access_levels": [access(view, who) for who in rule.unprotect],
        "code_owner_approval_required": rule.is_code_owner_required,
        "inherited": is_inherited,
    }


def protected_tag(view: View, rule: ProtectedTag) -> dict[str, Any]:
    """Shows protected tags."""
    return {"name": rule.name, "create_access_levels": [access(view, who) for who in rule.create]}


def protected_environment(view: View, rule: ProtectedEnvironment) -> dict[str, Any]:
    """Shows a protected environment."""
    return {
        "name": rule.name,
        "deploy_access_levels": [
            {**access(view, who), "group_inheritance_type": 0} for who in rule.deploy
        ],
        "required_approval_count": 0,
        "approval_rules": [
            {
                "id": demand.id,
                "user_id": demand.user_id,
                "group_id": demand.group_id,
                "access_level": demand.level,
                "access_level_description": _NAMES.get(demand.level or -1, "Role"),
                "required_approvals": demand.required_approvals,
                "group_inheritance_type": 0,
            }
            for demand in rule.demands
        ],
    }


def approval_rule(view: View, rule: ApprovalRule) -> dict[str, Any]:
    """Shows a rule of approval."""
    return {
        "id": rule.id,
        "name": rule.name,
        "rule_type": rule.kind,
        "report_type": None,
        "eligible_approvers": [account(view, user) for user in rule.eligible],
        "approvals_required": rule.approvals_required,
        "users": [account(view, user) for user in rule.eligible],
        "groups": [],
        "contains_hidden_groups": False,
        "protected_branches": [{"name": name} for name in rule.branches],
        "applies_to_all_protected_branches": False,
    }


def approval_settings(_view: View, project: Project) -> dict[str, Any]:
    """Shows what becomes of approvals."""
    settings = project.approval_settings
    return {
        "approvals_before_merge": 0,
        "reset_approvals_on_push": settings.is_reset_on_push,
        "selective_code_owner_removals": False,
        "disable_overriding_approvers_per_merge_request": settings.is_overriding_barred,
        "merge_requests_author_approval": settings.is_author_allowed,
        "merge_requests_disable_committers_approval": settings.is_committer_barred,
        "require_password_to_approve": settings.is_password_required,
    }


def push_rule(view: View, project: Project, rule: PushRule) -> dict[str, Any]:
    """Shows what a push must satisfy."""
    return {
        "id": rule.id,
        "project_id": project.id,
        "created_at": view.moment(project.created_at),
        "commit_message_regex": rule.commit_message_regex,
        "commit_message_negative_regex": "",
        "branch_name_regex": None,
        "deny_delete_tag": False,
        "member_check": False,
        "prevent_secrets": rule.is_secret_prevented,
        "author_email_regex": "",
        "file_name_regex": "",
        "max_file_size": 0,
        "commit_committer_check": rule.is_committer_checked,
        "reject_unsigned_commits": rule.is_signature_required,
    }

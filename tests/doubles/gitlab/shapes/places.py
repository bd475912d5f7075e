"""How GitLab shows groups and projects."""

from __future__ import annotations

from typing import Any

from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import Group, Project


def group(view: View, group: Group) -> dict[str, Any]:
    """Shows a group."""
    return {
        "id": group.id,
        "web_url": f"{view.host}/groups/{group.full_path}",
        "name": group.path,
        "path": group.path,
        "description": "",
        "visibility": "private",
        "require_two_factor_authentication": group.is_two_factor_required,
        "two_factor_grace_period": 48,
        "default_branch": None,
        "full_name": group.full_path.replace("/", " / "),
        "full_path": group.full_path,
        "created_at": view.moment(group.created_at),
        "parent_id": group.parent.id if group.parent else None,
    }


def project(view: View, project: Project) -> dict[str, Any]:
    """Shows a project with the settings that its members see."""
    url = f"{view.host}/{project.full_path}"
    return {
        "id": project.id,
        "description": "",
        "name": project.path,
        "name_with_namespace": project.full_path.replace("/", " / "),
        "path": project.path,
        "path_with_namespace": project.full_path,
        "created_at": view.moment(project.created_at),
        "updated_at": view.moment(project.updated_at),
        "last_activity_at": view.moment(project.updated_at),
        "default_branch": project.default_branch if project.branches else None,
        "empty_repo": not project.branches,
        "topics": project.topics,
        "tag_list": project.topics,
        "web_url": url,
        "http_url_to_repo": f"{url}.git",
        "namespace": {
            "id": project.group.id,
            "name": project.group.path,
            "path": project.group.path,
            "kind": "group",
            "full_path": project.group.full_path,
            "parent_id": project.group.parent.id if project.group.parent else None,
            "web_url": f"{view.host}/groups/{project.group.full_path}",
        },
        "archived": project.is_archived,
        "visibility": project.visibility,
        "issues_enabled": True,
        "merge_requests_enabled": True,
        "jobs_enabled": True,
        "ci_config_path": project.ci_config_path,
        **_merging(project),
    }


def _merging(project: Project) -> dict[str, Any]:
    return {
        "merge_method": project.merge_method,
        "squash_option": project.squash_option,
        "only_allow_merge_if_pipeline_succeeds": project.must_pipeline_succeed,
        "allow_merge_on_skipped_pipeline": project.may_skipped_pipeline_merge,
        "only_allow_merge_if_all_discussions_are_resolved": project.must_discussions_be_resolved,
        "remove_source_branch_after_merge": True,
        "autoclose_referenced_issues": True,
        "merge_pipelines_enabled": project.has_merge_trains,
        "merge_trains_enabled": project.has_merge_trains,
        "approvals_before_merge": 0,
    }

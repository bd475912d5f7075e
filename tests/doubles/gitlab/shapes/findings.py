"""How GitLab shows what scans found."""

from __future__ import annotations

from typing import Any

from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import Project, Vulnerability


def vulnerability(view: View, project: Project, found: Vulnerability) -> dict[str, Any]:
    """Shows a finding."""
    return {
        "id": found.id,
        "title": found.title,
        "description": None,
        "state": found.state,
        "severity": found.severity,
        "report_type": found.report_type,
        "project": {
            "id": project.id,
            "name": project.path,
            "full_path": project.full_path,
            "full_name": project.full_path.replace("/", " / "),
        },
        "author_id": view.world.ghost.id,
        "created_at": view.moment(found.detected_at),
        "updated_at": view.moment(found.resolved_at or found.dismissed_at or found.detected_at),
        "resolved_at": view.moment(found.resolved_at),
        "dismissed_at": view.moment(found.dismissed_at),
        "confirmed_at": None,
        "resolved_on_default_branch": found.is_gone,
    }

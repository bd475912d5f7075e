"""What scans found."""

from __future__ import annotations

from typing import Any

from tests.doubles.github.shapes.people import user
from tests.doubles.github.view import View
from tests.doubles.github.world import CodeAlert, DependencyAlert, Repository, SecretAlert

Item = dict[str, Any]


def dependency(view: View, shown: tuple[Repository, DependencyAlert]) -> Item:
    """A dependency with a known weakness."""
    place, one = shown
    package = {"ecosystem": one.ecosystem, "name": one.package}
    weakness = {
        "package": package,
        "severity": one.severity,
        "vulnerable_version_range": "< 1.0.0",
        "first_patched_version": {"identifier": "1.0.0"},
    }
    return {
        **_shared(view, place, one, "dependabot"),
        "state": one.state,
        "dependency": {
            "package": package,
            "manifest_path": one.manifest,
            "scope": "runtime",
            "relationship": "direct",
        },
        "security_advisory": {
            "ghsa_id": one.advisory,
            "cve_id": None,
            "summary": "An invented weakness",
            "description": "An invented weakness",
            "vulnerabilities": [weakness],
            "severity": one.severity,
            "cvss": {"vector_string": None, "score": 0.0},
            "cwes": [],
            "identifiers": [{"type": "GHSA", "value": one.advisory}],
            "references": [],
            "published_at": view.moment(one.created_at),
            "updated_at": view.moment(one.created_at),
            "withdrawn_at": None,
        },
        "security_vulnerability": weakness,
        "dismissed_at": view.moment(one.dismissed_at),
        "dismissed_by": user(view, one.dismissed_by),
        "dismissed_reason": one.dismissed_reason,
        "dismissed_comment": None,
        "fixed_at": view.moment(one.fixed_at),
    }


def code(view: View, shown: tuple[Repository, CodeAlert]) -> Item:
    """What an analysis found in the code."""
    place, one = shown
    shared = _shared(view, place, one, "code-scanning")
    return {
        **shared,
        "state": one.state,
        "instances_url": f"{shared['url']}/instances",
        "fixed_at": view.moment(one.fixed_at),
        "dismissed_at": view.moment(one.dismissed_at),
        "dismissed_by": user(view, one.dismissed_by),
        "dismissed_reason": one.dismissed_reason,
        "dismissed_comment": None,
        "rule": {
            "id": one.rule,
            "severity": "error",
            "security_severity_level": one.severity,
            "description": "An invented rule",
            "name": one.rule,
            "tags": ["security"],
        },
        "tool": {"name": one.tool, "guid": None, "version": "1.0"},
        "most_recent_instance": {
            "ref": f"refs/heads/{place.default_branch}",
            "analysis_key": ".github/workflows/scan.yml:scan",
            "category": "scan",
            "environment": "{}",
            "state": one.state,
            "commit_sha": place.head or "0" * 40,
            "message": {"text": "An invented message"},
            "location": {
                "path": one.path,
                "start_line": 1,
                "end_line": 1,
                "start_column": 1,
                "end_column": 9,
            },
            "classifications": [],
        },
    }


def secret(view: View, shown: tuple[Repository, SecretAlert]) -> Item:
    """A secret in the history, with the secret itself unless it is asked to be hidden."""
    place, one = shown
    shared = _shared(view, place, one, "secret-scanning")
    is_hidden = view.params.get("hide_secret") == "true"
    return {
        **shared,
        "locations_url": f"{shared['url']}/locations",
        "state": "open" if one.state == "open" else "resolved",
        "secret_type": one.secret_type,
        "secret_type_display_name": one.secret_type,
        "secret": "" if is_hidden else one.secret,
        "validity": "unknown",
        "publicly_leaked": False,
        "multi_repo": False,
        "resolution": one.dismissed_reason,
        "resolved_by": user(view, one.dismissed_by),
        "resolved_at": view.moment(one.dismissed_at),
        "resolution_comment": None,
        "push_protection_bypassed": one.is_bypassed,
        "push_protection_bypassed_by": None,
        "push_protection_bypassed_at": view.moment(one.created_at if one.is_bypassed else None),
    }


def _shared(
    view: View, place: Repository, one: DependencyAlert | CodeAlert | SecretAlert, kind: str
) -> Item:
    path = {"dependabot": "dependabot"}.get(kind, kind)
    return {
        "number": one.number,
        "created_at": view.moment(one.created_at),
        "updated_at": view.moment(one.updated_at),
        "url": f"{view.api}/repos/{place.full_name}/{path}/alerts/{one.number}",
        "html_url": f"{view.host}/{place.full_name}/security/{path}/{one.number}",
    }

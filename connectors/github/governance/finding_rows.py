"""Pure mapping of GitHub's alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.answers.moment import moment, moment_or_none
from connectors.github.asking import Asking, row_id
from connectors.interface import Json
from data.model import FindingKind, FindingState, SecurityFinding

_SEVERITIES = frozenset({"critical", "high", "medium", "low"})
_STATES: Mapping[str, FindingState] = {
    "open": FindingState.OPEN,
    "fixed": FindingState.FIXED,
    "dismissed": FindingState.DISMISSED,
    "auto_dismissed": FindingState.DISMISSED,
}
_REVOKED = "revoked"
"""The one way to resolve a secret that makes it harmless."""


def dependency_finding(asking: Asking, repository: str, item: Json) -> SecurityFinding:
    """A dependency with a known weakness; what a rule dismissed says so in its reason."""
    advisory = item["security_advisory"]
    is_automatic = item["state"] == "auto_dismissed"
    return SecurityFinding(
        **_shared(asking, repository, item, FindingKind.DEPENDENCY),
        rule=advisory["ghsa_id"],
        subject=item["dependency"]["package"]["name"],
        tool="dependabot",
        severity=_severity((item.get("security_vulnerability") or advisory).get("severity")),
        state=_STATES[item["state"]].value,
        fixed_at=moment_or_none(item["fixed_at"]),
        dismissed_at=moment_or_none(item["dismissed_at"] or item.get("auto_dismissed_at")),
        dismissed_reason=item["dismissed_reason"] or ("auto_dismissed" if is_automatic else None),
    )


def code_finding(asking: Asking, repository: str, item: Json) -> SecurityFinding:
    """What an analysis found in the code; severity is that of the weakness, if it is one."""
    found = item.get("most_recent_instance") or {}
    state = item["state"]
    if state is None:  # no analysis shows it any more
        state = "dismissed" if item["dismissed_at"] else "fixed"
    return SecurityFinding(
        **_shared(asking, repository, item, FindingKind.CODE),
        rule=item["rule"]["id"],
        subject=(found.get("location") or {}).get("path"),
        tool=item["tool"]["name"],
        severity=_severity(item["rule"].get("security_severity_level")),
        state=_STATES[state].value,
        fixed_at=moment_or_none(item["fixed_at"] if item["state"] == "fixed" else None),
        dismissed_at=moment_or_none(item["dismissed_at"]),
        dismissed_reason=item["dismissed_reason"],
    )


def secret_finding(asking: Asking, repository: str, item: Json) -> SecurityFinding:
    """A secret in the history. GitHub sees none go: somebody says how it was resolved, and when.

    One that was revoked is fixed, with that time; any other resolution dismisses it.
    """
    resolution = item["resolution"]
    is_open = item["state"] == "open"
    is_revoked = resolution == _REVOKED and not is_open
    resolved_at = None if is_open else moment(item["resolved_at"])
    state = FindingState.FIXED if is_revoked else FindingState.DISMISSED
    return SecurityFinding(
        **_shared(asking, repository, item, FindingKind.SECRET),
        rule=item["secret_type"],
        subject=None,
        tool="secret-scanning",
        severity=None,
        state=FindingState.OPEN.value if is_open else state.value,
        fixed_at=resolved_at if is_revoked else None,
        dismissed_at=resolved_at,
        dismissed_reason=None if is_open else resolution,
        is_push_bypassed=item.get("push_protection_bypassed"),
    )


def _shared(asking: Asking, repository: str, item: Json, kind: FindingKind) -> dict[str, Any]:
    number = str(item["number"])
    return {
        "id": row_id(repository, "finding", kind.value, number),
        "source": asking.source,
        "url": item.get("html_url"),
        "repository": repository,
        "kind": kind.value,
        "number": number,
        "opened_at": moment(item["created_at"]),
    }


def _severity(told: Json) -> str | None:
    return told if told in _SEVERITIES else None

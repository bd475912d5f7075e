"""Pure mapping of what scans found."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.answers.moment import moment, moment_or_none
from connectors.gitlab.asking import Asking, number_of
from connectors.interface import Json
from data.model import FindingKind, FindingState, SecurityFinding

_KINDS: Mapping[Json, FindingKind] = {
    "DEPENDENCY_SCANNING": FindingKind.DEPENDENCY,
    "CONTAINER_SCANNING": FindingKind.DEPENDENCY,
    "CLUSTER_IMAGE_SCANNING": FindingKind.DEPENDENCY,
    "SECRET_DETECTION": FindingKind.SECRET,
}
"""By the kind of report; all other scans are of code, or of what runs."""
_STATES: Mapping[str, FindingState] = {
    "DETECTED": FindingState.OPEN,
    "CONFIRMED": FindingState.OPEN,
    "RESOLVED": FindingState.FIXED,
    "DISMISSED": FindingState.DISMISSED,
}
_SEVERITIES = frozenset({"critical", "high", "medium", "low"})


def finding_row(asking: Asking, project: str, item: Mapping[str, Json]) -> SecurityFinding:
    """A finding.

    One that the last scan of the default branch did not show is fixed, though nobody said so; when
    it went is not told.
    """
    number = number_of(item["id"])
    kind = _KINDS.get(item["reportType"], FindingKind.CODE)
    state = _STATES[item["state"]]
    if state is FindingState.OPEN and item.get("resolvedOnDefaultBranch"):
        state = FindingState.FIXED
    reason = item.get("dismissalReason")
    severity = (item["severity"] or "").lower()
    return SecurityFinding(
        id=asking.row_id(project, "finding", kind.value, number),
        source=asking.source,
        url=asking.page(project, f"security/vulnerabilities/{number}"),
        repository=project,
        kind=kind.value,
        number=number,
        rule=(item.get("primaryIdentifier") or {}).get("name") or item["title"],
        subject=None if kind is FindingKind.SECRET else _subject(item.get("location") or {}),
        tool=(item.get("scanner") or {}).get("name"),
        severity=severity if severity in _SEVERITIES else None,
        state=state.value,
        opened_at=moment(item["detectedAt"]),
        fixed_at=moment_or_none(item["resolvedAt"]) if state is FindingState.FIXED else None,
        dismissed_at=moment_or_none(item["dismissedAt"]),
        dismissed_reason=reason.lower() if reason else None,
    )


def _subject(location: Mapping[str, Json]) -> str | None:
    """The package, or else the file or image, that it is about."""
    package = ((location.get("dependency") or {}).get("package") or {}).get("name")
    return package or location.get("file") or location.get("image")

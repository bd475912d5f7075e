"""Members of a population as SARIF results."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.reports.assessment import Assessment
from app.reports.plain import href, is_web, line, moment, written
from data.controls.definition import Control, Severity
from data.controls.outcome import Outcome, Result
from data.controls.state import Reason, State

FINGERPRINT = "cairnMember/v1"
"""Name of what a result is known by in the next run."""

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
_TOLD = (State.FAIL, State.UNKNOWN, State.ERROR)


def results(assessment: Assessment, outcome: Outcome, place: int) -> Iterator[dict[str, Any]]:
    """The members that fail, or of which nobody can tell.

    Args:
        assessment: for its waivers.
        outcome: what a control came to.
        place: of the control among the rules.

    Raises:
        ReportRefused: as `Assessment.waiver` does.
    """
    seen: Counter[tuple[str | None, str]] = Counter()
    for result in outcome.results:
        if result.state in _TOLD:
            seen[result.source, result.id] += 1
            yield _result(
                assessment, outcome.control, result, place, seen[result.source, result.id]
            )


def _result(
    assessment: Assessment, control: Control, result: Result, place: int, number: int
) -> dict[str, Any]:
    fails = result.state is State.FAIL
    is_asked = result.reason is Reason.NOT_ATTESTED
    told = f"{line(result.title)}: {line(result.detail or result.state)}"
    return {
        "ruleId": control.id,
        "ruleIndex": place,
        "kind": "fail" if fails else "review" if is_asked else "open",
        "level": LEVELS[control.severity] if fails else "none",
        "message": said(told),
        "locations": [_location(result)],
        "partialFingerprints": {FINGERPRINT: _fingerprint(control, result, number)},
        # Of all results or of none, says the format: an empty list says that nothing is waived.
        "suppressions": list(_suppressions(assessment, result)),
        "properties": _properties(result),
    }


def _location(result: Result) -> dict[str, Any]:
    name = line(result.id)
    location: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}]
    }
    if result.url is not None and is_web(result.url):
        location["physicalLocation"] = {"artifactLocation": {"uri": href(result.url)}}
    return location


def _fingerprint(control: Control, result: Result, number: int) -> str:
    """The same in the next run, for whatever team and period it is."""
    named = json.dumps([control.id, result.source, result.id, number])
    return hashlib.sha256(named.encode()).hexdigest()


def _suppressions(assessment: Assessment, result: Result) -> Iterator[dict[str, Any]]:
    if result.state is not State.FAIL or result.waiver is None:
        return
    waiver, approval = assessment.waiver(result.waiver)
    yield {
        "kind": "external",
        "status": "accepted",
        "justification": line(waiver.justification),
        "properties": {
            "waiver": waiver.id,
            "reason": waiver.reason.value,
            "requestedBy": line(waiver.requester),
            "approvedBy": line(approval.by),
            "approvedAt": moment(approval.at),
            "until": waiver.until.isoformat(),
            "ticket": _line(waiver.ticket),
            "compensating": _line(waiver.compensating),
        },
    }


def _properties(result: Result) -> dict[str, Any]:
    return {
        "state": result.state.value,
        "reason": result.reason.value if result.reason else None,
        "source": _line(result.source),
        "team": _line(result.team),
        "happenedAt": moment(result.happened_at) if result.happened_at else None,
        "columns": {
            line(name): None if value is None else line(written(value))
            for name, value in result.columns.items()
        },
    }


def said(text: str) -> dict[str, str]:
    """One line as a message."""
    return {"text": braced(line(text))}


def braced(text: str) -> str:
    """A message without what it would be read as: `{0}` is a placeholder, `[a](b)` a link."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _line(text: str | None) -> str | None:
    return None if text is None else line(text)

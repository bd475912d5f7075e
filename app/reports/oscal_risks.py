"""Waivers, as OSCAL risks whose deviation was approved: with their end, and who approved them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

from app.reports.assessment import Assessment, ReportRefused, Waived
from app.reports.oscal_observations import is_waived, waived_observations
from app.reports.oscal_values import identifier, line, markup, moment, prop, told
from data.controls.outcome import Outcome

_LAST_SECOND = time(23, 59, 59)


def risk_id(waiver: str) -> str:
    """Id of the risk that a waiver is told as."""
    return identifier("risk", waiver)


def person_id(name: str) -> str:
    """Id of somebody who asked for a waiver or approved it."""
    return identifier("person", line(name))


def waivers_of(outcome: Outcome) -> list[str]:
    """Ids of the waivers that cover failing members, in order of appearance."""
    found = (result.waiver for result in outcome.results if is_waived(result))
    return list(dict.fromkeys(waiver for waiver in found if waiver is not None))


def risks(assessment: Assessment, outcomes: list[Outcome]) -> Iterator[dict[str, Any]]:
    """One risk of each waiver that covers a failing member.

    Raises:
        ReportRefused: if a waiver is not among those of the assessment.
    """
    covered: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        for waiver in waivers_of(outcome):
            covered.setdefault(waiver, []).append(outcome)
    for waiver, of in covered.items():
        yield _risk(_known(assessment, waiver), of)


def people(assessment: Assessment, outcomes: list[Outcome]) -> list[str]:
    """Names of those who asked for these waivers or approved them."""
    named: set[str] = set()
    for waiver in {each for outcome in outcomes for each in waivers_of(outcome)}:
        told_of = _known(assessment, waiver)
        named |= {line(told_of.requester), line(told_of.approver)}
    return sorted(named)


def _known(assessment: Assessment, waiver: str) -> Waived:
    if waiver not in assessment.waivers:
        what = f"a result names the waiver {waiver}, which is not there"
        raise ReportRefused(what, "report", "pass the waivers of the outcomes along")
    return assessment.waivers[waiver]


def _risk(waiver: Waived, outcomes: list[Outcome]) -> dict[str, Any]:
    control = outcomes[0].control
    seen = [each for outcome in outcomes for each in waived_observations(outcome, waiver.id)]
    content = {
        "uuid": risk_id(waiver.id),
        "title": line(f"Waiver for {control.id}: {waiver.reason.replace('_', ' ')}"),
        "description": markup(waiver.justification),
        "statement": line(control.why),
        "props": list(_props(waiver)),
        "status": "deviation-approved",
        "mitigating-factors": _mitigating(waiver),
        "deadline": moment(datetime.combine(waiver.until, _LAST_SECOND, UTC)),
        "risk-log": {"entries": list(_log(waiver))},
        "related-observations": [{"observation-uuid": each} for each in seen],
    }
    return told(content)


def _props(waiver: Waived) -> Iterator[dict[str, str]]:
    yield prop("waiver", waiver.id)
    yield prop("waiver-reason", waiver.reason)
    if waiver.ticket:
        yield prop("ticket", waiver.ticket)


def _mitigating(waiver: Waived) -> list[dict[str, str]]:
    if not waiver.compensating:
        return []
    uuid = identifier("compensating control", waiver.id)
    return [{"uuid": uuid, "description": markup(waiver.compensating)}]


def _log(waiver: Waived) -> Iterator[dict[str, Any]]:
    yield {
        "uuid": identifier("requested", waiver.id),
        "title": "Requested",
        "start": moment(waiver.requested_at),
        "logged-by": [{"party-uuid": person_id(waiver.requester), "role-id": "requester"}],
        "status-change": "deviation-requested",
    }
    yield {
        "uuid": identifier("approved", waiver.id),
        "title": "Approved",
        "description": markup(waiver.approval),
        "start": moment(waiver.approved_at),
        "logged-by": [{"party-uuid": person_id(waiver.approver), "role-id": "approver"}],
        "status-change": "deviation-approved",
    }

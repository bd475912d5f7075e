"""Waivers, as OSCAL risks whose deviation was approved: with their end, and who approved them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.reports.assessment import Assessment
from app.reports.oscal_observations import waived_observations
from app.reports.oscal_people import is_waived, person_id
from app.reports.oscal_values import identifier, prop, told
from app.reports.plain import end_of, line, markup, moment
from data.controls.outcome import Outcome
from data.decisions.waiver import Step, Waiver


def risk_id(waiver: str) -> str:
    """Id of the risk that a waiver is told as."""
    return identifier("risk", waiver)


def waivers_of(outcome: Outcome) -> list[str]:
    """Ids of the waivers that cover failing members, in order of appearance."""
    found = (result.waiver for result in outcome.results if is_waived(result))
    return list(dict.fromkeys(waiver for waiver in found if waiver is not None))


def risks(assessment: Assessment, outcomes: list[Outcome]) -> Iterator[dict[str, Any]]:
    """One risk of each waiver that covers a failing member.

    Raises:
        ReportRefused: as `Assessment.waiver` does.
    """
    covered: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        for waiver in waivers_of(outcome):
            covered.setdefault(waiver, []).append(outcome)
    for waiver, of in covered.items():
        yield _risk(*assessment.waiver(waiver), of)


def _risk(waiver: Waiver, approval: Step, outcomes: list[Outcome]) -> dict[str, Any]:
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
        "deadline": end_of(waiver.until),
        "risk-log": {"entries": list(_log(waiver, approval))},
        "related-observations": [{"observation-uuid": each} for each in seen],
    }
    return told(content)


def _props(waiver: Waiver) -> Iterator[dict[str, str]]:
    yield prop("waiver", waiver.id)
    yield prop("waiver-reason", waiver.reason)
    if waiver.ticket:
        yield prop("ticket", waiver.ticket)


def _mitigating(waiver: Waiver) -> list[dict[str, str]]:
    if not waiver.compensating:
        return []
    uuid = identifier("compensating control", waiver.id)
    return [{"uuid": uuid, "description": markup(waiver.compensating)}]


def _log(waiver: Waiver, approval: Step) -> Iterator[dict[str, Any]]:
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
        "description": markup(approval.why),
        "start": moment(approval.at),
        "logged-by": [{"party-uuid": person_id(approval.by), "role-id": "approver"}],
        "status-change": "deviation-approved",
    }

"""Who decided what a document tells, as OSCAL parties: waivers and attestations have names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.reports.assessment import Assessment
from app.reports.oscal_values import identifier
from app.reports.plain import line
from data.controls.outcome import Outcome, Result
from data.controls.state import State

ROLES = {
    "assessor": "Evaluates the controls",
    "requester": "Asks for a waiver",
    "approver": "Approves a waiver",
    "attester": "Answers for a manual control",
    "reviewer": "Looks at what another attests",
}


def person_id(name: str) -> str:
    """Id of somebody who decided something."""
    return identifier("person", line(name))


def persons(assessment: Assessment, outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Everybody whose decision the results of these outcomes rest on, once each, by name."""
    results = [result for outcome in outcomes for result in outcome.results]
    names = {line(name) for name in _names(assessment, results)}
    return [{"uuid": person_id(name), "type": "person", "name": name} for name in sorted(names)]


def is_waived(result: Result) -> bool:
    """Whether a member fails, and may for a time."""
    return result.state is State.FAIL and result.waiver is not None


def _names(assessment: Assessment, results: list[Result]) -> Iterator[str]:
    for waiver in {each.waiver for each in results if is_waived(each)} - {None}:
        asked, approval = assessment.waiver(str(waiver))
        yield from (asked.requester, approval.by)
    for attestation in {each.attestation for each in results} - {None}:
        told = assessment.attestation(str(attestation)).told
        yield from (told.attested_by, told.reviewer)

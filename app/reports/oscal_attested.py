"""What a person answered to a manual control, as part of an OSCAL observation."""

from __future__ import annotations

from typing import Any

from app.reports.oscal_people import person_id
from app.reports.oscal_values import prop, told
from app.reports.plain import end_of, href, is_web, markup, moment
from data.decisions.attestation import Attestation
from data.decisions.evidence import Evidence


def attested(attestation: Attestation) -> dict[str, Any]:
    """What a person answered, who that was, and until when it counts."""
    said = attestation.told
    people = ((said.attested_by, "attester"), (said.reviewer, "reviewer"))
    actors = [
        {"type": "party", "actor-uuid": person_id(name), "role-id": role} for name, role in people
    ]
    return {
        "description": markup(said.statement),
        "methods": ["EXAMINE"],
        "origins": [{"actors": actors}],
        "relevant-evidence": [_looked_at(each) for each in said.evidence],
        "collected": moment(attestation.decided_at),
        "expires": end_of(attestation.until),
    }


def _looked_at(evidence: Evidence) -> dict[str, Any]:
    """A link or file that somebody attests by."""
    content = {
        "href": href(evidence.place) if is_web(evidence.place) else None,
        "description": markup(evidence.told),
        "props": [prop("sha256", evidence.sha256)] if evidence.sha256 else None,
    }
    return told(content)

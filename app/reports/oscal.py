"""OSCAL assessment results: what an auditor's tools read.

Each control that is mapped to a clause answers it with a finding. What was seen is in
observations: one of each control with its counts, one of each member that fails or that a person
answered for, and one of all members of a source that are unknown for the same reason. Waivers are
risks whose deviation was approved; they leave a finding as it is.

The same outcomes give the same bytes: ids are made from what they name, and times from the
snapshot. Source of the format: NIST, OSCAL 1.2.1, assessment results model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from app.reports.assessment import Assessment, ReportRefused
from app.reports.oscal_checks import VERSION, problems
from app.reports.oscal_observations import TOOL, about, observations, resource_id
from app.reports.oscal_people import ROLES, persons
from app.reports.oscal_risks import risk_id, risks, waivers_of
from app.reports.oscal_values import identifier, prop, told
from app.reports.plain import href, line, moment
from data.controls.framework import Clause, Framework
from data.controls.outcome import Outcome
from data.controls.state import State

_STATUS = {
    State.PASS: ("satisfied", "pass"),
    State.FAIL: ("not-satisfied", "fail"),
    State.ERROR: ("not-satisfied", "other"),
    State.UNKNOWN: ("not-satisfied", "other"),
    State.NOT_APPLICABLE: ("satisfied", "other"),
    State.MANUAL: ("satisfied", "other"),
}
_PLAN = identifier("plan")


def assessment_results(assessment: Assessment, version: str = VERSION) -> bytes:
    """The document, as JSON in UTF-8.

    Args:
        assessment: with a framework.
        version: of OSCAL.

    Raises:
        ReportRefused: if there is no framework, or no control is mapped to it; or if the document
            would contradict itself.
    """
    if assessment.framework is None:
        what, fix = "OSCAL answers the clauses of a framework", "name one with --framework"
        raise ReportRefused(what, "report", fix)
    if not assessment.answered():
        what = f"no control is mapped to a clause of {assessment.framework.title}"
        raise ReportRefused(what, "report", "choose other controls or another framework")
    body = _body(assessment, assessment.framework, version)
    # A document with other contents is another one: its id is made of all it says.
    document = {"assessment-results": {"uuid": identifier("document", _json(body)), **body}}
    if found := problems(document, version):
        raise ReportRefused(f"the document would be wrong: {found[0]}", "report", "report this")
    return _json(document).encode()


def _json(content: Any) -> str:
    # Without indentation: Python indents ten times slower, and a year of changes is long.
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def _body(assessment: Assessment, framework: Framework, version: str) -> dict[str, Any]:
    organisation = identifier("organisation", assessment.organisation)
    outcomes = _mapped(assessment)
    party = {"uuid": organisation, "type": "organization", "name": line(assessment.organisation)}
    return {
        "metadata": {
            "title": line(f"{assessment.organisation}: controls of {framework.title}"),
            "last-modified": moment(assessment.as_of),
            "version": line(assessment.snapshot),
            "oscal-version": version,
            "roles": [{"id": role, "title": title} for role, title in ROLES.items()],
            "parties": [party, *persons(assessment, outcomes)],
            "responsible-parties": [{"role-id": "assessor", "party-uuids": [organisation]}],
        },
        "import-ap": {
            "href": f"#{_PLAN}",
            "remarks": "The definitions of the controls are the plan of the assessment.",
        },
        "results": [_result(assessment, framework, outcomes)],
        "back-matter": {"resources": list(_resources(assessment, outcomes))},
    }


def _mapped(assessment: Assessment) -> list[Outcome]:
    """Outcomes of controls that are mapped to a clause, once each, in the order of clauses."""
    by_subject = {about(outcome): outcome for _, outcome in assessment.answered()}
    return list(by_subject.values())


def _result(
    assessment: Assessment, framework: Framework, outcomes: list[Outcome]
) -> dict[str, Any]:
    window, as_of = assessment.window, assessment.as_of
    start, end = (datetime.combine(day, time(), UTC) for day in (window.start, window.end))
    observed = {about(each): observations(assessment, each) for each in outcomes}
    content = {
        "uuid": identifier("result", framework.id, window.start, window.end),
        "title": line(f"{framework.title}, {window.label}"),
        "description": line(
            f"Controls evaluated on what the sources told until {moment(as_of)}. Days are those of "
            f"each team's own clock. {framework.note}"
        ),
        "start": moment(start),
        "end": moment(min(end, as_of)) if as_of >= start else None,
        "props": list(_result_props(assessment, framework)),
        "local-definitions": {"components": [_tool(assessment)]},
        "reviewed-controls": _reviewed(assessment, framework),
        "observations": [each for of in observed.values() for each in of],
        "risks": list(risks(assessment, outcomes)),
        "findings": [
            _finding(assessment, clause, outcome, observed[about(outcome)])
            for clause, outcome in assessment.answered()
        ],
    }
    return told(content)


def _result_props(assessment: Assessment, framework: Framework) -> Iterator[dict[str, str]]:
    yield prop("framework", framework.id)
    yield prop("framework-edition", framework.edition)
    yield prop("snapshot", assessment.snapshot)
    if assessment.checkpoint is not None:
        yield prop("ledger-origin", assessment.checkpoint.origin)
        yield prop("ledger-size", assessment.checkpoint.size)
        yield prop("ledger-root-sha256", assessment.checkpoint.root.hex())


def _tool(assessment: Assessment) -> dict[str, Any]:
    return {
        "uuid": TOOL,
        "type": "software",
        "title": "Cairn",
        "description": "Evaluates controls on what sources tell of changes and deliveries.",
        "props": [prop("version", assessment.tool)],
        "status": {"state": "operational"},
    }


def _reviewed(assessment: Assessment, framework: Framework) -> dict[str, Any]:
    clauses = dict.fromkeys(clause.id for clause, _ in assessment.answered())
    return {
        "description": line(f"Clauses of {framework.edition} that controls are mapped to."),
        "control-selections": [{"include-controls": [{"control-id": each} for each in clauses]}],
    }


def _finding(
    assessment: Assessment, clause: Clause, outcome: Outcome, observed: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    control, (state, reason) = outcome.control, _STATUS[outcome.state]
    whose = outcome.team or assessment.organisation
    target: dict[str, Any] = {
        "type": "statement-id",
        "target-id": clause.id,
        "title": line(clause.title),
        "status": {"state": state, "reason": reason},
    }
    if outcome.state is State.NOT_APPLICABLE:
        target["implementation-status"] = {"state": "not-applicable"}
    content = {
        "uuid": identifier("finding", clause.id, *about(outcome)),
        "title": line(f"{clause.id}, {control.id}: {control.title} ({whose})"),
        "description": line(control.statement),
        "props": list(_finding_props(clause, outcome)),
        "target": target,
        "related-observations": [{"observation-uuid": each["uuid"]} for each in observed],
        "related-risks": [{"risk-uuid": risk_id(each)} for each in waivers_of(outcome)],
        "remarks": line(control.fix) if outcome.state is State.FAIL else None,
    }
    return told(content)


def _finding_props(clause: Clause, outcome: Outcome) -> Iterator[dict[str, str]]:
    counts = outcome.counts
    yield prop("control", outcome.control.id)
    yield prop("result-state", outcome.state)
    yield prop("severity", outcome.control.severity)
    if outcome.team is not None:
        yield prop("team", outcome.team)
    for name, rate in (
        ("pass-rate", counts.pass_rate),
        ("pass-rate-with-waivers", counts.pass_rate_with_waivers),
        ("coverage", outcome.coverage),
    ):
        if rate is not None:
            yield prop(name, f"{rate:.6g}")
    if clause.from_ is not None and clause.from_ >= outcome.window.end:
        yield prop("clause-takes-effect", clause.from_)


def _resources(assessment: Assessment, outcomes: list[Outcome]) -> Iterator[dict[str, Any]]:
    controls = dict.fromkeys((one.control.id, one.control.version) for one in outcomes)
    named = ", ".join(f"{control} version {version}" for control, version in controls)
    yield {"uuid": _PLAN, "title": "Definitions of the controls", "description": line(named)}
    for each in dict.fromkeys(assessment.evidence):
        file = {
            "href": href(each.href),
            "media-type": each.media_type,
            "hashes": [{"algorithm": "SHA-256", "value": each.sha256}],
        }
        yield {"uuid": resource_id(each), "title": line(each.title), "rlinks": [told(file)]}

"""SARIF 2.1.0: failing members for the tools that list findings of scanners.

One run; its rules are the controls. A member that fails is a result of kind `fail`; one of which
nobody can tell is `open`, or `review` where a person has to answer. What passes or does not apply
is counted with its rule. A waiver is a suppression: the result stays. A control that could not be
evaluated is a notification, and the run was no success. Source of the format: OASIS, SARIF 2.1.0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.reports.assessment import Assessment
from app.reports.plain import line, moment
from app.reports.sarif_results import FINGERPRINT, LEVELS, braced, results, said
from data.controls.definition import Control
from data.controls.state import State

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def sarif(assessment: Assessment) -> bytes:
    """The log, as JSON in UTF-8. The same outcomes give the same bytes.

    Raises:
        ReportRefused: if a result names a waiver of which no approval is told.
    """
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(assessment)]}
    return (json.dumps(log, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _run(assessment: Assessment) -> dict[str, Any]:
    framework, window = assessment.framework, assessment.window
    controls = {one.control.id: one.control for one in assessment.outcomes}
    places = {name: index for index, name in enumerate(controls)}
    run = {
        "tool": {
            "driver": {
                "name": "Cairn",
                "version": line(assessment.tool),
                "rules": [_rule(assessment, control) for control in controls.values()],
            }
        },
        "automationDetails": {"id": _id(assessment)},
        "invocations": [_invocation(assessment)],
        "results": _results(assessment, places),
        "properties": {
            "organisation": line(assessment.organisation),
            "snapshot": assessment.snapshot,
            "asOf": moment(assessment.as_of),
            "from": window.start.isoformat(),
            "before": window.end.isoformat(),
        },
    }
    if framework is not None:
        run["taxonomies"] = [_taxonomy(assessment)]
    return run


def _id(assessment: Assessment) -> str:
    """What the same question has in every run, up to its last `/`."""
    framework = assessment.framework.id if assessment.framework else "all"
    teams = [line(one.team or "all").replace("/", "-") for one in assessment.outcomes]
    return f"cairn/{framework}/{'+'.join(dict.fromkeys(teams))}/{assessment.window.label}"


def _taxonomy(assessment: Assessment) -> dict[str, Any]:
    framework = assessment.framework
    if framework is None:
        return {}
    clauses = {clause.id: clause for clause, _ in assessment.answered()}
    return {
        "name": framework.id,
        "fullName": line(framework.title),
        "version": line(framework.edition),
        "organization": line(framework.publisher),
        "taxa": [
            {"id": clause.id, "shortDescription": said(clause.title)} for clause in clauses.values()
        ],
    }


def _rule(assessment: Assessment, control: Control) -> dict[str, Any]:
    clauses = [f"{name}/{each}" for name, of in control.clauses.items() for each in of]
    rule: dict[str, Any] = {
        "id": control.id,
        "name": control.id,
        "shortDescription": said(control.title),
        "fullDescription": said(control.statement),
        "help": {
            "text": braced(f"{line(control.why)} {line(control.fix)}"),
            "markdown": braced(
                f"**Why it matters.** {line(control.why)}\n\n**What to do.** {line(control.fix)}"
                f"\n\n**Where the rule comes from.** {line(control.source)}"
            ),
        },
        "defaultConfiguration": {"level": LEVELS[control.severity]},
        "properties": {
            "tags": [line(control.area), *clauses],
            "severity": control.severity.value,
            "version": control.version,
            "sha256": control.sha256,
            "members": _counts(assessment, control),
        },
    }
    if assessment.framework is not None:
        rule["relationships"] = [
            {"target": {"id": each, "toolComponent": {"name": assessment.framework.id, "index": 0}}}
            for each in control.clauses.get(assessment.framework.id, ())
        ]
    return rule


def _counts(assessment: Assessment, control: Control) -> dict[str, dict[str, int | None]]:
    """Of each team, or all: members by state; null where they are withheld."""
    return {
        line(one.team or "all"): {
            **{state.value: one.told(one.counts.of(state)) for state in State},
            "waived": one.told(one.counts.waived),
            "excluded": one.told(sum(one.counts.excluded.values())),
        }
        for one in assessment.outcomes
        if one.control.id == control.id
    }


def _invocation(assessment: Assessment) -> dict[str, Any]:
    broken = [one for one in assessment.outcomes if one.error is not None]
    return {
        "executionSuccessful": not broken,
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": said(f"{one.control.id} could not be evaluated: {one.error}"),
                "associatedRule": {"id": one.control.id},
            }
            for one in broken
        ],
        "properties": {"asOf": moment(assessment.as_of), "snapshot": assessment.snapshot},
    }


def _results(assessment: Assessment, places: Mapping[str, int]) -> list[dict[str, Any]]:
    """Each member once, also where several teams that nest were asked for."""
    found: dict[str, dict[str, Any]] = {}
    for outcome in assessment.outcomes:
        for each in results(assessment, outcome, places[outcome.control.id]):
            found.setdefault(each["partialFingerprints"][FINGERPRINT], each)
    return list(found.values())

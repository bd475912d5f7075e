"""What was seen, as OSCAL observations: of a control its counts, and each member not passing."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.reports.assessment import Assessment, Evidence
from app.reports.oscal_attested import attested
from app.reports.oscal_people import is_waived
from app.reports.oscal_values import identifier, prop, told
from app.reports.plain import href, is_web, line, markup, moment, written
from app.viewer import FEW
from data.controls.definition import Kind
from data.controls.outcome import Counts, Outcome, Result
from data.controls.state import State

TOOL = identifier("tool")
"""Id of Cairn itself among what an assessment used."""

TOLD_EACH = (State.FAIL, State.ERROR, State.MANUAL)
"""Members that have an observation of their own; the others are told together."""


def about(outcome: Outcome) -> tuple[object, ...]:
    """What an outcome answers, whatever the answer is: the same in the next export."""
    window = outcome.window
    return outcome.control.id, outcome.team or "", window.start, window.end


def resource_id(evidence: Evidence) -> str:
    """Id of a file among the resources: of its place and its contents."""
    return identifier("evidence", evidence.href, evidence.sha256)


def observations(assessment: Assessment, outcome: Outcome) -> list[dict[str, Any]]:
    """The observations of one outcome, that of the whole control first."""
    return [
        _of_control(assessment, outcome),
        *_of_members(assessment, outcome),
        *_of_unknown(outcome),
    ]


def waived_observations(outcome: Outcome, waiver: str) -> list[str]:
    """Ids of the observations of members that a waiver covers."""
    numbered = _numbered(outcome)
    return [uuid for uuid, result in numbered if result.waiver == waiver and is_waived(result)]


def _of_control(assessment: Assessment, outcome: Outcome) -> dict[str, Any]:
    control = outcome.control
    content = {
        "uuid": identifier("observation", *about(outcome)),
        "title": line(f"{control.id}: {control.title}"),
        "description": line(_in_words(outcome)),
        "props": list(_props_of_control(outcome)),
        "methods": ["EXAMINE" if control.kind is Kind.MANUAL else "TEST"],
        "origins": _origins(),
        "relevant-evidence": [
            {"href": f"#{resource_id(each)}", "description": line(each.title)}
            for each in assessment.evidence
            if each.control == control.id
        ],
        "collected": moment(outcome.as_of),
    }
    return told(content)


def _in_words(outcome: Outcome) -> str:
    counts, (one, several) = outcome.counts, outcome.control.counts
    if outcome.error is not None:
        return f"The control could not be evaluated: {outcome.error}"
    if outcome.is_withheld:
        return f"Withheld: it is about {FEW}, and names are hidden."
    of = {state: counts.of(state) for state in State}
    parts = [f"{number} {state.replace('_', ' ')}" for state, number in of.items() if number]
    said = f"{counts.total} {one if counts.total == 1 else several}"
    return (
        f"{said}{': ' if parts else ''}{', '.join(parts)}. Waived: {counts.waived}. "
        f"Left out on purpose: {sum(counts.excluded.values())}. Members that pass, or to which "
        "the control does not apply, are counted here only."
    )


def _props_of_control(outcome: Outcome) -> Iterator[dict[str, str]]:
    control = outcome.control
    yield prop("control", control.id)
    yield prop("control-version", control.version)
    if control.sha256:
        yield prop("control-sha256", control.sha256)
    yield prop("statement-sha256", _hash(outcome))
    yield prop("result-state", outcome.state)
    for name, value in outcome.parameters.items():
        yield prop(f"parameter-{name}", written(value))
    if not outcome.is_withheld:
        yield from _props_of_counts(outcome.counts)


def _props_of_counts(counts: Counts) -> Iterator[dict[str, str]]:
    for state in State:
        yield prop(f"members-{state.replace('_', '-')}", counts.of(state))
    yield prop("members-waived", counts.waived)
    for reason, number in sorted(counts.unknown_by.items()):
        yield prop(f"members-unknown-{reason.replace('_', '-')}", number)
    for name, number in counts.excluded.items():
        yield prop("members-excluded", f"{number} {name}")


def _hash(outcome: Outcome) -> str:
    """Of the SQL that was run, and what it was run with."""
    statement = outcome.statement
    parameters = {name: written(value) for name, value in statement.parameters.items()}
    ran = json.dumps([statement.sql, parameters], sort_keys=True)
    return hashlib.sha256(ran.encode()).hexdigest()


def _of_members(assessment: Assessment, outcome: Outcome) -> Iterator[dict[str, Any]]:
    for uuid, result in _numbered(outcome):
        content = {
            "uuid": uuid,
            "title": markup(f"{result.state}: {result.title}"),
            "description": markup(result.detail or result.title),
            "props": list(_props_of_member(result)),
            "methods": ["EXAMINE" if result.state is State.MANUAL else "TEST"],
            "origins": _origins(),
            "relevant-evidence": _at_its_source(result),
            "collected": moment(outcome.as_of),
        }
        if result.attestation is not None:
            content |= attested(assessment.attestation(result.attestation))
        yield told(content)


def _of_unknown(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """What nobody can tell, by source and reason."""
    together: dict[tuple[str, str], list[Result]] = {}
    for result in outcome.results:
        if result.state is State.UNKNOWN:
            key = (result.source or "no source", result.reason or "no reason")
            together.setdefault(key, []).append(result)
    for (source, reason), unknown in together.items():
        first = unknown[0]
        many = f"{len(unknown)} {outcome.control.counts[len(unknown) > 1]}"
        yield {
            "uuid": identifier("observation", *about(outcome), "unknown", source, reason),
            "title": markup(f"unknown: {many} of {source}, {reason.replace('_', ' ')}"),
            "description": markup(f"Such as {first.title}: {first.detail or 'nobody can tell'}"),
            "props": [
                prop("result-state", State.UNKNOWN),
                prop("reason", reason),
                prop("source", source),
                prop("members", len(unknown)),
            ],
            "methods": ["TEST"],
            "origins": _origins(),
            "collected": moment(outcome.as_of),
        }


def _numbered(outcome: Outcome) -> Iterator[tuple[str, Result]]:
    """The members told each, with ids that stay different where two have one name."""
    seen: Counter[tuple[str | None, str]] = Counter()
    for result in outcome.results:
        if result.state in TOLD_EACH:
            name = (result.source, result.id)
            yield identifier("observation", *about(outcome), *name, seen[name]), result
            seen[name] += 1


def _props_of_member(result: Result) -> Iterator[dict[str, str]]:
    happened_at = moment(result.happened_at) if result.happened_at else None
    for name, value in (
        ("member", result.id),
        ("result-state", result.state),
        ("reason", result.reason),
        ("source", result.source),
        ("team", result.team),
        ("happened-at", happened_at),
        ("waiver", result.waiver),
        ("attestation", result.attestation),
    ):
        if value is not None:
            yield prop(name, value)
    for name, value in result.columns.items():
        if value is not None:
            yield prop(name, written(value), "column")


def _at_its_source(result: Result) -> list[dict[str, str]]:
    if result.url is None or not is_web(result.url):
        return []
    return [{"href": href(result.url), "description": "Where its source shows it."}]


def _origins() -> list[dict[str, Any]]:
    return [{"actors": [{"type": "tool", "actor-uuid": TOOL}]}]

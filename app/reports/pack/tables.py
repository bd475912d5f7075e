"""The tables of an evidence pack as CSV: in UTF-8, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from app.cli.output import harmless
from app.controls import control_row
from app.reports.assessment import Assessment
from data.controls.mainline import Mainline
from data.controls.outcome import Outcome, Result
from data.controls.reconciliation import Reconciliation
from data.controls.state import State

Row = Mapping[str, Any]


def csv_of(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """Rows as CSV with a head, also where there are none."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell(row[name])) for name in columns] for row in rows)
    return text.getvalue().encode()


def cell(value: object) -> str:
    """A value as text: nothing for what is not known, times as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, default=cell, ensure_ascii=False, sort_keys=True)
    return str(value)


RESULTS = ("control", "version", "title", "severity", "state", "pass_rate",
           "pass_rate_with_waivers", "coverage", "pass", "fail", "error", "unknown",
           "not_applicable", "manual", "waived", "excluded", "unknown_by", "error_text",
           "sha256")  # fmt: skip


def results(assessment: Assessment) -> Iterator[Row]:
    """One row a control."""
    for one in assessment.outcomes:
        told = control_row(one)
        errors = one.told(one.counts.of(State.ERROR))
        yield {**told, "error": errors, "error_text": one.error, "sha256": one.control.sha256}


_MEMBER = ("id", "is_place", "title", "team", "repository", "source", "happened_at", "state",
           "reason", "detail", "waiver", "attestation", "url")  # fmt: skip


def member_columns(outcome: Outcome) -> tuple[str, ...]:
    """What is told of each member of a population."""
    own = [name for name in outcome.control.columns if name not in _MEMBER]
    return (*_MEMBER, *own)


def members(outcome: Outcome, some: Iterable[Result] | None = None) -> Iterator[Row]:
    """One row a member, or of some of them; `is_place`: it stands for what cannot be seen."""
    for one in outcome.results if some is None else some:
        told = {name: getattr(one, name) for name in _MEMBER}
        own = {name: one.columns.get(name) for name in member_columns(outcome)[len(_MEMBER) :]}
        yield {**told, "state": one.state.value,
               "reason": one.reason.value if one.reason else None, **own}  # fmt: skip


LEFT_OUT = ("control", "id", "title", "team", "reason", "why", "url")


def left_out(assessment: Assessment) -> Iterator[Row]:
    """One row is one row that a control leaves out on purpose."""
    for outcome in assessment.outcomes:
        why = {each.name: " ".join(each.why.split()) for each in outcome.control.excluded}
        for one in outcome.left_out:
            yield {
                "control": outcome.control.id,
                "id": one.id,
                "title": one.title,
                "team": one.team,
                "reason": one.reason,
                "why": why.get(one.reason),
                "url": one.url,
            }


RECONCILED = ("control", "told", "left_out", "members", "unseen", "pass", "fail", "error",
              "unknown", "not_applicable", "manual", "adds_up")  # fmt: skip


def reconciled(counted: Mapping[str, Reconciliation]) -> Iterator[Row]:
    """One row a control: how many rows its population tells of, and where each of them went."""
    for name, one in counted.items():
        yield {
            "control": name,
            "told": one.told,
            "left_out": sum(one.left_out.values()),
            "members": one.members,
            "unseen": one.places,
            **{state.value: one.by_state.get(state, 0) for state in State},
            "adds_up": one.adds_up,
        }


MAINLINES = tuple(each.name for each in fields(Mainline))


def mainlines(counted: Iterable[Mainline]) -> Iterator[Row]:
    """One row a repository: what its mainline has, and what its host tells of."""
    return map(asdict, counted)


WAIVERS = ("id", "control", "scope", "reason", "justification", "requester", "approver", "ticket",
           "compensating", "from", "until", "state")  # fmt: skip


def waivers(assessment: Assessment) -> Iterator[Row]:
    """One row a waiver of one of the controls, whatever became of it."""
    ids = {outcome.control.id for outcome in assessment.outcomes}
    day = assessment.as_of.date()
    for one in assessment.waivers.all:
        if one.control in ids:
            yield {
                "id": one.id,
                "control": one.control,
                "scope": str(one.scope),
                "reason": one.reason.value,
                "justification": one.justification,
                "requester": one.requester,
                "approver": one.approved.by if one.approved else None,
                "ticket": one.ticket,
                "compensating": one.compensating,
                "from": one.start,
                "until": one.until,
                "state": one.state(day).value,
            }


ATTESTATIONS = ("id", "control", "scope", "from", "to", "answer", "statement", "attested_by",
                "reviewer", "until", "evidence", "state")  # fmt: skip


def attestations(assessment: Assessment) -> Iterator[Row]:
    """One row an attestation of one of the controls, whatever became of it."""
    ids = {outcome.control.id for outcome in assessment.outcomes}
    day = assessment.as_of.date()
    for one in assessment.attestations.all:
        told = one.told
        if told.control in ids:
            yield {
                "id": one.id,
                "control": told.control,
                "scope": str(told.scope),
                "from": told.start,
                "to": told.end,
                "answer": told.answer.value,
                "statement": told.statement,
                "attested_by": told.attested_by,
                "reviewer": told.reviewer,
                "until": one.until,
                "evidence": [f"{e.told} sha256 {e.sha256 or 'none'}" for e in told.evidence],
                "state": one.state(day).value,
            }

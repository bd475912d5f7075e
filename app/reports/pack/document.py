"""The document that leads an auditor through a pack, as PDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.reports.assessment import Assessment
from app.reports.pack.evidence import Pieces, Samples
from app.reports.pack.tables import cell, member_columns, members
from app.reports.pdf import pdf
from app.wording import percent
from data.controls.evidence.piece import Piece
from data.controls.outcome import Outcome, Result
from data.controls.state import State

_TEMPLATE = Path(__file__).with_suffix(".typ")
_MOST_SHOWN = 20
_SIGNS = {
    State.PASS: "passes",
    State.FAIL: "fails",
    State.ERROR: "could not be evaluated",
    State.UNKNOWN: "unknown",
    State.NOT_APPLICABLE: "not applicable",
    State.MANUAL: "answered by a person",
}


def document(
    assessment: Assessment,
    samples: Samples,
    pieces: Pieces,
    about: Mapping[str, str],
) -> bytes:
    """The document: what was asked, what controls came to, and a page for each sampled member.

    The same content gives the same bytes. Accessible as PDF/UA-1 asks.

    Args:
        assessment: what controls came to.
        samples: members to show one by one.
        pieces: what each of them is tested with again.
        about: what to have the answer again with, in words, in their order.

    Raises:
        NotSet: if something that it says has signs that no font shows.
    """
    title = assessment.framework.title if assessment.framework else "All controls"
    content = {
        "organisation": assessment.organisation,
        "title": title,
        "edition": assessment.framework.edition if assessment.framework else "",
        "about": list(about.items()),
        "summary": [_summary(one) for one in assessment.outcomes],
        "controls": [_control(one) for one in assessment.outcomes],
        "samples": [page for one in assessment.outcomes
                    for page in _pages(one, samples.get(one.control.id, ()), pieces)],
    }  # fmt: skip
    fix = "install a font that has these signs, or take them out of the names"
    return pdf(_TEMPLATE, content, assessment.as_of, f"the evidence pack of {title}", fix)


def _summary(one: Outcome) -> list[str]:
    counts = one.counts
    numbers = [_number(one, counts.of(state)) for state in (State.PASS, State.FAIL, State.UNKNOWN)]
    rates = [_share(counts.pass_rate), _share(counts.pass_rate_with_waivers),
             _share(one.coverage)]  # fmt: skip
    return [one.control.id, one.control.title, _SIGNS[one.state], *rates, *numbers]


def _control(one: Outcome) -> dict[str, Any]:
    control, counts = one.control, one.counts
    failing = [result for result in one.results if result.state is State.FAIL]
    unknown = [f"{reason.value.replace('_', ' ')}: {n}" for reason, n in counts.unknown_by.items()]
    left_out = [f"{name}: {n}" for name, n in one.excluded.items()]
    return {
        "id": control.id,
        "title": control.title,
        "state": _SIGNS[one.state],
        "statement": " ".join(control.statement.split()),
        "why": " ".join(control.why.split()),
        "fix": " ".join(control.fix.split()),
        "facts": [
            ["Severity", control.severity.value],
            ["Owner", control.owner],
            ["Population", f"{_number(one, counts.total)} {control.counts[counts.total != 1]}"],
            ["Pass rate", _share(counts.pass_rate)],
            ["Pass rate with waivers", _share(counts.pass_rate_with_waivers)],
            ["Coverage", _share(one.coverage)],
            *[[_SIGNS[state].capitalize(), _number(one, counts.of(state))] for state in State],
            ["Waived", _number(one, counts.waived)],
            ["Unknown, because of", ", ".join(unknown) or "–"],
            ["Left out on purpose", ", ".join(left_out) or "none"],
            ["Definition", f"version {control.version}, sha256 {control.sha256}"],
        ],
        "failing": [[r.title, r.detail or "", r.waiver or "", r.url or ""]
                    for r in failing[:_MOST_SHOWN]],
        "more": max(0, len(failing) - _MOST_SHOWN),
        "error": one.error or "",
    }  # fmt: skip


def _pages(one: Outcome, drawn: tuple[Result, ...], pieces: Pieces) -> Iterator[dict[str, Any]]:
    rows = members(one, drawn)
    for number, (result, row) in enumerate(zip(drawn, rows, strict=True), start=1):
        yield {
            "control": one.control.id,
            "title": one.control.title,
            "number": number,
            "of": len(drawn),
            "facts": [[name.replace("_", " "), cell(row[name]) or "–"]
                      for name in member_columns(one) if name != "is_place"],
            "evidence": [_piece(piece) for piece in pieces.get(result.id, ())],
        }  # fmt: skip


def _piece(one: Piece) -> list[str]:
    at = f"{one.happened_at:%Y-%m-%d %H:%M}" if one.happened_at else ""
    return [one.part, one.what or "", ", ".join(one.who), at, one.says or "", one.url or ""]


def _number(one: Outcome, count: int) -> str:
    """One of its counts; a dash where they are withheld."""
    return str(count) if one.told(count) is not None else "–"


def _share(rate: float | None) -> str:
    return "–" if rate is None else percent(rate)

"""Outcomes of controls as plain values: the same for command line, API and report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from data.controls.outcome import Outcome
from data.controls.state import State


def envelope(found: Sequence[Outcome]) -> dict[str, Any]:
    """What names an evaluation, so that it can be had again."""
    first = found[0]
    return {
        "snapshot": first.snapshot,
        "as_of": first.as_of,
        "definition": [
            {
                "id": one.control.id,
                "version": one.control.version,
                "sha256": one.control.sha256,
                "parameters": dict(one.parameters),
            }
            for one in found
        ],
        "scope": {"team": first.team, "from": first.window.start, "to": first.window.end},
    }


def control_row(one: Outcome) -> dict[str, Any]:
    """What a control came to, as a flat row."""
    counts = one.counts
    return {
        "control": one.control.id,
        "version": one.control.version,
        "title": one.control.title,
        "severity": one.control.severity.value,
        "state": one.state.value,
        "pass_rate": counts.pass_rate,
        "pass_rate_with_waivers": counts.pass_rate_with_waivers,
        "coverage": one.coverage,
        **{state.value: one.told(counts.of(state)) for state in State},
        "waived": one.told(counts.waived),
        "excluded": dict(counts.excluded),
        "unknown_by": {reason.value: n for reason, n in counts.unknown_by.items()},
        "error": one.error,
    }


def result_rows(one: Outcome) -> Iterator[dict[str, Any]]:
    """What a control says of each member, as flat rows."""
    for result in one.results:
        yield {
            "control": one.control.id,
            "id": result.id,
            "source": result.source,
            "title": result.title,
            "team": result.team,
            "happened_at": result.happened_at,
            "state": result.state.value,
            "reason": result.reason.value if result.reason else None,
            "detail": result.detail,
            "waiver": result.waiver,
            "url": result.url,
        }

"""Controls and outcomes that tests make up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from data.controls.definition import Control
from data.controls.outcome import Outcome, Result, Statement
from data.controls.state import Reason, State
from tests.data.controls.cases import MAY

AS_OF = datetime(2026, 5, 31, tzinfo=UTC)


def control(**fields: Any) -> Control:
    """A control over all changes that landed, each of which passes."""
    told: dict[str, Any] = {
        "id": "XX-01",
        "title": "Changes land",
        "version": 1,
        "area": "change management",
        "statement": "Each change lands.",
        "why": "It must.",
        "fix": "Land it.",
        "source": "These tests.",
        "severity": "high",
        "frequency": "continuous",
        "owner": "CoE",
        "counts": ("change", "changes"),
        "over": "events",
        "rows_from": ("change",),
        "population": "select *\nfrom merged_change",
        "test": "select id, 'pass' as state, null as reason, null as detail\nfrom population",
        "clauses": {"soc2": ("CC8.1",)},
    }
    return Control.model_validate({**told, **fields})


def result(row: str, state: State, **fields: Any) -> Result:
    """What a control says of one row of team `core`."""
    told: dict[str, Any] = {
        "id": row,
        "source": "test",
        "title": f"Change {row}",
        "url": f"https://git.example/{row}",
        "team": "core",
        "happened_at": AS_OF,
        "state": state,
        "reason": Reason.NO_DATA if state is State.UNKNOWN else None,
        "detail": None if state is State.PASS else f"it is {state}",
    }
    return Result(**{**told, **fields})


def outcome(snapshot: str, *results: Result, **fields: Any) -> Outcome:
    """What `XX-01` came to in May 2026."""
    told: dict[str, Any] = {
        "control": control(),
        "snapshot": snapshot,
        "as_of": AS_OF,
        "team": None,
        "window": MAY,
        "parameters": {},
        "results": results,
        "excluded": {},
        "statement": Statement("select 1", {}),
    }
    return Outcome(**{**told, **fields})

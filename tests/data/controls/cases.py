"""The example cases of a control: rows of facts, and what the control must say of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import pyarrow as pa

from data.controls.definition import Control
from data.controls.engine import Asked, evaluate
from data.controls.given import SHAPES, Given
from data.controls.outcome import Outcome
from data.controls.state import Reason, State
from data.period import Window
from data.store.snapshot import Snapshot

Case = dict[str, Any]

MAY = Window(date(2026, 5, 1), date(2026, 6, 1))
_MIDDLE = datetime.fromisoformat("2026-05-15T12:00")
_BEFORE = datetime.fromisoformat("2026-04-01")
_USUAL: Mapping[str, Any] = {
    "source": "test",
    "repository": "web",
    "team": "core",
    "what": "it is refused",
    "fix": "give the right",
    "local_at": _MIDDLE,
    "happened_at": _MIDDLE,
    "merged_at": _MIDDLE,
    "deployed_at": _MIDDLE,
    "opened_at": _MIDDLE,
    "started_at": _MIDDLE,
    "began_at": _BEFORE,
    "read_at": datetime.fromisoformat("2026-05-31T12:00"),
    "tier": "production",
    "environment": "production",
    "is_direct": False,
    "is_bot": False,
    "is_default_branch": True,
}
"""What a row of a case says of itself unless it says otherwise; all else is null."""


def outcome(
    snapshot: Snapshot, control: Control, case: Case, *, sees_names: bool = True
) -> Outcome:
    """Evaluates a control over May 2026 on the rows of a case, and on nothing else."""
    told = case["given"]
    given = Given({name: _given(name, rows) for name, rows in told.items() if name in SHAPES})
    beside = {
        name: table(snapshot, name, rows) for name, rows in told.items() if name not in SHAPES
    }
    own = {control.id: case.get("parameters", {})}
    asked = Asked(MAY, parameters=own, sees_names=sees_names, given=given, beside=beside)
    return evaluate(snapshot, control, asked)


def _given(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {key: _fit(value, SHAPES[name].field(key).type) for key, value in r.items()} for r in rows
    ]


def table(snapshot: Snapshot, name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows of a fact; what they do not say is usual, or null."""
    schema = snapshot.query(f"from {name} limit 0").schema
    unknown = {key for row in rows for key in row} - set(schema.names)
    assert not unknown, f"{name} has no column {', '.join(sorted(unknown))}"
    made = []
    for number, row in enumerate(rows):
        own = {"id": f"{name}/{number}", **row}
        full = {**_USUAL, "title": own["id"], **own}
        made.append({key: _fit(full.get(key), schema.field(key).type) for key in schema.names})
    return pa.Table.from_pylist(made, schema=schema)


def _fit(value: Any, kind: pa.DataType) -> Any:
    """YAML tells no time zones: times are UTC where the column has one, else of the wall clock."""
    if isinstance(value, date) and not isinstance(value, datetime) and pa.types.is_timestamp(kind):
        value = datetime.combine(value, time())
    if isinstance(value, datetime) and pa.types.is_timestamp(kind):
        return value.replace(tzinfo=UTC if kind.tz else None)
    return value


def assert_as_expected(found: Outcome, expect: Case) -> None:
    """Compares all that a case expects."""
    assert found.error is None
    told = [(r.id, r.state.value, r.reason, r.detail) for r in found.results]
    assert found.state == State(expect["state"]), told
    for state in State:
        if state.value in expect:
            assert found.counts.of(state) == expect[state.value], (state, told)
    assert all((r.reason is None) is (r.state is not State.UNKNOWN) for r in found.results), told
    assert all(r.detail is None for r in found.results if r.state is State.PASS), told
    if "reason" in expect:
        assert set(found.counts.unknown_by) == {Reason(expect["reason"])}, told
    if "detail" in expect:
        assert expect["detail"] in {r.detail for r in found.results}, told
    if "excluded" in expect:
        assert found.excluded == expect["excluded"]

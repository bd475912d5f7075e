"""What a control stands at, after what it stood at and what was just found.

Better counts at once. Worse counts when it is found twice in a row, since a source that is read at
the wrong moment is no failure.
"""

from __future__ import annotations

from data.controls.state import State

_RANK = {
    State.FAIL: 0,
    State.ERROR: 1,
    State.UNKNOWN: 2,
    State.NOT_APPLICABLE: 3,
    State.MANUAL: 4,
    State.PASS: 5,
}


def standing(stood: State | None, found_before: State | None, found: State) -> State:
    """The state that is shown and reported.

    Args:
        stood: what it stood at; None: it was never evaluated.
        found_before: what the evaluation before found.
        found: what this one found.
    """
    if stood is None or not is_worse(found, stood):
        return found
    if found_before is not None and is_worse(found_before, stood):
        return found
    return stood


def is_worse(one: State, other: State) -> bool:
    """Whether one state is further down than another."""
    return _RANK[one] < _RANK[other]

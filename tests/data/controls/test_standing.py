"""A control falls when it is found worse twice in a row, and rises at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.controls.standing import is_worse, standing
from data.controls.state import State, whole

P, F, U = State.PASS, State.FAIL, State.UNKNOWN


@pytest.mark.parametrize(
    ("found", "stands"),
    [
        ([P], [P]),
        ([F], [F]),
        ([P, F], [P, P]),
        ([P, F, F], [P, P, F]),
        ([P, F, P, F], [P, P, P, P]),
        ([F, P], [F, P]),
        ([F, P, F, F], [F, P, P, F]),
        ([P, U, F], [P, P, F]),
        ([P, F, U], [P, P, U]),
        ([U, P, U, U], [U, P, P, U]),
    ],
)
def test_down_takes_two_evaluations_and_up_one(found: list[State], stands: list[State]) -> None:
    assert _course(found) == stands


@given(st.lists(st.sampled_from(State), min_size=1, max_size=12))
def test_it_never_stands_below_what_was_just_found_and_never_falls_at_once(
    found: list[State],
) -> None:
    stands = _course(found)
    for at, (now, stood) in enumerate(zip(found, stands, strict=True)):
        assert not is_worse(stood, now)
        if at and is_worse(stood, stands[at - 1]):
            assert is_worse(found[at - 1], stands[at - 1])


@pytest.mark.parametrize(
    ("states", "together"),
    [
        ([], State.NOT_APPLICABLE),
        ([P, P], P),
        ([P, F, State.ERROR, U], F),
        ([P, State.ERROR, U], State.ERROR),
        ([P, U, State.MANUAL], U),
        ([P, State.MANUAL], State.MANUAL),
        ([State.NOT_APPLICABLE, P], P),
    ],
)
def test_a_control_is_as_good_as_its_worst_member(states: list[State], together: State) -> None:
    assert whole(states) is together


def _course(found: list[State]) -> list[State]:
    stood: State | None = None
    before: State | None = None
    stands = []
    for now in found:
        stood, before = standing(stood, before, now), now
        stands.append(stood)
    return stands

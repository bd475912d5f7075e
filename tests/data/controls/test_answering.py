"""How far a control that asks people is answered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from data.controls.answering import Standing, answered, asks_people
from data.controls.catalogue import catalogue
from data.decisions.attestation import Answer, Attestation, Attestations, Attested
from data.decisions.scope import ORGANISATION
from tests.data.controls.made import control

DAY = date(2026, 6, 1)


def attestation(days_left: int = 100, answer: Answer = Answer.HOLDS, **fields: Any) -> Attestation:
    until = DAY + timedelta(days=days_left)
    told = Attested(
        control="XX-01",
        scope=ORGANISATION,
        start=date(2026, 1, 1),
        end=date(2026, 4, 1),
        answer=answer,
        statement="all of it",
        evidence=(),
        attested_by="ada",
        reviewer="bo",
        until=until,
    )
    return Attestation("a", told, until, datetime(2026, 4, 2, tzinfo=UTC), **fields)


WITHDRAWN = {"withdrawn": ("cy", "wrong", datetime(2026, 5, 1, tzinfo=UTC))}


@pytest.mark.parametrize(
    ("waiting", "rows", "made", "standing"),
    [
        (0, 0, [], Standing.NOTHING_TO_ANSWER),
        (5, 0, [], Standing.MISSING),
        (5, 0, [attestation(-1)], Standing.DUE),
        (5, 0, [attestation(**WITHDRAWN)], Standing.MISSING),
        (5, 2, [attestation()], Standing.IN_PART),
        (0, 5, [attestation(30)], Standing.EXPIRING),
        (0, 5, [attestation(31)], Standing.ANSWERED),
        (0, 5, [attestation(0)], Standing.EXPIRING),
        (3, 2, [attestation(answer=Answer.DOES_NOT_HOLD)], Standing.DOES_NOT_HOLD),
        (5, 0, [attestation(-1, Answer.DOES_NOT_HOLD)], Standing.DUE),
    ],
)
def test_the_standing_is_that_of_what_counts_on_the_day(
    waiting: int, rows: int, made: list[Attestation], standing: Standing
) -> None:
    found = answered(control(), waiting, rows, Attestations(tuple(made)), DAY)
    assert found.standing is standing


def test_answers_to_other_controls_are_none_to_this_one() -> None:
    made = Attestations((attestation(),))
    assert answered(control(id="XX-02"), 3, 0, made, DAY).standing is Standing.MISSING
    assert asks_people(control(), made)
    assert not asks_people(control(id="XX-02"), made)


def test_manual_controls_and_those_that_wait_for_a_word_ask_people() -> None:
    known = catalogue().controls
    asking = {name for name, one in known.items() if asks_people(one, Attestations())}
    assert {"PD-01", "ML-09", "CM-10", "CM-11"} <= asking
    assert "CM-03" not in asking

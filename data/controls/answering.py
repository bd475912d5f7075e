"""Which controls wait for the word of a person, and how far each is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from data.controls.definition import Control, Kind
from data.controls.state import Reason
from data.decisions.attestation import Answer, Attestation, Attestations, State

SOON = timedelta(days=30)
"""What ends within this time is told beforehand."""


class Standing(StrEnum):
    """How far a control is answered on a day, what is most urgent first."""

    DOES_NOT_HOLD = "does not hold"
    MISSING = "missing"
    """Nobody ever answered, and something waits."""
    DUE = "due"
    """It was answered, the answer has ended, and something waits."""
    IN_PART = "in part"
    """Something is answered, and something else waits."""
    EXPIRING = "expiring"
    """All is answered, and an answer ends soon."""
    WITHHELD = "withheld"
    """It is about too few people to be told."""
    ANSWERED = "answered"
    NOTHING_TO_ANSWER = "nothing to answer"


@dataclass(frozen=True, slots=True)
class Answered:
    """What people answered to one control."""

    control: Control
    waiting: int
    """Members that wait for an answer."""
    answered: int
    """Members whose state rests on one."""
    valid: tuple[Attestation, ...]
    """Those that count on the day, the newest first."""
    expired: tuple[Attestation, ...]
    day: date
    is_withheld: bool = False
    """Whether it is about too few people to be told, so that the members are not counted."""

    @property
    def standing(self) -> Standing:
        """How far it is."""
        if self.is_withheld:
            return Standing.WITHHELD
        if any(one.told.answer is Answer.DOES_NOT_HOLD for one in self.valid):
            return Standing.DOES_NOT_HOLD
        if self.waiting:
            if self.answered:
                return Standing.IN_PART
            return Standing.DUE if self.expired else Standing.MISSING
        if not self.answered:
            return Standing.NOTHING_TO_ANSWER
        is_soon = any(one.until - self.day <= SOON for one in self.valid)
        return Standing.EXPIRING if is_soon else Standing.ANSWERED


def asks_people(control: Control, made: Attestations) -> bool:
    """Whether a person may be asked: always, or where its test says that nobody answered."""
    if control.kind is Kind.MANUAL or Reason.NOT_ATTESTED.value in (control.test or ""):
        return True
    return any(one.told.control == control.id for one in made.all)


def answered(control: Control, waiting: int, rows: int, made: Attestations, day: date) -> Answered:
    """How far one control is answered.

    Args:
        control: which.
        waiting: its members that wait for an answer.
        rows: those whose state rests on one.
        made: all attestations.
        day: on which they have to count (UTC).
    """
    mine = [one for one in reversed(made.all) if one.told.control == control.id]
    by_state = {
        state: tuple(one for one in mine if one.state(day) is state)
        for state in (State.VALID, State.EXPIRED)
    }
    return Answered(control, waiting, rows, by_state[State.VALID], by_state[State.EXPIRED], day)

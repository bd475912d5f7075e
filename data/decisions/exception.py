"""Exceptions: what a promotion may lack for a time, asked for by one and approved by another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from data.errors import WrongQuestion

KIND = "exception"
METRIC = "model_gate_compliance"
"""The metric beside which they stand; its figure is the same with and without them."""
MOST_DAYS = 365


class Excuse(StrEnum):
    """What is excused, in the words of `gate_lacks`."""

    GATE = "gate"
    APPROVAL = "approval"
    SEPARATION = "separation of duties"


class State(StrEnum):
    """What a decision amounts to on a day."""

    IN_FORCE = "in force"
    EXPIRED = "expired"
    ENDED = "withdrawn or replaced"


class ExceptionRefused(WrongQuestion):
    """An exception is asked for that nobody may have."""


@dataclass(frozen=True, slots=True)
class GateException:
    """A decision that stands: what promotions of a model may lack, and until when."""

    id: str
    """Of the decision."""
    model: str
    version: str | None
    """None: every version of the model."""
    excuses: tuple[Excuse, ...]
    until: date
    """The last day (UTC) on which it is in force."""
    reason: str
    asked_by: str
    approved_by: str
    decided_at: datetime

    def state(self, day: date) -> State:
        """Whether it is in force on a day."""
        return State.IN_FORCE if day <= self.until else State.EXPIRED


@dataclass(frozen=True, slots=True)
class Exceptions:
    """All that stand at a time, expired or not: one for each model and version at most."""

    all: tuple[GateException, ...] = ()

    def covering(
        self, model: str, version: str, lacks: frozenset[str], day: date
    ) -> tuple[GateException, ...]:
        """Those in force that excuse all that a promotion lacks; none if anything is left."""
        found = tuple(
            one
            for one in self.all
            if one.model == model
            and one.version in (None, version)
            and one.state(day) is State.IN_FORCE
            and lacks & set(one.excuses)
        )
        excused = {excuse.value for one in found for excuse in one.excuses}
        return found if lacks and lacks <= excused else ()


NO_EXCEPTIONS = Exceptions()


def standing(told: Iterable[tuple[GateException, bool]]) -> Exceptions:
    """What is left of decisions in their order, each with whether it withdraws the one before."""
    kept: dict[tuple[str, str | None], GateException] = {}
    for one, is_withdrawn in told:
        kept.pop((one.model, one.version), None)
        if not is_withdrawn:
            kept[one.model, one.version] = one
    return Exceptions(tuple(kept.values()))


def check(excuses: tuple[Excuse, ...], until: date, by: tuple[str, str], day: date) -> None:
    """Makes sure that an exception may be given on a day.

    Args:
        excuses: what it excuses.
        until: the last day on which it is in force.
        by: who asks, and who approves.
        day: when it is decided.

    Raises:
        ExceptionRefused: if it excuses nothing, is over before it begins or holds too long, or
            if nobody else approves it.
    """
    asked_by, approved_by = (_folded(name) for name in by)
    if not asked_by or not approved_by:
        raise ExceptionRefused(
            "an exception has one who asks and one who approves", "", "name both"
        )
    if asked_by == approved_by:
        raise ExceptionRefused(
            f"`{by[0].strip()}` asks for the exception and approves it",
            "",
            "let somebody else approve it (--approved-by)",
        )
    if not excuses:
        raise ExceptionRefused("it excuses nothing", "", "say what it excuses (--excuse)")
    if until < day:
        raise ExceptionRefused(f"it ends on {until}, which is past", "", "choose a later end")
    if (until - day).days > MOST_DAYS:
        raise ExceptionRefused(
            f"it ends on {until}, more than {MOST_DAYS} days from now",
            "",
            "choose an earlier end, and decide again then",
        )


def _folded(name: str) -> str:
    """A name without what makes no other person of it: case, spaces, forms of a letter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())

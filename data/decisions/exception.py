"""Exceptions: what a promotion may lack for a time, asked for by one and approved by another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from data.decisions.decision import Act, Decision, Entry, NothingDecided, moment
from data.decisions.person import is_named, is_same
from data.errors import WrongQuestion

if TYPE_CHECKING:  # engines know exceptions, and open no book
    from data.decisions.book import Book

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
    if not all(is_named(name) for name in by):
        raise ExceptionRefused(
            "an exception has one who asks and one who approves", "", "name both"
        )
    if is_same(*by):
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


def exceptions(book: Book, as_of: datetime | None = None) -> Exceptions:
    """The exceptions that stand now, or stood at a time: those in force and those expired.

    Raises:
        DecisionsRefused: if the book cannot be read.
    """
    return _read(book.decisions(as_of, KIND))


def set_exception(
    book: Book,
    about: tuple[str, str | None],
    excuses: tuple[Excuse, ...],
    until: date,
    by: tuple[str, str, str],
    decided_at: datetime | None = None,
) -> Decision:
    """Decides what promotions of a model may lack from now on, instead of what was decided.

    Args:
        book: where it is recorded.
        about: the model, and the version; None: every version of it.
        excuses: what they may lack.
        until: the last day (UTC) of it.
        by: who asks, who approves, and why.
        decided_at: when; default: now.

    Raises:
        ExceptionRefused: if it may not be given.
        DecisionsRefused: if the book cannot be written.
    """
    asked_by, approved_by, reason = by
    value = {
        "model": about[0],
        "version": about[1],
        "excuses": [one.value for one in Excuse if one in excuses],
        "until": until.isoformat(),
        "asked_by": asked_by,
    }

    def refuse(_: Sequence[Decision], at: datetime) -> None:
        check(excuses, until, (asked_by, approved_by), at.astimezone(UTC).date())

    entry = Entry(KIND, Act.SET, METRIC, value, approved_by, reason)
    return book.add(entry, decided_at, refuse)


def withdraw_exception(
    book: Book,
    about: tuple[str, str | None],
    by: tuple[str, str],
    decided_at: datetime | None = None,
) -> Decision:
    """Decides that an exception stands no longer: that of the version, or of the model.

    Raises:
        NothingDecided: if there is none.
        DecisionsRefused: if the book cannot be written.
    """
    told = book.decisions(kind=KIND)
    found = _own(told, about)
    value: dict[str, Any] = dict(next(one.value for one in told if one.id == found))
    entry = Entry(KIND, Act.WITHDRAW, METRIC, value, *by)
    return book.add(entry, decided_at, lambda now, _: _own(now, about))


def _own(told: Sequence[Decision], about: tuple[str, str | None]) -> str:
    """The id of the exception of a model and version."""
    found = {(one.model, one.version): one.id for one in _read(told).all}.get(about)
    if found is None:
        which = f"version `{about[1]}` of `{about[0]}`" if about[1] else f"`{about[0]}`"
        what = f"there is no exception for {which}"
        raise NothingDecided(what, "", "see `cairn exception list`")
    return found


def _read(told: Sequence[Decision]) -> Exceptions:
    return standing((_exception(one), one.act == Act.WITHDRAW) for one in told)


def _exception(decision: Decision) -> GateException:
    value = decision.value
    return GateException(
        decision.id,
        value["model"],
        value["version"],
        tuple(Excuse(one) for one in value["excuses"]),
        date.fromisoformat(value["until"]),
        decision.reason,
        value["asked_by"],
        decision.actor,
        moment(decision.decided_at),
    )

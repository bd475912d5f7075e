"""Waivers: failures of a control that may stand for a time. They lie over a state, and hide none.

Somebody asks, somebody else approves or rejects; each is a row of the log. What is over stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from data.configuration.waivers import WaiverReason
from data.decisions.decision import Act, Decision, moment
from data.decisions.scope import Above, Covering, Scope, parse_scope

if TYPE_CHECKING:  # engines know waivers, and open no book
    from data.decisions.book import Book

KIND = "waiver"
_A_DAY = timedelta(days=1)
_NONE: Above = MappingProxyType({})


class State(StrEnum):
    """What a waiver amounts to on a day."""

    REQUESTED = "requested"
    APPROVED = "approved"
    """And not yet begun."""
    IN_FORCE = "in force"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Step:
    """What became of a request: who did it, why and when."""

    id: str
    """Of the decision."""
    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Replacement:
    """The waiver that came in the place of another, and its first day."""

    id: str
    on: date


@dataclass(frozen=True, slots=True)
class Waiver:
    """What was asked for, and what became of it."""

    id: str
    """Of the request: a hash of all that is asked for."""
    control: str
    scope: Scope
    reason: WaiverReason
    justification: str
    requester: str
    start: date
    until: date
    """The last day (UTC) on which it can be in force."""
    ticket: str | None
    compensating: str | None
    """The control that keeps the harm away instead."""
    requested_at: datetime
    asked_by: tuple[str, ...]
    """The requester, and those whose open requests for the same it replaced."""
    approved: Step | None = None
    rejected: Step | None = None
    withdrawn: Step | None = None
    replaced: Replacement | None = None

    @property
    def decided_at(self) -> datetime:
        """When the newest decision about it was made."""
        steps = (self.approved, self.rejected, self.withdrawn)
        return max((self.requested_at, *(step.at for step in steps if step is not None)))

    def state(self, day: date) -> State:
        """What it amounted to at the end of a day (UTC), from that of the request on."""
        if _was(self.withdrawn, day):
            return State.WITHDRAWN
        if _was(self.rejected, day):
            return State.REJECTED
        if self.replaced is not None and self.replaced.on <= min(day, self.until):
            return State.REPLACED
        if day > self.until:
            return State.EXPIRED
        if not _was(self.approved, day):
            return State.REQUESTED
        return State.IN_FORCE if day >= self.start else State.APPROVED


@dataclass(frozen=True, slots=True)
class Waivers:
    """All that were ever asked for, in the order of their requests."""

    all: tuple[Waiver, ...] = ()

    def find(self, waiver: str) -> Waiver | None:
        """The one of an id."""
        return next((one for one in self.all if one.id == waiver), None)

    def reckoned(self, as_of: datetime) -> datetime:
        """The later of a time and the newest decision about a waiver.

        With it, what is approved today stands over data of yesterday; and the same data and
        decisions give the same answer at any time.
        """
        return max((as_of, *(one.decided_at for one in self.all)))

    def standing(self, as_of: datetime, above: Above = _NONE) -> Covering[Waiver]:
        """Those in force on the day (UTC) of a time, to be asked for rows.

        Args:
            as_of: the time.
            above: of each team, those it is part of.
        """
        day = as_of.astimezone(UTC).date()
        held = (one for one in reversed(self.all) if one.state(day) is State.IN_FORCE)
        return Covering(((one.control, one.scope, one) for one in held), above)


NO_WAIVERS = Waivers()


def waivers(book: Book, as_of: datetime | None = None) -> Waivers:
    """The waivers as the log tells them now, or told them at a time.

    Raises:
        DecisionsRefused: if the book cannot be read.
    """
    return told_by(book.decisions(as_of, KIND))


def told_by(decisions: Sequence[Decision]) -> Waivers:
    """What decisions about waivers, in their order, amount to."""
    found: dict[str, Waiver] = {}
    open_: dict[_Same, str] = {}
    approved: dict[_Same, list[str]] = {}
    for one in decisions:
        if one.act == Act.REQUEST:
            new = _requested(one)
            before = found.get(open_.get(_same(new), ""))
            if before is not None and before.state(new.requested_at.date()) is State.REQUESTED:
                new = replace(new, asked_by=(*new.asked_by, *before.asked_by))
                by = Replacement(new.id, new.requested_at.date())
                found[before.id] = replace(before, replaced=by)
            found[new.id] = new
            open_[_same(new)] = new.id
        else:
            about = found[one.value["waiver"]]
            step = Step(one.id, one.actor, one.reason, moment(one.decided_at))
            found[about.id] = _stepped(about, one.act, step)
            if one.act == Act.APPROVE:
                approved.setdefault(_same(about), []).append(about.id)
    for ids in approved.values():
        held = [found[one] for one in ids]
        for number, old in enumerate(held):
            found[old.id] = replace(old, replaced=_next(old, held[number + 1 :]))
    return Waivers(tuple(found.values()))


_Same = tuple[str, Scope]


def _same(one: Waiver) -> _Same:
    """What two waivers have in common of which one replaces the other."""
    return one.control, one.scope


def _stepped(about: Waiver, act: str, step: Step) -> Waiver:
    if act == Act.APPROVE:
        return replace(about, approved=step)
    if act == Act.REJECT:
        return replace(about, rejected=step)
    return replace(about, withdrawn=step)


def _next(old: Waiver, later: Sequence[Waiver]) -> Replacement | None:
    """Of those approved later the first that begins; one withdrawn before it began never does."""
    begun = [
        Replacement(one.id, on)
        for one in later
        if (on := _first_day(one)) <= old.until
        and not _was(one.withdrawn, on - _A_DAY)
        and not _was(old.withdrawn, on)
    ]
    return min(begun, key=lambda one: one.on, default=None)


def _first_day(one: Waiver) -> date:
    """The day from which one that is approved comes in the place of others."""
    return max(one.start, one.approved.at.date()) if one.approved else one.start


def _was(step: Step | None, day: date) -> bool:
    """Whether a step was taken by the end of a day."""
    return step is not None and step.at.date() <= day


def _requested(decision: Decision) -> Waiver:
    value = decision.value
    return Waiver(
        id=decision.id,
        control=decision.subject,
        scope=parse_scope(value["scope"]),
        reason=WaiverReason(value["reason"]),
        justification=decision.reason,
        requester=decision.actor,
        start=date.fromisoformat(value["from"]),
        until=date.fromisoformat(value["until"]),
        ticket=value["ticket"],
        compensating=value["compensating"],
        requested_at=moment(decision.decided_at),
        asked_by=(decision.actor,),
    )

"""Waivers: failures of a control that may stand for a time. They lie over a state, and hide none.

Somebody asks, somebody else approves or rejects; each is a row of the log. What is over stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from data.configuration.waivers import WaiverReason
from data.decisions.decision import Act, Decision, moment
from data.decisions.scope import Above, Covering, Scope, parse_scope

if TYPE_CHECKING:  # engines know waivers, and open no book
    from data.decisions.book import Book

KIND = "waiver"
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

    def state(self, day: date) -> State:
        """What it amounts to on a day (UTC), by what is in the log."""
        if self.withdrawn is not None:
            return State.WITHDRAWN
        if self.rejected is not None:
            return State.REJECTED
        if self.replaced is not None and self.replaced.on <= min(day, self.until):
            return State.REPLACED
        if day > self.until:
            return State.EXPIRED
        if self.approved is None:
            return State.REQUESTED
        return State.IN_FORCE if day >= self.start else State.APPROVED


@dataclass(frozen=True, slots=True)
class Waivers:
    """All that were ever asked for, in the order of their requests."""

    all: tuple[Waiver, ...] = ()

    def find(self, waiver: str) -> Waiver | None:
        """The one of an id."""
        return next((one for one in self.all if one.id == waiver), None)

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
    for one in decisions:
        if one.act == Act.REQUEST:
            asked = _requested(one)
            found |= _replacing(found, asked, None, moment(one.decided_at).date())
        else:
            found |= _stepped(found, found[one.value["waiver"]], one)
    return Waivers(tuple(found.values()))


def _stepped(found: Mapping[str, Waiver], about: Waiver, one: Decision) -> dict[str, Waiver]:
    """What changes by an approval, a rejection or a withdrawal."""
    step = Step(one.id, one.actor, one.reason, moment(one.decided_at))
    day = step.at.date()
    if one.act == Act.APPROVE:
        return _replacing(found, replace(about, approved=step), about, day)
    if one.act == Act.REJECT:
        return {about.id: replace(about, rejected=step)}
    never_began = about.approved is None or day < about.start
    back = [old for old in found.values() if old.replaced and old.replaced.id == about.id]
    restored = {old.id: replace(old, replaced=None) for old in back if old.approved and never_began}
    return {**restored, about.id: replace(about, withdrawn=step)}


def _replacing(
    found: Mapping[str, Waiver], new: Waiver, before: Waiver | None, day: date
) -> dict[str, Waiver]:
    """A request, or an approved one, with those for the same in whose place it comes."""
    is_approved = before is not None
    on = max(day, new.start) if is_approved else day
    others = [
        old
        for old in found.values()
        if (old.control, old.scope) == (new.control, new.scope)
        and old.id != new.id
        and (old.approved is not None) is is_approved
        and old.state(day) in (State.REQUESTED, State.APPROVED, State.IN_FORCE)
        and (old.replaced is None or on < old.replaced.on)
    ]
    if not is_approved:
        asked = [name for old in others for name in old.asked_by]
        new = replace(new, asked_by=tuple(dict.fromkeys((*new.asked_by, *asked))))
    replaced = {old.id: replace(old, replaced=Replacement(new.id, on)) for old in others}
    return {**replaced, new.id: new}


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

"""Attestations: what a person answers to a manual control, for a period, until a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from data.decisions.decision import Act, Decision, moment
from data.decisions.evidence import Evidence, evidence_of
from data.decisions.scope import Above, Covering, Scope, parse_scope

if TYPE_CHECKING:  # engines know attestations, and open no book
    from data.decisions.book import Book

KIND = "attestation"
_NONE: Above = MappingProxyType({})


class Answer(StrEnum):
    """What a control comes to by the word of a person."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does_not_hold"


class State(StrEnum):
    """What an attestation amounts to on a day."""

    VALID = "valid"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """What somebody attests."""

    control: str
    scope: Scope
    start: date
    """First day that it tells of."""
    end: date
    """The day after the last."""
    answer: Answer
    statement: str
    """What was looked at, and found."""
    evidence: tuple[Evidence, ...]
    attested_by: str
    reviewer: str
    """Who else looked at it."""
    until: date | None
    """The last day (UTC) on which it counts."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """What was attested, and whether it still counts."""

    id: str
    """Of the decision."""
    told: Attested
    until: date
    decided_at: datetime
    replaced: tuple[str, date] | None = None
    """The attestation that came in its place, and when."""
    withdrawn: tuple[str, str, datetime] | None = None
    """By whom, why and when."""

    def state(self, day: date) -> State:
        """What it amounts to on a day (UTC), by what is in the log."""
        if self.withdrawn is not None:
            return State.WITHDRAWN
        if self.replaced is not None and self.replaced[1] <= self.until:
            return State.REPLACED
        return State.VALID if day <= self.until else State.EXPIRED

    def tells_of(self, start: date, end: date) -> bool:
        """Whether it tells of all days from one on and before another."""
        return self.told.start <= start and end <= self.told.end


@dataclass(frozen=True, slots=True)
class Attestations:
    """All there ever were, in their order."""

    all: tuple[Attestation, ...] = ()

    def find(self, attestation: str) -> Attestation | None:
        """The one of an id."""
        return next((one for one in self.all if one.id == attestation), None)

    def standing(
        self, as_of: datetime, days: tuple[date, date], above: Above = _NONE
    ) -> Covering[Attestation]:
        """Those that count on the day (UTC) of a time, to be asked for rows; the newest first.

        Args:
            as_of: the time.
            days: the first day that must be told of, and the day after the last.
            above: of each team, those it is part of.
        """
        day = as_of.astimezone(UTC).date()
        held = (one for one in reversed(self.all) if one.state(day) is State.VALID)
        return Covering(
            ((one.told.control, one.told.scope, one) for one in held if one.tells_of(*days)), above
        )


NO_ATTESTATIONS = Attestations()


def attestations(book: Book, as_of: datetime | None = None) -> Attestations:
    """The attestations as the log tells them now, or told them at a time.

    Raises:
        DecisionsRefused: if the book cannot be read.
    """
    return told_by(book.decisions(as_of, KIND))


def told_by(decisions: Sequence[Decision]) -> Attestations:
    """What decisions about attestations, in their order, amount to."""
    found: dict[str, Attestation] = {}
    newest: dict[tuple[str, Scope, date, date], str] = {}
    for one in decisions:
        at = moment(one.decided_at)
        if one.act == Act.WITHDRAW:
            about = found[one.value["attestation"]]
            found[about.id] = replace(about, withdrawn=(one.actor, one.reason, at))
            continue
        new = _attestation(one)
        key = (new.told.control, new.told.scope, new.told.start, new.told.end)
        before = newest.get(key)
        if before is not None:
            found[before] = replace(found[before], replaced=(new.id, at.date()))
        newest[key] = new.id
        found[new.id] = new
    return Attestations(tuple(found.values()))


def _attestation(decision: Decision) -> Attestation:
    value = decision.value
    until = date.fromisoformat(value["until"])
    told = Attested(
        control=decision.subject,
        scope=parse_scope(value["scope"]),
        start=date.fromisoformat(value["from"]),
        end=date.fromisoformat(value["to"]),
        answer=Answer(value["answer"]),
        statement=decision.reason,
        evidence=tuple(evidence_of(one) for one in value["evidence"]),
        attested_by=value["attested_by"],
        reviewer=decision.actor,
        until=until,
    )
    return Attestation(decision.id, told, until, moment(decision.decided_at))

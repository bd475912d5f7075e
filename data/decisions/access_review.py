"""Reviews of access: who had which right at a time, and what was decided about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from data.canonical import canonical, sha256
from data.decisions.decision import Act, Decision, moment, stamp
from data.decisions.member import Member, member_of
from data.decisions.scope import Scope, parse_scope

if TYPE_CHECKING:  # engines know reviews, and open no book
    from data.decisions.book import Book

KIND = "access_review"


class Verdict(StrEnum):
    """What is to become of a right."""

    KEEP = "keep"
    CHANGE = "change"
    REMOVE = "remove"


class State(StrEnum):
    """How far a review is on a day."""

    OPEN = "open"
    COMPLETE = "complete"
    """Closed, with a decision for every member."""
    EXPIRED = "expired"
    """Its last day is past, and it was not closed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was decided about one member; the newest counts."""

    verdict: Verdict
    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    """Who closed a review, and the hash of all that was decided in it."""

    by: str
    why: str
    at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class AccessReview:
    """A snapshot of members, and the decisions about them."""

    id: str
    """Of the decision that started it."""
    scope: Scope
    snapshot: str
    """Id of the published snapshot that the members are from."""
    taken_at: datetime
    """Until when the sources had been read."""
    until: date
    """The last day (UTC) on which it can be decided and closed."""
    members: tuple[Member, ...]
    sha256: str
    """Of `document`, as it was when the review was started."""
    started_by: str
    why: str
    started_at: datetime
    choices: Mapping[str, Choice] = field(default_factory=dict)
    """By id of the member."""
    closed: Closing | None = None

    def state(self, day: date) -> State:
        """How far it is on a day (UTC), by what is in the log."""
        if self.closed is not None:
            return State.COMPLETE
        return State.OPEN if day <= self.until else State.EXPIRED

    @property
    def undecided(self) -> tuple[Member, ...]:
        """The members without a decision."""
        return tuple(one for one in self.members if one.id not in self.choices)

    @property
    def document(self) -> bytes:
        """The snapshot of members as bytes that can be hashed and signed."""
        return canonical(snapshot_of(self.scope, self.snapshot, self.taken_at, self.members))

    @property
    def is_whole(self) -> bool:
        """Whether the members are those whose hash was kept."""
        found = snapshot_of(self.scope, self.snapshot, self.taken_at, self.members)
        return sha256(found) == self.sha256

    @property
    def results(self) -> dict[str, Any]:
        """All that is decided so far, in plain values: what is hashed when the review is closed."""
        decided = [
            {"member": member, "verdict": one.verdict.value, "by": one.by, "why": one.why,
             "at": stamp(one.at)}
            for member, one in sorted(self.choices.items())
        ]  # fmt: skip
        return {"review": self.id, "snapshot": self.sha256, "decisions": decided}

    def still_there(self, now: Iterable[Member]) -> tuple[tuple[Member, Member], ...]:
        """Those to be removed that still have a right at the same place, with what they have.

        Args:
            now: members at a later time; a decision made after it must not be asked of them.
        """
        present: dict[tuple[str, ...], Member] = {one.place: one for one in now}
        removed = (one for one in self.members if self.is_removed(one))
        return tuple((one, present[one.place]) for one in removed if one.place in present)

    def is_removed(self, member: Member) -> bool:
        """Whether it was decided to remove it."""
        choice = self.choices.get(member.id)
        return choice is not None and choice.verdict is Verdict.REMOVE


def snapshot_of(
    scope: Scope, snapshot: str, taken_at: datetime, members: Iterable[Member]
) -> dict[str, Any]:
    """What is hashed of a snapshot of members, in plain values."""
    return {
        "scope": str(scope),
        "snapshot": snapshot,
        "taken_at": stamp(taken_at),
        "members": [one.kept() for one in members],
    }


def access_reviews(book: Book, as_of: datetime | None = None) -> tuple[AccessReview, ...]:
    """The reviews as the log tells them now, or told them at a time.

    Raises:
        DecisionsRefused: if the book cannot be read.
    """
    return told_by(book.decisions(as_of, KIND))


def told_by(decisions: Sequence[Decision]) -> tuple[AccessReview, ...]:
    """What decisions about reviews, in their order, amount to."""
    started: dict[str, AccessReview] = {}
    choices: dict[str, dict[str, Choice]] = {}
    for one in decisions:
        at, value = moment(one.decided_at), one.value
        if one.act == Act.START:
            started[one.id] = _started(one)
            choices[one.id] = {}
        elif one.act == Act.DECIDE:
            choice = Choice(Verdict(value["verdict"]), one.actor, one.reason, at)
            choices[value["review"]][value["member"]] = choice
        else:
            closing = Closing(one.actor, one.reason, at, value["sha256"])
            started[value["review"]] = replace(started[value["review"]], closed=closing)
    return tuple(replace(one, choices=choices[one.id]) for one in started.values())


def _started(decision: Decision) -> AccessReview:
    value = decision.value
    return AccessReview(
        id=decision.id,
        scope=parse_scope(decision.subject),
        snapshot=value["snapshot"],
        taken_at=moment(value["taken_at"]),
        until=date.fromisoformat(value["until"]),
        members=tuple(member_of(one) for one in value["members"]),
        sha256=value["sha256"],
        started_by=decision.actor,
        why=decision.reason,
        started_at=moment(decision.decided_at),
    )

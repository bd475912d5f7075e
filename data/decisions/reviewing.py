"""Starting a review of access, deciding in it, and closing it: what may be, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from data.canonical import sha256
from data.decisions.access_review import (
    KIND,
    AccessReview,
    State,
    Verdict,
    access_reviews,
    snapshot_of,
    told_by,
)
from data.decisions.book import Book
from data.decisions.decision import Act, Decision, Entry, NothingDecided, stamp
from data.decisions.member import Member
from data.decisions.person import is_named, is_same
from data.decisions.scope import Scope
from data.errors import WrongQuestion

MOST_DAYS = 92


class ReviewRefused(WrongQuestion):
    """A review of access is started, decided or closed as none can be."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The members of a scope, as a published snapshot tells them."""

    scope: Scope
    snapshot: str
    at: datetime
    """Until when the sources had been read."""
    members: Sequence[Member]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a reviewer decides about a member."""

    member: str
    """Its id."""
    verdict: Verdict
    why: str


def verdict_of(word: str) -> Verdict:
    """Reads what is to become of a right.

    Raises:
        ReviewRefused: if there is no such decision.
    """
    if word not in set(Verdict):
        listed = ", ".join(one.value for one in Verdict)
        raise ReviewRefused(f"`{word[:80]}` is no decision", "", f"use one of: {listed}")
    return Verdict(word)


def start(
    book: Book,
    taken: Taken,
    until: date,
    by: tuple[str, str],
    started_at: datetime | None = None,
) -> Decision:
    """Starts a review of all members of a snapshot.

    Args:
        book: where it is recorded.
        taken: the members; a row that is told twice is one.
        until: the last day (UTC) on which it can be decided and closed.
        by: who starts it, and why.
        started_at: when; default: now.

    Raises:
        ReviewRefused: if there is nobody to review, the end cannot be, or one is open already.
        DecisionsRefused: if the book cannot be written.
    """
    members = sorted(
        {one.id: one for one in taken.members}.values(), key=lambda one: (one.place, one.id)
    )
    hashed = snapshot_of(taken.scope, taken.snapshot, taken.at, members)
    value = {
        "snapshot": taken.snapshot,
        "taken_at": stamp(taken.at),
        "until": until.isoformat(),
        "members": [one.kept() for one in members],
        "sha256": sha256(hashed),
    }

    def refuse(told: Sequence[Decision], at: datetime) -> None:
        _check_start(told_by(told), taken, until, at.astimezone(UTC).date())

    return book.add(Entry(KIND, Act.START, str(taken.scope), value, *by), started_at, refuse)


def decide(
    book: Book,
    review: str,
    chosen: Sequence[Chosen],
    reviewer: str,
    decided_at: datetime | None = None,
) -> tuple[Decision, ...]:
    """Decides about members, about all that are named or none. What was decided before is replaced.

    Raises:
        NothingDecided: if there is no such review.
        ReviewRefused: if it is not open, a member is not in it or named twice, a reason is
            missing, or somebody decides on themself.
        DecisionsRefused: if the book cannot be written.
    """
    known = _found(access_reviews(book), review)

    def refuse(told: Sequence[Decision], at: datetime) -> None:
        found = _found(told_by(told), review)
        _check_open(found, at.astimezone(UTC).date())
        _check_chosen(found, chosen, reviewer)

    entries = [
        Entry(
            KIND,
            Act.DECIDE,
            str(known.scope),
            {"review": review, "member": one.member, "verdict": one.verdict.value},
            reviewer.strip(),
            one.why.strip(),
        )
        for one in chosen
    ]
    if not entries:
        raise ReviewRefused("nothing is decided", "", "name a member and a decision")
    return book.add_all(entries, decided_at, refuse)


def close(
    book: Book, review: str, by: tuple[str, str], closed_at: datetime | None = None
) -> Decision:
    """Closes a review in which every member has a decision.

    Raises:
        NothingDecided: if there is no such review.
        ReviewRefused: if it is not open, a member has no decision, or one is decided meanwhile.
        DecisionsRefused: if the book cannot be written.
    """
    known = _found(access_reviews(book), review)
    value = {"review": review, "sha256": sha256(known.results)}

    def refuse(told: Sequence[Decision], at: datetime) -> None:
        found = _found(told_by(told), review)
        _check_open(found, at.astimezone(UTC).date())
        left = found.undecided
        if left:
            what = f"{len(left):,} of {len(found.members):,} members have no decision"
            first = f"the first is `{left[0].account}` on `{left[0].scope}`"
            raise ReviewRefused(f"{what}, {first}", "", "decide about each, then close it")
        if sha256(found.results) != value["sha256"]:
            raise ReviewRefused("somebody decides in it now", "", "look at it, and close it again")

    return book.add(Entry(KIND, Act.CLOSE, str(known.scope), value, *by), closed_at, refuse)


def _found(known: Iterable[AccessReview], review: str) -> AccessReview:
    found = next((one for one in known if one.id == review), None)
    if found is None:
        what = f"there is no review of access `{review[:80]}`"
        raise NothingDecided(what, "", "see `cairn access-review list`")
    return found


def _check_start(known: Iterable[AccessReview], taken: Taken, until: date, day: date) -> None:
    if not taken.members:
        what = f"nobody has access in `{taken.scope}` as far as sources tell"
        raise ReviewRefused(what, "", "see on *Sources* what they refuse, or name another scope")
    if until < day:
        raise ReviewRefused(f"it ends on {until}, which is past", "", "choose a later end")
    if until > day + timedelta(days=MOST_DAYS):
        what = f"it ends on {until}, more than {MOST_DAYS} days from now"
        raise ReviewRefused(what, "", "choose an earlier end")
    for one in known:
        if one.scope == taken.scope and one.state(day) is State.OPEN:
            what = f"the review `{one.id}` of `{one.scope}` is open"
            raise ReviewRefused(what, "", "close that one first")


def _check_open(found: AccessReview, day: date) -> None:
    state = found.state(day)
    if state is State.EXPIRED:
        raise ReviewRefused(f"the review ended on {found.until}", "", "start another")
    if state is State.COMPLETE:
        raise ReviewRefused("the review is complete already", "", "start another")


def _check_chosen(found: AccessReview, chosen: Sequence[Chosen], reviewer: str) -> None:
    if not is_named(reviewer):
        raise ReviewRefused("nobody decides", "", "name who does")
    members = {one.id: one for one in found.members}
    named: set[str] = set()
    for one in chosen:
        member = members.get(one.member)
        if member is None:
            what = f"no member `{one.member[:80]}` is in the review"
            raise ReviewRefused(what, "", "see `cairn access-review show`")
        who = f"`{member.account}` on `{member.scope}`"
        if one.member in named:
            raise ReviewRefused(f"{who} is decided on twice", "", "leave one of them out")
        named.add(one.member)
        if not one.why.strip():
            raise ReviewRefused(f"there is no reason for {who}", "", "say why in a few words")
        if is_same(reviewer, member.account.removeprefix("@")):
            what = f"`{reviewer.strip()}` decides about themself, on `{member.scope}`"
            raise ReviewRefused(what, "", "let somebody else decide that one")

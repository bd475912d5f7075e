"""Attesting, and taking back: what may be, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from data.decisions.attestation import (
    KIND,
    Answer,
    Attestation,
    Attestations,
    Attested,
    State,
    attestations,
    told_by,
)
from data.decisions.book import Book
from data.decisions.decision import Act, Decision, Entry, NothingDecided
from data.decisions.person import is_named, is_same
from data.errors import WrongQuestion

MOST_DAYS = 400
_SEE = "see `cairn attest list --all`"


class AttestationRefused(WrongQuestion):
    """Something is attested that nobody can know, or that nobody else has looked at."""


def attest(book: Book, told: Attested, decided_at: datetime | None = None) -> Decision:
    """Records what somebody attests, in place of what was attested for the same before.

    Raises:
        AttestationRefused: if nobody can attest it so.
        DecisionsRefused: if the book cannot be written.
    """
    value = {
        "scope": str(told.scope),
        "from": told.start.isoformat(),
        "to": told.end.isoformat(),
        "answer": told.answer.value,
        "evidence": [one.kept() for one in dict.fromkeys(told.evidence)],
        "attested_by": told.attested_by.strip(),
        "until": told.until.isoformat() if told.until else None,
    }
    by = (told.reviewer.strip(), told.statement.strip())
    return book.add(
        Entry(KIND, Act.SET, told.control, value, *by),
        decided_at,
        lambda _, at: check(told, at.astimezone(UTC).date()),
    )


def check(told: Attested, day: date) -> None:
    """Makes sure that something may be attested on a day.

    Raises:
        AttestationRefused: naming the first thing that speaks against it.
    """
    by = (told.attested_by, told.reviewer)
    if not all(is_named(name) for name in by):
        raise AttestationRefused(
            "an attestation has one who attests and one who reviews", "", "name both"
        )
    if is_same(*by):
        what = f"`{told.attested_by.strip()}` attests it and reviews it"
        raise AttestationRefused(what, "", "let somebody else review it")
    if not told.statement.strip():
        raise AttestationRefused("nothing is stated", "", "say what was looked at, and found")
    if told.answer is Answer.HOLDS and not told.evidence:
        raise AttestationRefused("there is no evidence for it", "", "name a link or a file")
    if told.end <= told.start:
        what = f"its period ends on {told.end}, not after it begins"
        raise AttestationRefused(what, "", "name the day after the last")
    if told.end > day + timedelta(days=1):
        what = f"it tells of days up to {told.end}, which have not been yet"
        raise AttestationRefused(what, "", "attest what has been, and let it count for longer")
    _check_until(told.until, day)


def _check_until(until: date | None, day: date) -> None:
    if until is None:
        raise AttestationRefused("it has no end", "", "name the last day on which it counts")
    if until < day:
        raise AttestationRefused(
            f"it counts until {until}, which is past", "", "choose a later day"
        )
    if until > day + timedelta(days=MOST_DAYS):
        what = f"it counts until {until}, more than {MOST_DAYS} days from now"
        raise AttestationRefused(what, "", "choose an earlier day, and attest again then")


def withdraw_attestation(
    book: Book, attestation: str, by: tuple[str, str], decided_at: datetime | None = None
) -> Decision:
    """Decides that an attestation counts no longer.

    Raises:
        NothingDecided: if there is none of that id that counts.
        DecisionsRefused: if the book cannot be written.
    """

    def refuse(told: Sequence[Decision], at: datetime) -> None:
        state = _found(told_by(told), attestation).state(at.astimezone(UTC).date())
        if state is not State.VALID:
            raise NothingDecided(f"the attestation is {state} already", "", _SEE)

    control = _found(attestations(book), attestation).told.control
    value = {"attestation": attestation}
    return book.add(Entry(KIND, Act.WITHDRAW, control, value, *by), decided_at, refuse)


def _found(known: Attestations, attestation: str) -> Attestation:
    found = known.find(attestation)
    if found is None:
        raise NothingDecided(f"there is no attestation `{attestation[:80]}`", "", _SEE)
    return found

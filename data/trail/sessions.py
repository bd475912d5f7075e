"""Sign-ins to the pages, as events: who came, who left, who was refused and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from data.ledger.event import Event
from data.ledger.people import People

STARTED = "session.started"
ENDED = "session.ended"
REFUSED = "session.refused"
SUBJECT = "pages"
"""What somebody signs in to."""


class By(StrEnum):
    """Who refuses a sign-in."""

    PROVIDER = "provider"
    CAIRN = "cairn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in, or one that was tried."""

    id: str
    """Tells it from all others, and nobody who it is."""
    at: datetime
    """When it began, ended or was refused."""
    account: str | None
    """Whose; None: it was refused before that was known."""
    issuer: str | None = None
    """The provider that says so."""


def started(session: Session, until: datetime, people: People) -> Event:
    """The event of somebody who signed in.

    Args:
        session: the sign-in.
        until: when it is over at the latest.
        people: gives the account its pseudonym.

    Raises:
        LedgerRefused: if the pseudonym cannot be made.
    """
    return _event(STARTED, session, people, "signed in to the pages", until=until.isoformat())


def ended(session: Session, people: People) -> Event:
    """The event of somebody who signed out.

    Raises:
        LedgerRefused: if the pseudonym cannot be made.
    """
    return _event(ENDED, session, people, "signed out of the pages")


def refused(session: Session, by: By, reason: str, people: People) -> Event:
    """The event of somebody who was not let in.

    Args:
        session: what was tried.
        by: who refused it.
        reason: why, as one word.
        people: gives the account its pseudonym, where there is one.

    Raises:
        LedgerRefused: if the pseudonym cannot be made.
    """
    whom = "the provider" if by is By.PROVIDER else "Cairn"
    title = f"sign-in, by {whom}: {reason.replace('_', ' ')}"
    return _event(REFUSED, session, people, title, by=by.value, reason=reason)


def _event(kind: str, session: Session, people: People, title: str, **more: Any) -> Event:
    account = session.account
    return Event(
        kind=kind,
        id=f"{kind}:{session.id}",
        observed_at=session.at,
        happened_at=session.at,
        actor=None if account is None else people.pseudonym(account),
        subject=SUBJECT,
        source="cairn",
        data={
            "title": title,
            "is_account_known": account is not None,
            "provider": session.issuer,
            **more,
        },
    )

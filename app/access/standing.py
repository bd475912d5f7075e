"""Whether somebody is let in, and why not."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from app.access.person import Person
from data.configuration import SignInSettings

_MOST_ENDED = 100_000


class Standing(StrEnum):
    """How a browser stands before the pages."""

    NOT_ASKED = "not_asked"
    """Nobody has to sign in."""
    NOBODY = "nobody"
    REFUSED = "refused"
    """The provider knows the person, and the configuration does not let them in."""
    OVER = "over"
    """The sign-in is older than it may get."""
    SIGNED_OUT = "signed_out"
    """Ended by sign-out, here or in another window of the browser."""
    SIGNED_IN = "signed_in"

    @property
    def is_let_in(self) -> bool:
        """Whether pages are shown."""
        return self in (Standing.NOT_ASKED, Standing.SIGNED_IN)


class Ended:
    """The sign-ins that were ended by sign-out since the server began, the newest of them."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, None] = OrderedDict()

    def add(self, session: str) -> None:
        """Ends one, in all windows that have it."""
        self._sessions[session] = None
        while len(self._sessions) > _MOST_ENDED:
            self._sessions.popitem(last=False)

    def __contains__(self, session: str) -> bool:
        return session in self._sessions


ENDED = Ended()
"""Those of this server."""


def standing(
    settings: SignInSettings, who: Person | None, now: datetime, ended: Ended = ENDED
) -> Standing:
    """How somebody stands where sign-in is asked for."""
    if who is None:
        return Standing.NOBODY
    if who.session in ended:
        return Standing.SIGNED_OUT
    if not is_allowed(settings, who):
        return Standing.REFUSED
    return Standing.SIGNED_IN if now < until(settings, who) else Standing.OVER


def is_allowed(settings: SignInSettings, who: Person) -> bool:
    """Whether the configuration lets an account in; upper and lower case are alike."""
    account = who.account.casefold()
    return not settings.only or any(fnmatchcase(account, p.casefold()) for p in settings.only)


def until(settings: SignInSettings, who: Person) -> datetime:
    """When a sign-in is over."""
    return who.began_at + timedelta(hours=settings.hours)

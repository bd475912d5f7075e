"""Who decides, and why: without sign-in the user of this machine, or the name that is given."""

from __future__ import annotations

import getpass

from data.decisions.person import is_named
from data.errors import WrongQuestion


class NoName(WrongQuestion):
    """A decision is to be recorded of nobody."""


class NoReason(WrongQuestion):
    """A decision is to be recorded without saying why."""


def by(who: str | None, why: str) -> tuple[str, str]:
    """Who decides, and why.

    Raises:
        NoReason: if it is not said why.
        NoName: if the name is empty, or none is given and the user of this machine has none.
    """
    if not why.strip():
        raise NoReason("a decision has a reason", "", "say why in a few words")
    name = who_decides(who)
    if not is_named(name):
        raise NoName("nobody decides it", "", "name who does")
    return name, why.strip()


def who_decides(named: str | None) -> str:
    """Who is named; where nothing is given the user of this machine, empty if that has no name."""
    try:
        return (getpass.getuser() if named is None else named).strip()
    except (OSError, KeyError, ImportError):  # the last two: Python before 3.13
        return ""

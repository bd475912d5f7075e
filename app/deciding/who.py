"""Who decides, and why: without sign-in the user of this machine, or the name that is given."""

from __future__ import annotations

import getpass

from data.errors import WrongQuestion


class NoReason(WrongQuestion):
    """A decision is to be recorded without saying why."""


def by(who: str | None, why: str) -> tuple[str, str]:
    """Who decides, and why.

    Raises:
        NoReason: if it is not said why.
    """
    if not why.strip():
        raise NoReason("a decision has a reason", "", "say why in a few words")
    return who_decides(who), why.strip()


def who_decides(named: str | None) -> str:
    """Who is named, else the user of this machine; empty if that has no name."""
    try:
        return (named or getpass.getuser()).strip()
    except (OSError, KeyError, ImportError):  # the last two: Python before 3.13
        return ""

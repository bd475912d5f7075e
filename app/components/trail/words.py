"""Entries of the trail in words."""

from __future__ import annotations

from collections.abc import Set

from data.trail.found import Found
from data.trail.kinds import words

_SHORT = 8


def what(one: Found) -> str:
    """What happened, in a line: `change merged: Speed up driver scores`."""
    if one.is_pruned:
        return f"{words(one.kind)} (payload pruned)"
    if not one.is_readable:
        return f"{words(one.kind)} (cannot be read)"
    return f"{words(one.kind)}: {one.title}" if one.title else words(one.kind)


def who(one: Found, erased: Set[str], *, sees_names: bool) -> str | None:
    """Who did it; a short pseudonym where names are hidden, None where nobody is told."""
    if one.actor is None:
        return None
    return person(one.actor, one.account, erased) if sees_names else pseudonym(one.actor)


def person(actor: str, account: str | None, erased: Set[str]) -> str:
    """An account; of a person without one, why."""
    if account is not None:
        return account
    return f"{pseudonym(actor)}, {'erased' if actor in erased else 'account not known'}"


def pseudonym(actor: str) -> str:
    """A pseudonym, short enough to be read: two acts of one person show the same."""
    return f"person {actor.removeprefix('person:')[:_SHORT]}"

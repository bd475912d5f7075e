"""Which entries of the trail are asked for, as conditions of a statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from data.trail.kinds import Group, group_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; None asks for all."""

    words: str = ""
    """All of these must occur, in any order and in any case."""
    group: Group | None = None
    source: str | None = None
    actor: str | None = None
    """A pseudonym. Nothing matches it for a reader who may not see names."""
    subject: str | None = None
    """An id; `*` in it stands for any letters, `?` for one, all else for itself."""
    teams: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""
    below: int | None = None
    """Only entries of smaller numbers: those of a log that had so many."""

    @property
    def at_any_time(self) -> Wanted:
        """The same without a period."""
        return replace(self, since=None, until=None)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a statement says after `where`, and its parameters."""

    sql: str
    parameters: dict[str, Any]


def conditions(wanted: Wanted, kinds: Iterable[str], *, sees_names: bool) -> Conditions:
    """The conditions that entries meet which are asked for.

    Args:
        wanted: which entries.
        kinds: all there are.
        sees_names: whether the reader may ask by person.
    """
    told: dict[str, Any] = {
        "source": wanted.source,
        "subject": None if wanted.subject is None else _plain(wanted.subject),
        "since": naive(wanted.since),
        "until": naive(wanted.until),
        "below": wanted.below,
        "actor": wanted.actor if sees_names else None,
        "teams": None if wanted.teams is None else sorted(wanted.teams),
    }
    if wanted.group is not None:
        told["kinds"] = [kind for kind in kinds if group_of(kind) is wanted.group]
    parameters = {name: value for name, value in told.items() if value is not None}
    parts = [_CONDITIONS[name] for name in parameters]
    if wanted.actor is not None and not sees_names:
        parts.append("false")
    for at, word in enumerate(wanted.words.lower().split()):
        parts.append((_TOLD_OR_NAMED if sees_names else _TOLD).format(at=at))
        parameters[f"word{at}"] = word
    return Conditions("\n  and ".join(parts) or "true", parameters)


def _plain(pattern: str) -> str:
    """A pattern in which but `*` and `?` each letter stands for itself: ids hold brackets."""
    return pattern.replace("\\", "\\\\").replace("[", "[[]")


def naive(when: datetime | None) -> datetime | None:
    """A time as the index holds it: UTC, without saying so."""
    return None if when is None else when.astimezone(UTC).replace(tzinfo=None)


_CONDITIONS = {
    "source": "source = $source",
    "subject": "subject glob $subject",
    "since": "dated_at >= $since",
    "until": "dated_at < $until",
    "below": "number < $below",
    "actor": "actor = $actor",
    "teams": "list_contains($teams, team)",
    "kinds": "list_contains($kinds, kind)",
}
_TOLD = "contains(told, $word{at})"
_TOLD_OR_NAMED = """(
    contains(told, $word{at})
    or contains(actor, $word{at})
    or actor in (select pseudonym from account where contains(lower(name), $word{at}))
  )"""

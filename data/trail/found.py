"""One entry of the trail, as a search finds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """An entry as the index knows it. What was not told, or was pruned, is None."""

    number: int
    event: str
    kind: str
    dated_at: datetime | None
    """When it happened, or, if no source tells, was seen; None if that cannot be read."""
    happened_at: datetime | None
    observed_at: datetime | None
    actor: str | None
    """The pseudonym of who did it."""
    account: str | None
    """Whose that is; None for a reader who may not see names, and of persons not known."""
    person: str | None
    """The pseudonym of whom it was done to."""
    subject: str | None
    source: str | None
    team: str | None
    title: str | None
    before: str | None
    after: str | None
    url: str | None
    is_pruned: bool
    is_readable: bool


COLUMNS = """
    number,
    event,
    kind,
    dated_at,
    happened_at,
    observed_at,
    actor,
    name as account,
    person,
    subject,
    source,
    team,
    title,
    "before",
    "after",
    url,
    is_pruned,
    is_readable
"""
"""What a statement selects for it, in that order."""


def found(row: tuple[Any, ...]) -> Found:
    """The entry that a row tells; times of the index are in UTC."""
    number, event, kind, dated_at, happened_at, observed_at, *rest = row
    return Found(number, event, kind, utc(dated_at), utc(happened_at), utc(observed_at), *rest)


def utc(when: datetime | None) -> datetime | None:
    """A time of the index with its zone."""
    return None if when is None else when.replace(tzinfo=UTC)

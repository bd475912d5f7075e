"""What the log holds: an event, which is something that happened, and was seen."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from data.canonical import NotCanonical, canonical
from data.ledger.refusal import EventRefused

OWN_KINDS = "ledger."
"""Kinds that begin so are about the log itself, and are kept for ever."""

PERSON = re.compile(r"person:[0-9a-f]{32}")
"""How a person is named in the log: `People.pseudonym` makes it."""

_KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


def _content(told: dict[str, Any]) -> bytes:
    try:
        return canonical(told)
    except NotCanonical as error:
        fix = "hand in texts, whole numbers, true, false, null, and lists and objects of them"
        raise EventRefused(f"an event cannot be written as JSON ({error})", "", fix) from error


@dataclass(frozen=True, slots=True)
class Event:
    """One event. What a source did not tell is None."""

    kind: str
    """What happened, in the words of CDEvents where it has one: `change.merged`."""
    id: str
    """The same whenever the same event is told again."""
    observed_at: datetime
    """When Cairn saw it."""
    happened_at: datetime | None = None
    actor: str | None = None
    """Who did it: a pseudonym, never an account."""
    subject: str | None = None
    """Id of what it happened to."""
    source: str | None = None
    before: Any = None
    after: Any = None
    url: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def content(self) -> bytes:
        """Its canonical bytes: the leaf of the tree.

        Raises:
            EventRefused: if it has no id or kind, names a person openly, or is no JSON.
        """
        return self.written()[0]

    def written(self) -> tuple[bytes, str]:
        """Its canonical bytes, and when it happened, or, if no source tells, was seen.

        Raises:
            EventRefused: as `content` does.
        """
        self._check()
        seen, at = self.observed_at, self.happened_at
        observed_at = stamp(seen)
        happened_at = observed_at if at is seen else None if at is None else stamp(at)
        told = {
            "actor": self.actor,
            "after": self.after,
            "before": self.before,
            "data": dict(self.data),
            "happened_at": happened_at,
            "id": self.id,
            "kind": self.kind,
            "observed_at": observed_at,
            "source": self.source,
            "subject": self.subject,
            "url": self.url,
        }
        return _content(told), happened_at or observed_at

    def _check(self) -> None:
        if not self.id:
            raise EventRefused("an event has no id", self.kind, "give it a stable one")
        if not _KIND.fullmatch(self.kind):
            fix = "name it like `change.merged`"
            raise EventRefused(f"`{self.kind}` is no kind of event", self.id, fix)
        if self.actor is not None and not PERSON.fullmatch(self.actor):
            fix = "hand in the pseudonym that `People.pseudonym` makes of the account"
            raise EventRefused("an event names its actor openly", self.id, fix)


def event(content: bytes) -> Event:
    """The event that canonical bytes tell.

    Raises:
        ValueError: if they tell none.
    """
    told = json.loads(content)
    for name in ("observed_at", "happened_at"):
        if told[name] is not None:
            told[name] = datetime.fromisoformat(told[name])
    try:
        return Event(**told)
    except TypeError as error:
        raise ValueError("they tell no event") from error


def stamp(when: datetime) -> str:
    """A time as the log writes it: UTC, with microseconds, so that it sorts as text.

    Raises:
        EventRefused: if it has no time zone.
    """
    if when.tzinfo is None:
        raise EventRefused("a time without a zone", when.isoformat(), "give it in UTC")
    utc = when if when.tzinfo is UTC else when.astimezone(UTC)
    return f"{utc.isoformat(timespec='microseconds')[:-6]}Z"

"""One anomaly of cost: whose, since when, how much; its id stays as long as its first day does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What is unusual."""

    UP = "more"
    """More than the same weekdays before."""
    DOWN = "less"
    NEW = "new"
    """Nothing was ever charged for it before."""


@dataclass(frozen=True, slots=True)
class Key:
    """Whose cost it is: of a team, a service of bills, and its provider."""

    team: str | None
    """None: of nobody."""
    service: str
    provider: str


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Some days in a row on which something cost more or less than usual, or for the first time."""

    key: Key
    kind: Kind
    first: date
    last: date
    """The last day of it that is known."""
    cost: Decimal
    """Of its days."""
    expected: Decimal
    """Of the same days; 0 of what is new."""
    noticed: date
    """The first day on which it could be seen: when it had lasted long enough."""
    masked_by: tuple[str, ...] = ()
    """Ids of those that take it back in the sum of its team or of its service."""

    @property
    def id(self) -> str:
        """A hash of whose it is, its kind and its first day."""
        key = self.key
        said = "\n".join((key.team or "", key.service, key.provider, self.kind, str(self.first)))
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    @property
    def amount(self) -> Decimal:
        """How much more it cost than expected; below 0: less."""
        return self.cost - self.expected

    @property
    def days(self) -> int:
        """How many days it lasted, as far as is known."""
        return (self.last - self.first).days + 1

    def meets(self, first: date, last: date) -> bool:
        """Whether it has a day in common with some days, both ends included."""
        return self.first <= last and first <= self.last

    def days_in_common(self, other: Anomaly) -> int:
        """How many days both lasted."""
        end = min(self.last, other.last) + timedelta(days=1)
        return max(0, (end - max(self.first, other.first)).days)

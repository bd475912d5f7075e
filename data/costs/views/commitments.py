"""What was committed: bought, used and not used; and how much of what could be covered is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from data.costs.views.asked import Asked, answered
from data.costs.views.reconciled import State
from data.store.snapshot import Snapshot

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Use:
    """Money of a commitment, or of several; what is not there or not told is None, not nothing."""

    bought: Decimal | None
    """Billed for it."""
    used: Decimal | None
    """Effective cost of what was used."""
    unused: Decimal | None
    """Effective cost of what was not."""
    unknown: frozenset[str] = frozenset()
    """Names of those of these amounts that a bill leaves unknown."""

    @property
    def whole(self) -> Decimal | None:
        """Used and unused; None where no bill tells of its use, or of all of it."""
        if self.unknown & {"used", "unused"} or (self.used is None and self.unused is None):
            return None
        return (self.used or _NOTHING) + (self.unused or _NOTHING)

    @property
    def utilisation(self) -> Decimal | None:
        """Used ÷ (used + unused); None where that is not known."""
        whole = self.whole
        return (self.used or _NOTHING) / whole if whole is not None and whole > 0 else None


@dataclass(frozen=True, slots=True)
class Month:
    """One commitment in one billing month."""

    month: date
    id: str
    name: str | None
    type: str | None
    category: str | None
    provider: str | None
    account: str | None
    use: Use
    untold: Decimal | None
    """Effective cost of usage under it of which no bill says whether it was used."""
    charges: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Whether what was paid for a commitment is what its use and the rest come to."""

    month: date | None
    """None: it was paid at once, so all its months are compared."""
    paid: Decimal | None
    spread: Decimal | None
    state: State
    note: str


@dataclass(frozen=True, slots=True)
class Eligible:
    """Usage of a service that a commitment could cover, at list prices."""

    provider: str
    service: str
    covered: Decimal
    standard: Decimal
    """What was bought as it comes."""
    untold_charges: int
    """Charges of which no bill says how they are priced."""
    unpriced_charges: int
    """Charges without a list price."""

    @property
    def share(self) -> Decimal | None:
        """Covered ÷ (covered + as it comes); None where the bills do not tell all of it."""
        whole = self.covered + self.standard
        is_told = not self.untold_charges and not self.unpriced_charges
        return self.covered / whole if is_told and whole > 0 else None


def months(snapshot: Snapshot, asked: Asked) -> tuple[Month, ...]:
    """Each commitment in each month."""
    return tuple(_month(row) for row in answered(snapshot, "commitments", asked))


def added(some: Iterable[Month]) -> Use:
    """What several have together."""
    uses = [one.use for one in some]
    unknown = frozenset[str]().union(*(use.unknown for use in uses))
    return Use(
        None if "bought" in unknown else _sum(use.bought for use in uses),
        None if "used" in unknown else _sum(use.used for use in uses),
        None if "unused" in unknown else _sum(use.unused for use in uses),
        unknown,
    )


def identities(snapshot: Snapshot, asked: Asked) -> Mapping[str, Sequence[Identity]]:
    """The comparisons of each commitment, by its id."""
    found: dict[str, list[Identity]] = {}
    for row in answered(snapshot, "identities", asked):
        one = Identity(row["billing_month"], row["paid"], row["spread"], State(row["state"]),
                       row["note"])  # fmt: skip
        found.setdefault(row["commitment_id"], []).append(one)
    return found


def eligible(snapshot: Snapshot, asked: Asked) -> tuple[Eligible, ...]:
    """The services of which some usage is covered."""
    return tuple(Eligible(**row) for row in answered(snapshot, "eligible", asked))


def coverage(found: Sequence[Eligible]) -> Decimal | None:
    """Of all of them; None where the bills do not tell all of it."""
    if not found or any(one.share is None for one in found):
        return None
    covered = sum((one.covered for one in found), _NOTHING)
    return covered / sum((one.covered + one.standard for one in found), _NOTHING)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [one for one in amounts if one is not None]
    return sum(known, _NOTHING) if known else None


def _month(row: Mapping[str, Any]) -> Month:
    unknown = frozenset(n for n in ("bought", "used", "unused") if row[f"{n}_unknown"])
    use = Use(row["bought"], row["used"], row["unused"], unknown)
    return Month(row["billing_month"], row["commitment_id"], row["name"], row["type"],
                 row["category"], row["provider"], row["account"], use, row["untold"],
                 row["charges"])  # fmt: skip

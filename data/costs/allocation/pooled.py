"""What each pool's charges are split by, month by month: a table of bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from data.costs.allocation.book import Book
from data.costs.allocation.bucket import Bucket
from data.costs.allocation.pool import EVERY_TEAM, Fallback, Method, Pool
from data.costs.allocation.shares import Weights, even, fixed, parts, resolved

NOBODY = ""
"""Target of what has nobody to go to."""


@dataclass(frozen=True, slots=True)
class Place:
    """A month and a currency, in which a pool is split one way."""

    month: date
    currency: str


@dataclass(frozen=True, slots=True)
class Split:
    """The part of one target of a pool in one place."""

    pool: str
    place: Place
    path: tuple[str, ...]
    team: str | None
    bucket: Bucket
    method: str
    """How it was split, with the fallback that was needed."""
    driver: str | None
    lower: Decimal
    upper: Decimal


class Pools:
    """Splits the pools of a book."""

    def __init__(
        self,
        book: Book,
        teams: Sequence[str],
        direct: Mapping[Place, Mapping[str, Decimal | None]],
        drivers: Mapping[tuple[str, date], Mapping[str, Decimal]],
    ) -> None:
        """Takes what splits go by.

        Args:
            book: the rules.
            teams: all teams.
            direct: effective cost of each team that rules gave it directly; None: not all is told.
            drivers: by driver and month, how much each team used.
        """
        self._book = book
        self._teams = tuple(teams)
        self._direct = direct
        self._drivers = drivers

    def splits(self, places: Sequence[Place]) -> Iterator[Split]:
        """All splits of all pools in the places where there are charges."""
        for place in places:
            pools = [pool for pool in self._book.pool if _holds(pool, place.month)]
            found = {pool.id: self._parts(pool, place, pools) for pool in pools}
            by_id = {pool.id: pool for pool in pools}
            weights = {name: each for name, (each, _) in found.items()}
            for pool in pools:
                for share in resolved(pool.id, weights):
                    last = by_id[share.path[-2]]
                    yield Split(
                        pool.id, place, share.path, share.target or None,
                        _bucket(pool, share.target), found[last.id][1], last.driver,
                        share.lower, share.upper,
                    )  # fmt: skip

    def _parts(self, pool: Pool, place: Place, pools: Sequence[Pool]) -> tuple[Weights, str]:
        """The parts of a pool's targets, and how they were found."""
        below = [one.id for one in pools[pools.index(pool) + 1 :]]
        found = self._weighed(pool, place, below)
        if found is not None:
            return found, pool.split.value
        for fallback in pool.fallback:
            found = self._fallen(pool, place, below, fallback)
            if found is not None:
                return found, f"{pool.split.value}, {fallback.value}"
        return {NOBODY: Fraction(1)}, f"{pool.split.value}, {Fallback.UNALLOCATED.value}"

    def _fallen(
        self, pool: Pool, place: Place, below: Sequence[str], fallback: Fallback
    ) -> Weights | None:
        match fallback:
            case Fallback.PREVIOUS:
                before = date(
                    place.month.year - (place.month.month == 1), (place.month.month - 2) % 12 + 1, 1
                )
                return self._weighed(pool, Place(before, place.currency), below)
            case Fallback.EVEN:
                targets = self._targets(pool, below)
                return even(targets) if targets else None
            case Fallback.UNALLOCATED:
                return {NOBODY: Fraction(1)}

    def _weighed(self, pool: Pool, place: Place, below: Sequence[str]) -> Weights | None:
        targets = self._targets(pool, below)
        match pool.split:
            case Method.EVEN:
                return even(targets) if targets else None
            case Method.FIXED:
                # The share of a pool that does not hold this month is nobody's.
                found: dict[str, Fraction] = {}
                for name, share in fixed(pool.shares, pool.id).items():
                    target = name if name in targets else NOBODY
                    found[target] = found.get(target, Fraction(0)) + share
                return found
            case Method.DIRECT_COST:
                known = self._direct.get(place, {})
                # A team with more credits than charges has no share, and takes nobody else's.
                costs = {team: known.get(team, Decimal(0)) for team in targets}
                told = {team: cost for team, cost in costs.items() if cost is not None}
                if len(told) < len(costs):
                    return None
                used = {team: max(cost, Decimal(0)) for team, cost in told.items()}
            case Method.DRIVER:
                counted = self._drivers.get((pool.driver or "", place.month), {})
                # What nobody owns was used as well: its part stays in sight as nobody's.
                used = {team: counted.get(team, Decimal(0)) for team in (*targets, NOBODY)}
        by = f" by {pool.driver}" if pool.driver else ""
        where = f"pool {pool.id}{by}, {place.month:%Y-%m}"
        return parts({team: Fraction(amount) for team, amount in used.items()}, where)

    def _targets(self, pool: Pool, below: Sequence[str]) -> list[str]:
        named: list[str] = []
        for name in pool.targets:
            named += self._teams if name == EVERY_TEAM else [name]
        known = {*self._teams, *below}
        return [name for name in dict.fromkeys(named) if name in known]


def _holds(pool: Pool, month: date) -> bool:
    return (pool.from_ is None or pool.from_ <= month) and (
        pool.until is None or month < pool.until
    )


def _bucket(pool: Pool, target: str) -> Bucket:
    if target == NOBODY:
        return Bucket.UNALLOCATED
    return Bucket.IDLE if pool.is_idle else Bucket.SHARED

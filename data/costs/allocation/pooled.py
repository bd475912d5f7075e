"""What each pool's charges are split by, month by month: a table of bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from data.costs.allocation.book import Book
from data.costs.allocation.bucket import Bucket
from data.costs.allocation.pool import EVERY_TEAM, Fallback, Method, Pool
from data.costs.allocation.shares import Weights, even, fixed, parts, resolved
from data.costs.allocation.use import Use, UseRefused

NOBODY = ""
"""Target of what has nobody to go to."""
ABSENT = "absent"
"""How a pool is split that is passed on to in a month in which it does not hold: not at all."""


class Lack(StrEnum):
    """Why a pool cannot be split as it says."""

    NOTHING = ""
    """Nothing was used."""
    UNKNOWN = "unknown"
    """What one target used is not known, and so no ratio is."""


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
    """How it was split, with the fallback that was needed, and `unknown` if that was why."""
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
        drivers: Mapping[tuple[str, date], Mapping[str, Decimal | None]],
    ) -> None:
        """Takes what splits go by.

        Args:
            book: the rules.
            teams: all teams.
            direct: effective cost of each team that rules gave it directly; None: not all is told.
            drivers: by driver and month, how much each team used; None: not all of it is known.
        """
        self._book = book
        self._teams = tuple(teams)
        self._direct = direct
        self._drivers = drivers

    def splits(self, places: Sequence[Place]) -> Iterator[Split]:
        """All splits of all pools in the places where there are charges.

        Raises:
            UseRefused: if a driver is negative.
        """
        for place in places:
            pools = [pool for pool in self._book.pool if _holds(pool, place.month)]
            by_id = {pool.id: pool for pool in pools}
            absent = {pool.id for pool in self._book.pool} - by_id.keys()
            found = {pool.id: self._parts(pool, place) for pool in pools}
            found |= {name: ({NOBODY: Fraction(1)}, ABSENT) for name in absent}
            weights = {name: each for name, (each, _) in found.items()}
            for pool in pools:
                for share in resolved(pool.id, weights):
                    last = share.path[-2]
                    yield Split(
                        pool.id, place, share.path, share.target or None,
                        _bucket(pool, share.target), found[last][1],
                        by_id[last].driver if last in by_id else None,
                        share.lower, share.upper,
                    )  # fmt: skip

    def _parts(self, pool: Pool, place: Place) -> tuple[Weights, str]:
        """The parts of a pool's targets, and how they were found."""
        found = self._weighed(pool, place)
        if not isinstance(found, Lack):
            return found, pool.split.value
        said = ", ".join(part for part in (pool.split.value, found.value) if part)
        for fallback in pool.fallback:
            fallen = self._fallen(pool, place, fallback)
            if fallen is not None:
                return fallen, f"{said}, {fallback.value}"
        return {NOBODY: Fraction(1)}, f"{said}, {Fallback.UNALLOCATED.value}"

    def _fallen(self, pool: Pool, place: Place, fallback: Fallback) -> Weights | None:
        match fallback:
            case Fallback.PREVIOUS:
                before = date(
                    place.month.year - (place.month.month == 1), (place.month.month - 2) % 12 + 1, 1
                )
                found = self._weighed(pool, Place(before, place.currency))
            case Fallback.EVEN:
                found = self._even(pool)
            case Fallback.UNALLOCATED:
                return {NOBODY: Fraction(1)}
        return None if isinstance(found, Lack) else found

    def _weighed(self, pool: Pool, place: Place) -> Weights | Lack:
        used: Mapping[str, Decimal | None]
        match pool.split:
            case Method.EVEN:
                return self._even(pool)
            case Method.FIXED:
                return self._in_sight(fixed(pool.shares, pool.id))
            case Method.DIRECT_COST:
                direct = self._direct.get(place, {})
                costs = {team: direct.get(team, Decimal(0)) for team in self._targets(pool)}
                # A team with more credits than charges has no share, and takes nobody else's.
                used = {
                    team: None if cost is None else max(cost, Decimal(0))
                    for team, cost in costs.items()
                }
            case Method.DRIVER:
                used = self._counted(pool, place.month)
        told = {team: Fraction(amount) for team, amount in used.items() if amount is not None}
        if len(told) < len(used):
            return Lack.UNKNOWN
        found = parts(told, _where(pool, place.month))
        return Lack.NOTHING if found is None else self._in_sight(found)

    def _counted(self, pool: Pool, month: date) -> Mapping[str, Decimal | None]:
        """What each target used, and nobody: what nobody owns was used as well."""
        driver = pool.driver or ""
        counted = self._drivers.get((driver, month), {})
        used = {team: counted.get(team, Decimal(0)) for team in (*self._targets(pool), NOBODY)}
        for team, amount in used.items():
            if amount is not None and amount < 0:
                raise UseRefused(Use(driver, month, team or None, amount), _where(pool, month))
        return used

    def _even(self, pool: Pool) -> Weights | Lack:
        targets = self._targets(pool)
        return self._in_sight(even(targets)) if targets else Lack.NOTHING

    def _targets(self, pool: Pool) -> list[str]:
        """The teams and pools that a pool names, also those that there are not in that month."""
        named: list[str] = []
        for name in pool.targets:
            named += self._teams if name == EVERY_TEAM else [name]
        return list(dict.fromkeys(named))

    def _in_sight(self, found: Weights) -> Weights:
        """The same parts; what a name has that is neither team nor pool is nobody's."""
        known = {*self._teams, *(pool.id for pool in self._book.pool)}
        kept: dict[str, Fraction] = {}
        for name, part in found.items():
            target = name if name in known else NOBODY
            kept[target] = kept.get(target, Fraction(0)) + part
        return kept


def _where(pool: Pool, month: date) -> str:
    return f"pool {pool.id}, {month:%Y-%m}"


def _holds(pool: Pool, month: date) -> bool:
    return (pool.from_ is None or pool.from_ <= month) and (
        pool.until is None or month < pool.until
    )


def _bucket(pool: Pool, target: str) -> Bucket:
    if target == NOBODY:
        return Bucket.UNALLOCATED
    return Bucket.IDLE if pool.is_idle else Bucket.SHARED

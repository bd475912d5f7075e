"""Charges that several teams share, and how they are split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import Field, field_validator

from data.configuration.section import Slug
from data.costs.allocation.dated import Dated, Fault, Words

EVERY_TEAM = "*"


class Method(StrEnum):
    """How a pool is split."""

    EVEN = "even"
    FIXED = "fixed"
    DIRECT_COST = "direct_cost"
    DRIVER = "driver"


class Fallback(StrEnum):
    """What is done where a split has nothing to go by."""

    PREVIOUS = "previous"
    """The ratios of the month before."""
    EVEN = "even"
    UNALLOCATED = "unallocated"
    """It stays in sight as what nobody has."""


class Pool(Dated):
    """Shared charges, and how they are split. A pool may pass on to those below it alone."""

    title: str | None = Field(None, description="shown instead of the id")
    is_idle: bool = Field(False, description="whether it holds what nobody used")
    split: Method = Field(description="how")
    to: Words = Field((EVERY_TEAM,), description="teams and pools below; `*` is every team")
    shares: Mapping[Slug, Decimal] = Field({}, description="of a fixed split; they add up to 1")
    driver: Slug | None = Field(None, description="what was used, of a split by driver")
    fallback: tuple[Fallback, ...] = Field(
        (Fallback.UNALLOCATED,), description="what is done in turn where there is nothing to go by"
    )

    @field_validator("shares", mode="before")
    @classmethod
    def _is_exact(cls, given: Any) -> Any:
        if isinstance(given, dict) and any(isinstance(one, float) for one in given.values()):
            raise ValueError('write shares as texts, which are exact: "0.25"')
        return given

    def faults(self) -> Iterator[Fault]:
        """What in it cannot be meant."""
        yield from super().faults()
        if (self.split is Method.FIXED) != bool(self.shares):
            what = f"`{self.id}`: a fixed split has `shares`, and no other has"
            yield what, "write both or none", ("shares" if self.shares else "split",)
        if (self.split is Method.DRIVER) != (self.driver is not None):
            what = f"`{self.id}`: a split by driver has a `driver`, and no other has"
            yield what, "write both or none", ("driver" if self.driver else "split",)
        total = sum(self.shares.values())
        if self.shares and total != 1:
            what = f"the shares of `{self.id}` add up to {total}, not to 1"
            yield what, "change one of them", ("shares",)
        for name, share in self.shares.items():
            if share < 0:
                yield f"the share of `{name}` is negative", "mend it", ("shares", name)

    @property
    def targets(self) -> tuple[str, ...]:
        """The teams and pools that it names."""
        return tuple(self.shares) if self.split is Method.FIXED else self.to


def way_back(pools: Sequence[Pool], start: str, end: str) -> list[str]:
    """The pools from one to another, over what each names, and back to the start."""
    targets = {pool.id: pool.targets for pool in pools}
    ways = [[start]]
    while ways:
        way = ways.pop(0)
        if way[-1] == end:
            return [end, *way]
        ways += [[*way, t] for t in targets.get(way[-1], ()) if t in targets and t not in way]
    return [end, start]

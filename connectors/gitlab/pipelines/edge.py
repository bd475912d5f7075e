"""How far a list is known that tells what changed since a time, in another order than that."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from connectors.gitlab.pipelines.pipeline_list import told_time
from connectors.interface import Json

_MARGIN = timedelta(minutes=1)
"""By so much the clocks of a server's parts may differ."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The newest change that is known, and what bears it: a list that begins there tells it again.

    Times are told to the second.
    """

    to: str = ""
    edge: Sequence[str] = ()

    def has(self, node: Json) -> bool:
        """Whether a pipeline is known as it is; one that tells no time was told once."""
        changed = told_time(node, "updatedAt")
        return changed is None or changed < self.to or _shown(node) in self.edge

    def with_all(self, found: Sequence[Json]) -> Edge:
        """The edge of all that was known and these."""
        times = filter(None, (told_time(node, "updatedAt") for node in found))
        newest = max([self.to, *times])
        bearing = {_shown(node) for node in found if told_time(node, "updatedAt") == newest}
        return Edge(newest, sorted({*(self.edge if newest == self.to else ()), *bearing}))


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk through the pages of such a list.

    What changes while they are read may be on one that was read before. It changed after the first
    was asked for: the walk makes known what is older than that, or else what the first page shows.
    """

    asked_at: str
    first: Edge
    every: Edge

    @classmethod
    def begun(cls, known: Edge, found: Sequence[Json], now: datetime) -> Self:
        """A walk whose first page was asked for now."""
        edge = known.with_all(found)
        return cls((now - _MARGIN).isoformat(), edge, edge)

    @classmethod
    def of(cls, told: Mapping[str, Json]) -> Self:
        """The walk that `asdict` told."""
        return cls(told["asked_at"], Edge(**told["first"]), Edge(**told["every"]))

    def with_all(self, found: Sequence[Json]) -> Walk:
        """The walk with another page."""
        return Walk(self.asked_at, self.first, self.every.with_all(found))

    @property
    def known(self) -> Edge:
        """What is known when it has come to its end."""
        return self.every if self.every.to < self.asked_at else self.first


def _shown(node: Json) -> str:
    told = f"{node.get('id')} {node.get('updatedAt')} {node.get('status')}"
    return hashlib.sha256(told.encode()).hexdigest()[:8]

"""Numbers the commits of a mainline, read from its head backwards, page by page.

A mainline commit has the ordinal of its place on the first-parent history. Every other commit has
that of the oldest mainline commit that contains it. Both are known when a commit comes, for it
comes after its children: mostly. Hosts order commits by date, and where a clock was wrong a parent
may come first. On one page that does no harm; over a page's end one commit loses its place, and
the mainline goes on behind it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from connectors.interface import Json

_MOST_EARLY = 20


@dataclass(frozen=True, slots=True)
class Node:
    """A commit, as far as its place needs it."""

    sha: str
    parents: Sequence[str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A commit and its place."""

    sha: str
    position: int
    is_mainline: bool


@dataclass(slots=True)
class Walk:
    """A walk from the head of a mainline down its history."""

    expected: str | None
    """The next mainline commit; null when its root has come."""
    position: int
    """The ordinal it will have."""
    frontier: dict[str, int] = field(default_factory=dict)
    """Places of commits that are still to come."""
    floor: int = 0
    """Commits of this place and below are known."""
    early: dict[str, Sequence[str]] = field(default_factory=dict)
    """The last commits beside the mainline and their parents: one may turn out to be on it."""

    @classmethod
    def of(cls, told: Mapping[str, Json]) -> Self:
        """The walk that `told` told."""
        return cls(
            told["expected"],
            told["position"],
            dict(told["frontier"]),
            told["floor"],
            dict(told["early"]),
        )

    def told(self) -> dict[str, Json]:
        """The walk as JSON, to go on from."""
        return {
            "expected": self.expected,
            "position": self.position,
            "frontier": dict(self.frontier),
            "floor": self.floor,
            "early": {sha: list(parents) for sha, parents in self.early.items()},
        }

    def place(self, nodes: Iterable[Node]) -> list[Placed]:
        """Places the commits of the next page; those that are known are left out."""
        page = {node.sha: node for node in nodes}
        ordinals = self._mainline(page)
        placed = {}
        for node in _children_first(page):
            place = self.frontier.pop(node.sha, None)
            place = ordinals.get(node.sha, place)
            if place is None:
                continue  # nothing that was read leads to it
            for parent in node.parents:
                if parent not in ordinals and parent != self.expected and parent not in self.early:
                    self.frontier[parent] = min(place, self.frontier.get(parent, place))
            placed[node.sha] = Placed(node.sha, place, node.sha in ordinals)
        self.frontier.pop(self.expected or "", None)
        self._keep_early(page, placed)
        return [placed[sha] for sha in page if sha in placed and placed[sha].position > self.floor]

    @property
    def is_done(self) -> bool:
        """Whether all that comes from here on is known."""
        has_mainline = self.expected is not None and self.position > self.floor
        return not has_mainline and all(place <= self.floor for place in self.frontier.values())

    def _mainline(self, page: Mapping[str, Node]) -> dict[str, int]:
        """Goes down the mainline as far as a page leads; the ordinals of its commits there."""
        ordinals = {}
        while self.expected is not None:
            node = page.get(self.expected)
            parents = node.parents if node else self.early.get(self.expected)
            if parents is None:
                break
            if node is not None:
                ordinals[node.sha] = self.position
            self.position -= 1
            self.expected = parents[0] if parents else None
        return ordinals

    def _keep_early(self, page: Mapping[str, Node], placed: Mapping[str, Placed]) -> None:
        beside = {sha: page[sha].parents for sha in page if sha in placed}
        beside = {sha: told for sha, told in beside.items() if not placed[sha].is_mainline}
        self.early = dict([*self.early.items(), *beside.items()][-_MOST_EARLY:])


def _children_first(page: Mapping[str, Node]) -> Iterator[Node]:
    """The commits of a page, each before its parents."""
    waiting = Counter(parent for node in page.values() for parent in node.parents)
    ready = deque(node for node in page.values() if not waiting[node.sha])
    while ready:
        node = ready.popleft()
        yield node
        for parent in node.parents:
            waiting[parent] -= 1
            if not waiting[parent] and parent in page:
                ready.append(page[parent])

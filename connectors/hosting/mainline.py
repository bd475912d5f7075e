"""Numbers the commits of a mainline, read from its head backwards, page by page.

A mainline commit has the ordinal of its place on the first-parent history. Every other commit has
that of the oldest mainline commit that contains it. Both are known when a commit comes, for it
comes after its children.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from connectors.interface import Json


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

    @classmethod
    def of(cls, told: Mapping[str, Json]) -> Self:
        """The walk that `told` told."""
        return cls(told["expected"], told["position"], dict(told["frontier"]), told["floor"])

    def told(self) -> dict[str, Json]:
        """The walk as JSON, to go on from."""
        return {
            "expected": self.expected,
            "position": self.position,
            "frontier": dict(self.frontier),
            "floor": self.floor,
        }

    def place(self, nodes: Iterable[Node]) -> list[Placed]:
        """Places the next commits, in the order they come; those that are known are left out."""
        return [placed for node in nodes if (placed := self._place(node)) is not None]

    @property
    def is_done(self) -> bool:
        """Whether all that comes from here on is known."""
        has_mainline = self.expected is not None and self.position > self.floor
        return not has_mainline and all(place <= self.floor for place in self.frontier.values())

    def _place(self, node: Node) -> Placed | None:
        is_mainline = node.sha == self.expected
        place = self.frontier.pop(node.sha, None)
        if is_mainline:
            place = self.position
            self.position -= 1
            self.expected = node.parents[0] if node.parents else None
        elif place is None:
            return None  # nothing that was read leads to it: history is told out of order
        for parent in node.parents[1:] if is_mainline else node.parents:
            if parent != self.expected:
                self.frontier[parent] = min(place, self.frontier.get(parent, place))
        self.frontier.pop(self.expected or "", None)
        return Placed(node.sha, place, is_mainline) if place > self.floor else None

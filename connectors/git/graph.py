"""The graph of a repository's commits, and where each commit stands on the mainline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.git.commit import parents_of
from connectors.git.repository import AbsentObject, GitRepository
from data.model import GapReason

Parents = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Graph:
    """Commits with their parents, and those that should be there and cannot be read."""

    parents: Parents
    absent: Mapping[str, GapReason] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mainline:
    """First-parent history of a branch, and the commits around it."""

    groups: Sequence[Sequence[str]]
    """For each mainline commit, oldest first: the commits it brought, itself last."""
    first_position: int
    """Ordinal of the first group's mainline commit; the oldest of all has 1."""
    side: Mapping[str, str]
    """Commits that only tags reach, parents before children, each with the first of its tags."""

    def positions(self) -> dict[str, int]:
        """Ordinal of the oldest mainline commit that contains each commit of the groups."""
        numbered = enumerate(self.groups, self.first_position)
        return {sha: position for position, group in numbered for sha in group}


def read_graph(repository: GitRepository, tips: Iterable[str], known: str | None = None) -> Graph:
    """Reads all commits that `tips` reach, without those that `known` reaches.

    Raises:
        GitFailed: if one of them cannot be read.
    """
    names = [*tips, *([f"^{known}"] if known else [])]
    stdin = "".join(f"{name}\n" for name in names).encode()
    parents: dict[str, tuple[str, ...]] = {}
    for line in repository.records("rev-list", "--parents", "--stdin", "--", stdin=stdin):
        sha, *others = line.decode("ascii").split()
        parents[sha] = tuple(others)
    return Graph(parents)


def salvage_graph(repository: GitRepository, tips: Iterable[str]) -> Graph:
    """Reads commit by commit what is there: git's own walk ends at the first loss."""
    boundary = set(repository.shallow_boundary())
    parents: dict[str, tuple[str, ...]] = {}
    absent: dict[str, GapReason] = {}
    due = list(dict.fromkeys(tips))
    seen = set(due)
    with repository.objects() as objects:
        while due:
            front, due = due, []
            for sha, answer in zip(front, objects.read_all(front), strict=True):
                if isinstance(answer, AbsentObject):
                    absent[sha] = answer.reason
                    continue
                parents[sha] = () if sha in boundary else parents_of(answer.data)
                due += (parent for parent in parents[sha] if parent not in seen)
                seen.update(parents[sha])
    return Graph(parents, absent)


def is_continued(graph: Graph, head: str, known: str) -> bool:
    """Whether `known` is on the first-parent history of `head`; the graph lacks what it has."""
    return _first_parents(graph.parents, head)[1] == known


def place(
    graph: Graph, head: str, tips: Iterable[tuple[str, str]], known_position: int = 0
) -> Mainline:
    """Numbers the mainline that ends in `head`, and puts every other commit to its place.

    Args:
        graph: all commits that `head` and `tips` reach, but not those of the known mainline.
        head: newest mainline commit.
        tips: names of tags and the commits they lead to, first the tag that counts first.
        known_position: ordinal of the newest known mainline commit.
    """
    line, _ = _first_parents(graph.parents, head)
    placed: set[str] = set()
    groups = [_newly_reached(graph.parents, mainline, placed) for mainline in reversed(line)]
    side = {sha: name for name, tip in tips for sha in _newly_reached(graph.parents, tip, placed)}
    return Mainline(groups, known_position + 1, side)


def _first_parents(parents: Parents, head: str) -> tuple[list[str], str | None]:
    """Mainline commits of the graph, newest first, and the commit below the oldest."""
    line: list[str] = []
    sha: str | None = head
    while sha is not None and sha in parents:
        line.append(sha)
        sha = next(iter(parents[sha]), None)
    return line, sha


def _newly_reached(parents: Parents, tip: str, placed: set[str]) -> list[str]:
    """Commits that `tip` reaches and that are not placed yet, parents before children."""
    order: list[str] = []
    due = [(tip, False)]
    while due:
        sha, is_done = due.pop()
        if is_done:
            order.append(sha)
        elif sha in parents and sha not in placed:
            placed.add(sha)
            due.append((sha, True))
            due += ((parent, False) for parent in reversed(parents[sha]))
    return order


def highest_contained(
    parents: Parents, ordinals: Mapping[str, int], tips: Iterable[str]
) -> dict[str, int]:
    """The highest mainline ordinal that each tip contains; 0 if it contains none.

    Args:
        parents: all commits that the tips reach.
        ordinals: those of the mainline commits themselves.
        tips: the commits asked about.
    """
    tips = list(tips)
    highest = dict(ordinals)
    placed = set(ordinals)
    for tip in tips:
        for sha in _newly_reached(parents, tip, placed):
            highest[sha] = max((highest.get(parent, 0) for parent in parents[sha]), default=0)
    return {tip: highest.get(tip, 0) for tip in tips}

"""Places of commits on a mainline, read from its head backwards, page by page."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from connectors.hosting.mainline import Node, Placed, Walk

BASE = 1000


@dataclass(frozen=True)
class History:
    """A history; commits are numbered from the oldest, and the head is the last."""

    parents: tuple[tuple[int, ...], ...]
    dates: tuple[int, ...]

    def mainline(self, head: int) -> list[int]:
        """From the head down, by first parents."""
        found = [head]
        while self.parents[found[-1]]:
            found.append(self.parents[found[-1]][0])
        return found

    def below(self, head: int) -> set[int]:
        """All that leads to a commit, and the commit itself."""
        found, stack = {head}, [head]
        while stack:
            for parent in self.parents[stack.pop()]:
                if parent not in found:
                    found.add(parent)
                    stack.append(parent)
        return found

    def told(self, head: int, *, is_by_date_alone: bool = False) -> list[Node]:
        """In the order in which hosts tell it: newest first, a child before its parents."""
        waiting = Counter(p for child in self.below(head) for p in self.parents[child])
        ready, seen, found = [(-self.dates[head], head)], {head}, []
        while ready:
            commit = heapq.heappop(ready)[1]
            found.append(Node(f"c{commit}", [f"c{p}" for p in self.parents[commit]]))
            for parent in self.parents[commit]:
                waiting[parent] -= 1
                if parent not in seen and (is_by_date_alone or not waiting[parent]):
                    seen.add(parent)
                    heapq.heappush(ready, (-self.dates[parent], parent))
        return found

    def places(self, head: int, position: int) -> dict[str, Placed]:
        """By definition: the ordinal of the oldest mainline commit that contains each."""
        mainline = self.mainline(head)
        found = {}
        for depth, commit in enumerate(mainline):
            for contained in self.below(commit):
                name = f"c{contained}"
                found[name] = Placed(name, position - depth, contained in mainline)
        return found


@st.composite
def histories(draw: st.DrawFn, most: int = 25) -> History:
    parents: list[tuple[int, ...]] = [()]
    for commit in range(1, draw(st.integers(1, most))):
        known = st.integers(max(0, commit - 8), commit - 1)
        parents.append(tuple(draw(st.lists(known, min_size=0, max_size=3, unique=True))))
    dates = draw(st.lists(st.integers(0, 30), min_size=len(parents), max_size=len(parents)))
    return History(tuple(parents), tuple(dates))


def walked(walk: Walk, nodes: Sequence[Node], size: int) -> dict[str, Placed]:
    """Page by page, as different processes would go on from a cursor."""
    found: dict[str, Placed] = {}
    for start in range(0, len(nodes), size):
        walk = Walk.of(json.loads(json.dumps(walk.told())))
        placed = {each.sha: each for each in walk.place(nodes[start : start + size])}
        assert not placed.keys() & found.keys()
        found |= placed
    assert walk.is_done
    return found


@given(histories(), st.integers(1, 30))
def test_each_commit_has_the_ordinal_of_the_oldest_mainline_commit_that_contains_it(
    history: History, size: int
) -> None:
    head = len(history.parents) - 1
    found = walked(Walk(f"c{head}", BASE), history.told(head), size)
    assert found == history.places(head, BASE)


@given(histories())
def test_a_parent_that_comes_before_its_child_on_the_page_does_no_harm(history: History) -> None:
    head = len(history.parents) - 1
    told = history.told(head, is_by_date_alone=True)
    assert walked(Walk(f"c{head}", BASE), told, len(told)) == history.places(head, BASE)


@given(histories(), st.data(), st.integers(1, 30))
def test_what_was_pushed_since_has_the_places_of_one_whole_reading(
    history: History, data: st.DataObject, size: int
) -> None:
    head = len(history.parents) - 1
    mainline = history.mainline(head)
    depth = data.draw(st.integers(0, len(mainline) - 1))
    known = history.places(mainline[depth], BASE)
    walk = Walk(f"c{head}", BASE + depth, floor=BASE)
    told = history.told(head)
    for start in range(0, len(told), size):
        placed = {each.sha: each for each in walk.place(told[start : start + size])}
        assert not placed.keys() & known.keys()
        known |= placed
        if walk.is_done:
            break
    assert known == history.places(head, BASE + depth)


def test_a_forward_walk_ends_where_the_oldest_new_branch_began() -> None:
    nodes = _line(10, merges={10: 6})
    walk = Walk("m10", 110, floor=109)
    read = []
    while not walk.is_done:
        read.append(nodes[len(read)])
        walk.place(read[-1:])
    assert read[-1].sha == "m7"


def _line(length: int, merges: Mapping[int, int]) -> list[Node]:
    """A mainline `m1` …, with merges of a branch of one commit from a mainline commit."""
    nodes = []
    for number in range(length, 0, -1):
        first = [f"m{number - 1}"] if number > 1 else []
        side = [f"s{number}"] if number in merges else []
        nodes.append(Node(f"m{number}", [*first, *side]))
        if number in merges:
            nodes.append(Node(f"s{number}", [f"m{merges[number]}"]))
    return nodes


def test_the_mainline_goes_on_behind_a_commit_that_came_a_page_too_early() -> None:
    walk = Walk("m4", 4)
    first = walk.place([Node("m4", ["m3", "s"]), Node("s", ["m2"]), Node("m2", ["m1"])])
    second = walk.place([Node("m3", ["m2"]), Node("m1", [])])
    assert [each.sha for each in first if each.is_mainline] == ["m4"]
    assert [(p.sha, p.position) for p in second if p.is_mainline] == [("m3", 3), ("m1", 1)]
    assert walk.is_done


def test_what_nothing_leads_to_has_no_place() -> None:
    assert Walk("m1", 1).place([Node("elsewhere", []), Node("m1", [])]) == [Placed("m1", 1, True)]


def test_a_cursor_stays_small_however_long_the_history() -> None:
    walk = Walk("m3000", 3000)
    for number in range(3000, 0, -1):
        parents = [f"m{number - 1}", f"s{number}"] if number > 1 else []
        walk.place([Node(f"m{number}", parents), Node(f"s{number}", [f"m{number - 1}"])])
    assert len(json.dumps(walk.told())) < 2000

"""Pairs things one to one, as many as can be, each with a near one where there is a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def paired(nearest: Sequence[Sequence[int]]) -> dict[int, int]:
    """Gives each thing at most one place, and as many of them one as can have one.

    The method is that of alternating paths: who finds all their places taken asks those who took
    them to move on (H. W. Kuhn, The Hungarian method for the assignment problem, 1955).

    Args:
        nearest: of each thing the places that it fits, the best first.

    Returns:
        The place of each thing that has one.
    """
    places: dict[int, int] = {}
    taken: dict[int, int] = {}
    closed: set[int] = set()
    for thing in range(len(nearest)):
        way = _way(thing, nearest, taken, closed)
        for place, who in way:
            places[who] = place
            taken[place] = who
    return places


def _way(
    thing: int, nearest: Sequence[Sequence[int]], taken: Mapping[int, int], closed: set[int]
) -> list[tuple[int, int]]:
    """Who has to go where, so that a thing has a place; none: there is no way, now or later.

    Places that lead nowhere are added to `closed`.
    """
    asked_by: dict[int, int] = {}
    had: dict[int, int] = {}
    asking = [thing]
    for one in asking:
        for place in nearest[one]:
            if place in asked_by or place in closed:
                continue
            asked_by[place] = one
            if place not in taken:
                return _back(place, asked_by, had)
            had[taken[place]] = place
            asking.append(taken[place])
    closed.update(asked_by)
    return []


def _back(place: int, asked_by: Mapping[int, int], had: Mapping[int, int]) -> list[tuple[int, int]]:
    """From a free place back to the thing that began to ask."""
    way = [(place, asked_by[place])]
    while (who := way[-1][1]) in had:
        before = had[who]
        way.append((before, asked_by[before]))
    return way

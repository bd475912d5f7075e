"""What events tell of things, put together whatever order they come in.

A start and an end of a run are two events, which may come in two syncs, twice, or the wrong way
round. So an event tells facts, each with its time, and of each fact the newest counts: any order
and any repetition gives the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from connectors.interface import Json

State = dict[str, list[Json]]
"""Facts by name, each as time, rank and value. JSON-able."""

_FIRST = "first:"
"""Before the name of a fact of which the oldest counts."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one event tells of one thing."""

    kind: str
    """Its entity, or a word of the format."""
    id: str
    """Of its row."""
    at: str
    """When that was, as `fields.as_text` writes it."""
    facts: Mapping[str, Json] = field(default_factory=dict)
    """JSON-able, by name. A fact that is null is known to be none; one left out is not told."""
    first: Mapping[str, Json] = field(default_factory=dict)
    """Facts of which the oldest counts, such as when it began."""
    rank: int = 0
    """Of facts of one time, those of the higher rank count: an end, not a beginning."""
    is_whole: bool = False
    """Whether nothing else ever tells of it, so that it need not be remembered."""


Key = tuple[str, str]
"""Kind and id of a thing."""


def fold(states: dict[Key, State], told: Iterable[Told]) -> None:
    """Adds what is told to what is known."""
    for each in told:
        state = states.setdefault((each.kind, each.id), {})
        for name, value in each.facts.items():
            fact = [each.at, each.rank, value]
            if name not in state or _order(fact) > _order(state[name]):
                state[name] = fact
        for name, value in each.first.items():
            fact = [each.at, each.rank, value]
            known = state.get(_FIRST + name)
            if known is None or _order(fact) < _order(known):
                state[_FIRST + name] = fact


def merge(state: State, other: State) -> State:
    """What two states know together."""
    both = dict(state)
    for name, fact in other.items():
        known = both.get(name)
        is_first = name.startswith(_FIRST)
        if known is None or (_order(fact) < _order(known)) == is_first:
            both[name] = fact
    return both


def facts_of(state: State) -> dict[str, Json]:
    """The facts alone."""
    return {name.removeprefix(_FIRST): value for name, (_, _, value) in state.items()}


def _order(fact: list[Json]) -> tuple[str, int, str]:
    at, rank, value = fact
    return at, rank, json.dumps(value, sort_keys=True)

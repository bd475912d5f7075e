"""Whether what was pruned was named by an event, and no legal hold stood."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from data.ledger.finding import About, Finding
from data.ledger.hold import RELEASED, SET
from data.ledger.retention import PRUNED
from data.ledger.walk import Walked


def broken_rules(connection: sqlite3.Connection, walk: Walked) -> Iterator[Finding]:
    """Replays what the log says of itself: what is missing must be what it names."""
    named = dict(_named(walk))
    for number, (_, hashed) in walk.without_payload.items():
        if number not in named:
            what = f"the payload of entry {number:,} is gone, and no event says so"
            yield Finding(About.ENTRY, what, number)
        elif named[number][1] != hashed.hex():
            yield Finding(About.ENTRY, f"entry {number:,} is not the one that was pruned", number)
    for number, (by, _) in named.items():
        if number not in walk.without_payload:
            what = f"entry {number:,} was pruned by entry {by:,}, and has a payload"
            yield Finding(About.RULES, what, number)
    yield from _held(walk, named)
    yield from _listed(connection, walk, named)


def _named(walk: Walked) -> Iterator[tuple[int, tuple[int, str]]]:
    """Each entry that an event prunes: the number of that event, and the hash it names."""
    for by, told in walk.own:
        if told["kind"] == PRUNED:
            for entry in told["data"]["entries"]:
                yield entry["number"], (by, entry["hash"])


def _held(walk: Walked, named: dict[int, tuple[int, str]]) -> Iterator[Finding]:
    """What a hold on all subjects kept; of one on some, the database's own rule is what there is.

    The subject of a pruned entry is gone with its payload.
    """
    ends = {t["data"]["set_by"]: number for number, t in walk.own if t["kind"] == RELEASED}
    holds = [(number, t["data"]) for number, t in walk.own if t["kind"] == SET]
    for set_by, hold in holds:
        if hold["subjects"] != "*":
            continue
        end = ends.get(set_by, walk.size)
        for number, (by, _) in named.items():
            kind = walk.without_payload.get(number, ("",))[0]
            if set_by < by < end and fnmatchcase(kind, hold["kinds"]):
                what = f"entry {number:,} was pruned under the legal hold of entry {set_by:,}"
                yield Finding(About.RULES, what, number)


def _listed(
    connection: sqlite3.Connection, walk: Walked, named: dict[int, tuple[int, str]]
) -> Iterator[Finding]:
    """The tables of holds and pruned entries must say what the events say, and no more."""
    own: dict[str, list[tuple[int, dict[str, Any]]]] = {SET: [], RELEASED: []}
    for number, told in walk.own:
        own.get(told["kind"], []).append((number, told["data"]))
    expected = {
        "select set_by, kinds, subjects from hold order by 1": [
            (number, data["kinds"], data["subjects"]) for number, data in own[SET]
        ],
        "select released_by, set_by from release order by 1": [
            (number, data["set_by"]) for number, data in own[RELEASED]
        ],
        "select number, pruned_by from pruned order by 1": [
            (number, by) for number, (by, _) in sorted(named.items())
        ],
    }
    for query, rows in expected.items():
        if connection.execute(query).fetchall() != rows:
            table = query.split(" from ")[1].split()[0]
            yield Finding(About.RULES, f"the table `{table}` does not say what the events say")

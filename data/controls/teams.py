"""Which team is part of which."""

from __future__ import annotations

from data.decisions.scope import Above
from data.store.snapshot import Snapshot


def above(snapshot: Snapshot) -> Above:
    """Of each team: those it is part of, the nearest first."""
    rows = snapshot.rows("select team, parent from team")
    parents = {row["team"]: row["parent"] for row in rows}
    found: dict[str, list[str]] = {team: [] for team in parents}
    for team, over in found.items():
        parent = parents[team]
        while parent is not None:
            over.append(parent)
            parent = parents.get(parent)
    return found

"""Mainlines held against their hosts: commits, and the changes and pushes that brought them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from data.period import Window
from data.store.snapshot import Snapshot

_SQL = Path(__file__).with_suffix(".sql")


@dataclass(frozen=True, slots=True)
class Mainline:
    """One repository in the period, counted on its mainline and at its host.

    What was counted on the mainline is None where no commit of it was ever told.
    """

    repository: str
    commits: int | None
    """On the first-parent history of the mainline."""
    by_changes: int | None
    """Of these, what a merged change brought: one each, or more where it was rebased."""
    by_direct_pushes: int | None
    unexplained_commits: int | None
    """Neither: nobody tells how they came there."""
    merged_changes: int
    """That the host tells of."""
    direct_pushes: int
    changes_without_commit: int | None
    """Changes and pushes of which the mainline has no commit."""
    adds_up: bool | None
    """Whether each commit has its change, and each change its commit."""


def mainlines(snapshot: Snapshot, window: Window, team: str | None = None) -> list[Mainline]:
    """Counts both sides of each repository that has any of them in the period, by its name.

    Args:
        snapshot: the published data.
        window: the days, by the clock of each team.
        team: a team, with those below it; None: the whole organisation.
    """
    asked = {"start": window.start, "last": window.end, "team": team}
    return [Mainline(**row) for row in snapshot.rows(_SQL.read_text("utf-8"), asked)]

"""How far a repository's runs are read: the cursor of the stream `runs`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Self

from connectors.answers.moment import moment, moment_or_none
from connectors.github.pipelines.run_stretch import (
    FIRST_RUNS_AT,
    Part,
    Seen,
    Stretch,
    as_told,
    just_after,
    just_before,
)
from connectors.interface import Cursor, Json

MOST_UNFINISHED = 20
"""Unfinished runs that are asked for one by one; the daily look finds the rest."""
_MOST_SEEN = 30
"""Pages whose validators are kept, so that looking at them again is free: cursors are small."""
_FULL = 500
_GROWTH = 8
_LONGEST_SECONDS = 100 * 365 * 24 * 3600


@dataclass(slots=True)
class RunState:
    """What is known, and what is still to be read."""

    name: str
    """Name of the repository: under another one all is read again, for the rows bear it."""
    probe: Mapping[str, str] = field(default_factory=dict)
    """Validators of the newest page."""
    newest: str = ""
    """When the newest known run was made."""
    bottom: str = ""
    """When the oldest run of the newest page was made; empty if that page holds all."""
    changed: str = ""
    """The last change that the newest page showed when it was read."""
    looked: str = ""
    """The same, when old runs were last looked at again, and when that was."""
    looked_at: str = ""
    open: list[Stretch] = field(default_factory=list)
    """Stretches to be read, newest first."""
    seen: list[Seen] = field(default_factory=list)
    """Windows of late that are known, newest first."""
    unfinished: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """When unfinished runs were made, with the validators of the answer that told of them."""
    span_seconds: int = 0
    """How long a window holds somewhat less than can be listed."""
    done: int = 0

    @classmethod
    def of(cls, cursor: Cursor) -> Self:
        """The state that a cursor tells."""
        told = dict(cursor)
        told["open"] = [
            Stretch(**{**each, "part": Part(each["part"])}) for each in told.get("open", [])
        ]
        told["seen"] = [Seen(**each) for each in told.get("seen", [])]
        return cls(**told)

    def cursor(self) -> dict[str, Json]:
        """The state as JSON."""
        told: dict[str, Json] = json.loads(json.dumps(asdict(self)))
        return told

    @property
    def is_backfilling(self) -> bool:
        """Whether the first reading is not at its end."""
        return any(stretch.part is Part.BACK for stretch in self.open)

    @property
    def complete_from(self) -> datetime | None:
        """Since when all runs are known; null: all are."""
        unread = [stretch.until for stretch in self.open if stretch.part is not Part.AGAIN]
        return moment_or_none(max(unread, default=None))

    def close(self, stretch: Stretch) -> None:
        """Drops a stretch that was read to its end."""
        self.open = [other for other in self.open if other is not stretch]

    def remember(self, window: Seen) -> None:
        """Keeps the validators of a window, as long as they are few."""
        seen = sorted([*self.seen, window], key=lambda each: each.until, reverse=True)
        if sum(len(each.pages) for each in seen) <= _MOST_SEEN:
            self.seen = seen

    def unsure(self, since: str) -> list[Stretch]:
        """What lies between the windows that are known, newest first, and the newest page."""
        found, until = [], self.bottom
        for known in self.seen:
            if known.until < until:
                found.append(Stretch(Part.AGAIN, just_after(known.until), until, self.looked))
            until = min(until, just_before(known.since))
        if since <= until:
            found.append(Stretch(Part.AGAIN, since, until, self.looked))
        return found

    def expect(self, total: int, seconds_a_run: int, most: int) -> None:
        """Cuts windows that hold somewhat less than can be listed, if runs came as evenly."""
        fitting = seconds_a_run * most * 4 // 5
        self.span_seconds = fitting if total > most else _LONGEST_SECONDS

    def widen(self, total: int) -> None:
        """Cuts longer windows after one that held little; after an empty one, all the rest."""
        if total <= _FULL:
            factor = 2 if total > _FULL / _GROWTH else _GROWTH
            longer = max(self.span_seconds, 1) * factor
            self.span_seconds = min(longer if total else _LONGEST_SECONDS, _LONGEST_SECONDS)

    def narrow(self, window_seconds: int, total: int, most: int) -> None:
        """Cuts shorter windows: one of so many seconds held more than can be listed."""
        fitting = window_seconds * most * 4 // (total * 5)
        self.span_seconds = min(window_seconds // 2, fitting)

    def note_unfinished(self, runs: Sequence[Json], validators: Mapping[str, str]) -> None:
        """Remembers which runs of an answer still go on, and forgets those that ended."""
        for run in runs:
            self.unfinished.pop(created(run), None)
        fresh = {created(run): validators for run in runs if run.get("status") != "completed"}
        self.unfinished |= {at: given for at, given in fresh.items() if at}
        kept = sorted(self.unfinished)[-MOST_UNFINISHED:]
        self.unfinished = {at: self.unfinished[at] for at in kept}


def created(run: Json) -> str:
    """When a run was made; empty if that cannot be read or cannot be."""
    at = _told(run, "created_at")
    return at if at >= FIRST_RUNS_AT else ""


def last_change(runs: Iterable[Json], known: str = "") -> str:
    """The last change of any of the runs."""
    return max([known, *(changed(run) for run in runs)])


def changed(run: Json) -> str:
    """When a run changed last; empty if that cannot be read."""
    return _told(run, "updated_at")


def _told(run: Json, name: str) -> str:
    try:
        return as_told(moment(run[name]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return ""

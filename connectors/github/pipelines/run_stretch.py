"""Stretches of time of which runs are read, window by window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from connectors.answers.moment import moment
from connectors.interface import Json

FIRST_RUNS_AT = "2018-01-01T00:00:00Z"
"""Before this GitHub ran no workflow for anybody."""
_SECOND = timedelta(seconds=1)


class Part(StrEnum):
    """Why a stretch of time is read."""

    NEW = "new"
    """More ran since the last sync than fits on the newest page."""
    BACK = "back"
    """The rest of the first reading."""
    AGAIN = "again"
    """It is known, but old runs may have been run again."""


@dataclass(slots=True)
class Stretch:
    """Runs made from `since` to `until`, both included, that are still to be read."""

    part: Part
    since: str
    until: str
    changed_from: str = ""
    """Runs that changed last before this are known as they are."""
    window: str | None = None
    """Start of the window at its end that is being read."""
    bookmark: Json = None
    """The page of that window that was read last."""
    pages: list[Mapping[str, str]] = field(default_factory=list)
    """Validators of the pages of that window."""

    def window_since(self, span_seconds: int) -> str:
        """Start of the window to read."""
        if self.window:
            return self.window
        start = moment(self.until) - timedelta(seconds=span_seconds)
        return max(self.since, as_told(start))

    def keep(self, window: str, bookmark: Json, validators: Mapping[str, str]) -> None:
        """Notes which page of a window was read; one that was read before comes once more."""
        if bookmark == self.bookmark:
            self.pages.pop()
        self.window, self.bookmark = window, bookmark
        self.pages.append(validators)

    def finish(self, window: str) -> None:
        """Notes that a window was read to its end."""
        self.until = just_before(window)
        self.abandon()

    def abandon(self) -> None:
        """Notes that the window is to be cut anew."""
        self.window, self.bookmark, self.pages = None, None, []

    @property
    def is_done(self) -> bool:
        """Whether nothing of it is left."""
        return self.until < self.since


@dataclass(frozen=True, slots=True)
class Seen:
    """A window that was read whole, and how to ask whether it is what it was."""

    since: str
    until: str
    pages: Sequence[Mapping[str, str]]
    """Validators of its pages."""


def as_told(at: datetime) -> str:
    """A time as GitHub tells one: later ones are greater."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def just_before(at: str) -> str:
    """The second before."""
    return as_told(moment(at) - _SECOND)


def just_after(at: str) -> str:
    """The second after."""
    return as_told(moment(at) + _SECOND)

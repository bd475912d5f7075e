"""The mainline of one repository as it grows."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.demo.history import History, Landed, Plan, Release, Tag
from data.model import ChangeKind


class Mainline:
    """Gives every change its place, and every released commit its name."""

    def __init__(self, repository: str, is_tagged: bool, history: History) -> None:
        self.repository = repository
        self.head = 0
        self._is_tagged = is_tagged
        self._history = history
        self._number = 0
        self._run = 0
        self._minor = 0
        self._patch = 0
        self._landed_at = 0
        self._releases: dict[int, Release] = {}

    def land(self, plan: Plan, at: int) -> Landed:
        """Puts a change on the mainline: a later position never has an earlier time."""
        self.head += 1
        self._landed_at = max(at, self._landed_at + 1)
        has_number = plan.kind is not ChangeKind.DIRECT
        self._number += has_number
        number = self._number if has_number else None
        landed = Landed(self.repository, self.head, number, self._landed_at, plan)
        self._history.changes.append(landed)
        return landed

    def release(self, at: int, *, is_hotfix: bool = False) -> Release:
        """Names the newest commit; a commit that has a name keeps it."""
        if self.head not in self._releases:
            self._minor, self._patch = (
                (self._minor, self._patch + 1) if is_hotfix else (self._minor + 1, 0)
            )
            release = Release(self.head, self._version(at))
            self._releases[self.head] = release
            if self._is_tagged:
                self._history.tags.append(Tag(self.repository, release, at))
        return self._releases[self.head]

    def next_run(self) -> int:
        """The number of the next pipeline run."""
        self._run += 1
        return self._run

    def _version(self, at: int) -> str:
        if self._is_tagged:
            return f"v1.{self._minor}.{self._patch}"
        return f"{datetime.fromtimestamp(at, UTC):%Y.%m.%d}-{self.head}"

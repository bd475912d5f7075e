"""What could not be read in a configuration repository's history, or was left aside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from connectors.gitops.mainline import ConfigCommit
from data.model import GapReason

MAX_LOSSES = 50
"""Losses told apart by file; more are summed up, so that a cursor stays small."""

_FURTHER = "further files could not be read or set further values"


@dataclass(frozen=True, slots=True)
class Loss:
    """Commits at which the same thing was lost."""

    reason: str
    """Of `GapReason`."""
    path: str
    """The file; empty for commits as a whole."""
    what: str
    count: int = 0
    """How many commits."""
    first_sha: str = ""
    first_at: str = ""
    last_sha: str = ""
    last_at: str = ""

    def seen_at(self, commit: ConfigCommit) -> Loss:
        """The same with one more commit."""
        at = commit.committed_at.isoformat()
        first = (self.first_sha, self.first_at) if self.count else (commit.sha, at)
        return replace(
            self,
            count=self.count + 1,
            first_sha=first[0],
            first_at=first[1],
            last_sha=commit.sha,
            last_at=at,
        )


class LossBook:
    """All losses so far, however many pages they were found on."""

    def __init__(self, losses: Iterable[Loss]) -> None:
        self._losses = {(loss.reason, loss.path): loss for loss in losses}
        self._changed: set[tuple[str, str]] = set()

    def add(self, commit: ConfigCommit, reason: GapReason, path: str, what: str) -> None:
        """Notes that something was lost at a commit."""
        key = (reason.value, path)
        if key not in self._losses and len(self._losses) >= MAX_LOSSES:
            key, what = (reason.value, "*"), _FURTHER
        known = self._losses.get(key) or Loss(*key, what)
        self._losses[key] = known.seen_at(commit)
        self._changed.add(key)

    def turn_page(self) -> list[Loss]:
        """The losses that changed since the last page, as they are now."""
        changed = [self._losses[key] for key in sorted(self._changed)]
        self._changed.clear()
        return changed

    def all(self) -> Sequence[Loss]:
        """All losses, in the order in which they first happened."""
        return tuple(self._losses.values())

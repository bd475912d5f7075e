"""What the invented Git host knows of its repositories: addresses, hashes, and what it forgot."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from connectors.demo import simulation
from connectors.demo.history import Attempt, Landed, Release
from connectors.demo.organisation import Organisation

Item = dict[str, Any]
"""A JSON object as a host would answer it."""

_PATCH = 98
"""Place of the commit off the mainline among those of a branch."""


def iso(at: int | None) -> str | None:
    """An instant (UTC seconds since 1970) as hosts write it."""
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()


class Site:
    """Gives repositories, commits, changes and runs their names."""

    def __init__(
        self,
        organisation: Organisation,
        seed: int,
        changes: Iterable[Landed],
        patched: Collection[tuple[str, Release]] = (),
    ) -> None:
        """Takes the releases that were built from a commit off the mainline, by repository."""
        self.organisation = organisation
        self.works = {name: crews[0][1] for name, crews in organisation.repositories().items()}
        self._seed = seed
        self._patched = frozenset((name, release.position) for name, release in patched)
        forgotten = (c.repository for c in changes if not self.keeps(c.repository, c.merged_at))
        self._forgotten = Counter(forgotten)

    def keeps(self, repository: str, at: int) -> bool:
        """Whether the history of a repository reaches back to an instant."""
        since = self.works[repository].shallow_since
        return since is None or at >= simulation.instant(since)

    def position(self, repository: str, position: int) -> int | None:
        """A position counted from the oldest commit that is left; null before it."""
        left = position - self._forgotten[repository]
        return left if left > 0 else None

    def sha(self, repository: str, position: int, branch_commit: int = 0) -> str:
        """Hash of a mainline commit, or of the n-th commit of the branch merged there."""
        key = f"{self._seed}/{repository}/{position}/{branch_commit}"
        return hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()

    def is_patched(self, repository: str, position: int) -> bool:
        """Whether the release made there was built from a commit off the mainline."""
        return (repository, position) in self._patched

    def release_sha(self, repository: str, position: int) -> str:
        """Hash of the commit that the release made at a position was built from."""
        is_patched = self.is_patched(repository, position)
        return self.sha(repository, position, _PATCH if is_patched else 0)

    def url(self, repository: str, *path: object) -> str:
        """Address of a page of a repository."""
        return "/".join(map(str, (self.organisation.git_url, repository, *path)))

    def change_url(self, change: Landed) -> str:
        """Address of a change, or of its commit if it was pushed directly."""
        if change.number is not None:
            return self.url(change.repository, "changes", change.number)
        return self.url(change.repository, "commits", self.sha(change.repository, change.position))


def attempt_id(attempt: Attempt) -> str:
    """Name of an attempt that is unique at the host."""
    run = f"{attempt.repository}#run/{attempt.run}.{attempt.attempt}"
    return f"{run}/{attempt.service}/{attempt.environment}"

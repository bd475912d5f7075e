"""What the invented Git host knows of its repositories: addresses, hashes, and what it forgot."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from connectors.demo import simulation
from connectors.demo.history import Attempt, Landed
from connectors.demo.organisation import Organisation


def iso(at: int | None) -> str | None:
    """An instant (UTC seconds since 1970) as hosts write it."""
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()


class Site:
    """Gives repositories, commits, changes and runs their names."""

    def __init__(self, organisation: Organisation, seed: int, changes: Iterable[Landed]) -> None:
        self.organisation = organisation
        self.works = {name: crews[0][1] for name, crews in organisation.repositories().items()}
        self._seed = seed
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

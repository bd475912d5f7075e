"""Credentials as GitLab knows them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.doubles.gitlab.world import Level
from tests.doubles.host import Token


@dataclass
class GitLabToken(Token):
    """A token; its rights are the scopes `read_api`, `api`, `read_repository`; `*` is all."""

    level: Level = Level.OWNER
    """What who holds it may do in all groups and projects it sees."""
    project_ids: set[int] | None = None
    """Projects it sees; null is all."""

    def has(self, right: str) -> bool:
        """Tells whether it may do something; `api` holds `read_api`."""
        return super().has(right) or (right == "read_api" and "api" in self.rights)

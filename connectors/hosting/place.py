"""A repository as its host tells it now."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where the streams of a repository ask."""

    id: str
    """The host's own id, which survives renaming and transfer."""
    name: str
    """Full name, such as `acme/web`."""
    default_branch: str | None
    """Null: nothing was ever pushed."""
    pushed_at: str | None
    is_archived: bool

    @property
    def owner(self) -> str:
        """All but the last part of the name."""
        return self.name.rpartition("/")[0]

    @property
    def short(self) -> str:
        """The last part of the name."""
        return self.name.rpartition("/")[2]

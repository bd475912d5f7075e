"""Commits and the names given to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.doubles.gitlab.world.people import User


@dataclass(eq=False, slots=True)
class Commit:
    """A commit; `ordinal` is the order in which the world made it."""

    sha: str
    parents: tuple[str, ...]
    message: str
    author: User | None
    """Null where no account has the address of the commit."""
    authored_at: datetime
    committed_at: datetime
    paths: tuple[str, ...] = ()
    is_signed: bool = False
    ordinal: int = 0

    @property
    def title(self) -> str:
        """The first line of its message."""
        return self.message.split("\n", 1)[0]


@dataclass(eq=False, slots=True)
class DiffVersion:
    """What a merge request showed between two pushes."""

    id: int
    head_sha: str
    base_sha: str
    start_sha: str
    created_at: datetime
    commits: tuple[str, ...]


@dataclass(eq=False)
class Tag:
    """A name of a commit; annotated if it has a message."""

    name: str
    sha: str
    created_at: datetime | None = None
    message: str = ""


@dataclass(eq=False)
class Release:
    """A tag that was announced."""

    tag_name: str
    name: str
    author: User | None
    created_at: datetime
    released_at: datetime
    description: str = ""

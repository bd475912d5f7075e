"""What is in a repository's history, and what was said about its commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tests.doubles.github.world.accounts import Account

if TYPE_CHECKING:
    from tests.doubles.github.world.repository import Repository


@dataclass(eq=False)
class Commit:
    """One commit."""

    repository: Repository
    sha: str
    message: str
    authored_at: datetime
    committed_at: datetime
    parents: tuple[str, ...]
    author: Account | None
    """Null: the host knows no account for the author."""
    co_authors: tuple[Account | None, ...] = ()
    signature: str | None = None
    """How GraphQL says it: `VALID`, `UNKNOWN_KEY` …; null is unsigned."""
    files: tuple[str, ...] = ()


@dataclass(eq=False)
class Tag:
    """A tag; an annotated one has a time of its own."""

    name: str
    commit: str
    object_sha: str | None = None
    """Hash of the tag itself, if it is annotated."""
    tagged_at: datetime | None = None


@dataclass(eq=False)
class Check:
    """A run of a check on a commit; a re-run is another one with the same name."""

    repository: Repository
    id: int
    sha: str
    name: str
    status: str
    conclusion: str | None
    started_at: datetime | None
    completed_at: datetime | None
    app: str = "github-actions"
    suite_id: int = 1


@dataclass(eq=False)
class Status:
    """A status that someone set on a commit."""

    id: int
    sha: str
    context: str
    state: str
    created_at: datetime
    creator: Account | None
    target_url: str | None = None


@dataclass(eq=False)
class Release:
    """A release of a tag."""

    repository: Repository
    id: int
    tag: str
    name: str | None
    author: Account | None
    created_at: datetime
    published_at: datetime | None
    updated_at: datetime
    is_draft: bool = False
    is_prerelease: bool = False
    is_immutable: bool = False

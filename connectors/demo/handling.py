"""How a change was handled: who wrote, reviewed and merged it, and what checked it.

Instants are whole seconds since 1970 in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from data.model import CheckResult, ReviewState


class Case(StrEnum):
    """What is in order with a change, or what is not."""

    IN_ORDER = "in order"
    DIRECT = "direct push"
    UNREVIEWED = "unreviewed"
    UNAPPROVED = "unapproved"
    LATE_PUSH = "late push"
    REWRITTEN = "rewritten"
    PAIRED = "paired"
    STRANGER = "stranger"
    SYNCED = "synced"
    MACHINE_APPROVED = "machine approved"
    DISMISSED_BEFORE = "dismissed before"
    DISMISSED_AFTER = "dismissed after"
    EMERGENCY = "emergency"
    UPDATE = "update"
    """An update of a dependency, that someone approved."""
    UPDATE_ALONE = "update alone"
    """One that a machine opened and merged."""


@dataclass(frozen=True, slots=True)
class Written:
    """A commit of the branch; a null among its authors is nobody that the host knows."""

    sha: str
    authored_at: int
    committed_at: int
    authors: tuple[str | None, ...]
    is_merge: bool = False


@dataclass(frozen=True, slots=True)
class Opinion:
    """One review."""

    author: str | None
    is_bot: bool
    state: ReviewState
    sha: str | None
    """Commit that was reviewed, if the host says."""
    submitted_at: int
    dismissed_at: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """One run of a check; `run` counts from 1 in its name."""

    name: str
    run: int
    result: CheckResult
    started_at: int
    completed_at: int


@dataclass(frozen=True, slots=True)
class Handling:
    """All of it. Accounts are as their host shows them: null for nobody that is left."""

    case: Case
    title: str
    branch: str | None
    author: str | None
    is_bot: bool | None
    merged_by: str | None
    labels: tuple[str, ...] | None
    tickets: tuple[str, ...] | None
    paths: tuple[str, ...]
    is_signed: bool | None
    rewritten_at: int | None = None
    commits: tuple[Written, ...] = ()
    """None are left of what was squashed before reviews were kept."""
    is_kept: bool = False
    """Whether its host kept reviews, checks and the head of the branch."""
    opinions: tuple[Opinion, ...] = ()
    checks: tuple[Checked, ...] = ()

"""The habits of a team: how its changes land, and who approves what it deploys."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from connectors.demo.learning import Value


class Deploys(StrEnum):
    """Who approves what a team deploys to production."""

    APPROVED = "approved"
    """Someone else, always."""
    MIXED = "mixed"
    """Someone else, but for one in five that nobody approves."""
    SELF = "self"
    """Someone else, but for one in four that is approved by whoever asked for it."""
    OPEN = "open"
    """Nobody."""
    UNTOLD = "untold"
    """The host does not say who asked or approved."""


class Habits(Value):
    """How a team lets its changes land, from a day on: shares of them, the rest is in order."""

    first: date | None = Field(default=None, alias="from")
    deploys: Deploys | None = None
    """Null: as the team does."""
    is_lax: bool = False
    """Whether what nobody looked at is merged all the same."""
    unapproved: float = 0
    """Looked at, and merged without an approval."""
    late_push: float = 0
    """A commit was pushed after the approval."""
    rewritten: float = 0
    """The branch was replaced after the approval."""
    paired: float = 0
    """Written by two, and approved by one of the two alone."""
    stranger: float = 0
    """A co-author whose account the host does not know."""
    synced: float = 0
    """The approver brought the branch up to date by a merge, before the approval."""
    machine_approved: float = 0
    dismissed_before: float = 0
    """The approval was taken back before the merge."""
    dismissed_after: float = 0
    """The approval was taken back after the merge."""
    bypass: float = 0
    """Of emergencies: merged past the rules, before an approval."""
    late_review: float = 0
    """Of those: approved within two working days after."""
    bot: float = 0
    """Updates of dependencies that a machine opened."""
    bot_unreviewed: float = 0
    """Of those: merged by the machine itself."""
    red: float = 0
    """Merged although a check had failed."""
    late_check: float = 0
    """Merged before the checks had ended."""
    skipped: float = 0
    neutral: float = 0
    rerun: float = 0
    """A check failed, and passed when it was run again."""


class Guarded(Value):
    """A team: who works there, and how it keeps the rules."""

    name: str
    people: tuple[str, ...]
    rules: str
    """Rules in force for its repositories, by name, or `refused`."""
    checks: tuple[str, ...]
    deploys: Deploys
    ticket_share: float
    """Of changes that name an issue."""
    signed_share: float | None = None
    """Of commits whose signature the host vouches for; null: it does not say."""
    names_reviewed_commit: bool = True
    """Whether its host says which commit was reviewed."""
    patch_factor: float
    """How much of the time allowed for a finding it usually takes."""
    habits: tuple[Habits, ...]
    """In the order of their days."""

    def habits_on(self, day: date) -> Habits:
        """Those of a day."""
        return [h for h in self.habits if h.first is None or h.first <= day][-1]

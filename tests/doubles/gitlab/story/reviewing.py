"""What reviewers say."""

from __future__ import annotations

from datetime import datetime

from tests.doubles.gitlab.story.noting import note
from tests.doubles.gitlab.world import Approval, MergeRequest, User, World


def approve(world: World, change: MergeRequest, by: User, at: datetime) -> None:
    """Approves the head as it is now."""
    change.approvals.append(Approval(by, at))
    note(world, change, by, at, "approved this merge request", "approved")


def unapprove(world: World, change: MergeRequest, by: User, at: datetime) -> None:
    """Takes an approval back."""
    change.approvals[:] = [given for given in change.approvals if given.user is not by]
    note(world, change, by, at, "unapproved this merge request", "unapproved")


def request_changes(world: World, change: MergeRequest, by: User, at: datetime) -> None:
    """Asks for changes."""
    note(world, change, by, at, "requested changes", "requested_changes")


def comment(world: World, change: MergeRequest, by: User, at: datetime, body: str = "Why?") -> None:
    """Says something without a verdict."""
    note(world, change, by, at, body)

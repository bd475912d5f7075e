"""Reviews of pull requests."""

from __future__ import annotations

from datetime import datetime

from tests.doubles.github.world import Account, Event, Pull, Review, World


def review(
    world: World,
    pull: Pull,
    reviewer: Account | None,
    at: datetime,
    state: str,
    sha: str | None = None,
) -> Review:
    """Gives a review of the head, or of the commit that is named."""
    made = Review(pull, world.new_id(), reviewer, state, at, sha or pull.head_sha)
    pull.reviews.append(made)
    pull.updated_at = max(pull.updated_at, at)
    return made


def approve(
    world: World, pull: Pull, reviewer: Account | None, at: datetime, sha: str | None = None
) -> Review:
    """Approves."""
    return review(world, pull, reviewer, at, "APPROVED", sha)


def request_changes(
    world: World, pull: Pull, reviewer: Account | None, at: datetime, sha: str | None = None
) -> Review:
    """Asks for changes."""
    return review(world, pull, reviewer, at, "CHANGES_REQUESTED", sha)


def comment(
    world: World, pull: Pull, reviewer: Account | None, at: datetime, sha: str | None = None
) -> Review:
    """Says something without a verdict."""
    return review(world, pull, reviewer, at, "COMMENTED", sha)


def dismiss(world: World, pull: Pull, dismissed: Review, by: Account | None, at: datetime) -> None:
    """Takes a review back: only the timeline still knows what it said."""
    event = Event(
        world.new_id(),
        "ReviewDismissedEvent",
        at,
        by,
        review=dismissed,
        previous_state=dismissed.state,
    )
    dismissed.state = "DISMISSED"
    pull.timeline.append(event)
    pull.updated_at = max(pull.updated_at, at)

"""Pull requests, their reviews and what happened to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.doubles.github.graphql.context import Context
from tests.doubles.github.graphql.fields.issues import kinds_of
from tests.doubles.github.graphql.resolvers import (
    actors,
    connection,
    cut,
    field,
    node_id,
    plain,
    times,
)
from tests.doubles.github.graphql.slices import Slice, by_place
from tests.doubles.github.world import Commit, Event, Issue, Pull, Review

for _name in ("PullRequestCommit", "PullRequestChangedFile", "PullRequestReview"):
    connection(f"{_name}Connection")
connection("PullRequestTimelineItemsConnection")

plain(
    "PullRequest",
    number="number",
    title="title",
    body="body",
    state="state",
    databaseId="id",
    isDraft="is_draft",
    isCrossRepository="is_cross_repository",
    baseRefName="base",
    headRefName="head",
    headRefOid="head_sha",
)
times(
    "PullRequest",
    createdAt="created_at",
    updatedAt="updated_at",
    mergedAt="merged_at",
    closedAt="closed_at",
)
actors("PullRequest", author="author", mergedBy="merged_by")
node_id("PullRequest", "PR")
field("PullRequest", "fullDatabaseId")(lambda pull, _: str(pull.id))
field("PullRequest", "changedFiles")(lambda pull, _: len(pull.files))
field("PullRequest", "url")(
    lambda pull, context: context.url(pull.repository, f"/pull/{pull.number}")
)
field("PullRequest", "mergeCommit")(lambda pull, _: pull.repository.commits.get(pull.merge_sha))
field("PullRequest", "labels")(cut(lambda pull: pull.labels))
field("PullRequest", "files")(cut(lambda pull: pull.files))
field("PullRequestChangedFile", "path")(lambda path, _: path)
field("PullRequest", "commits")(
    cut(lambda pull: [pull.repository.commits[sha] for sha in pull.commits])
)
field("PullRequestCommit", "commit")(lambda made, _: made)
node_id("PullRequestCommit", "PURC", "sha")


@field("PullRequest", "closingIssuesReferences")
def closing_issues(
    pull: Pull,
    context: Context,
    orderBy: object = None,  # noqa: N803 - the host's name
    **bounds: Any,
) -> Slice:
    found: list[Issue] = [pull.repository.issues[number] for number in pull.closing_issues]
    return by_place(found, **bounds)


@field("PullRequest", "reviews")
def reviews(
    pull: Pull,
    context: Context,
    author: str | None = None,
    states: Sequence[str] | None = None,
    **bounds: Any,
) -> Slice:
    found = [
        one
        for one in pull.reviews
        if (not states or one.state in states)
        and (not author or (one.author is not None and one.author.login == author))
    ]
    return by_place(found, **bounds)


@field("PullRequest", "timelineItems")
def timeline(
    pull: Pull,
    context: Context,
    itemTypes: Sequence[str] | None = None,  # noqa: N803 - the host's name
    since: str | None = None,
    **bounds: Any,
) -> Slice:
    return by_place(events(pull.timeline, itemTypes, since), **bounds)


def events(
    timeline: Sequence[Event], wanted: Sequence[str] | None, since: str | None
) -> list[Event]:
    """Those of some kinds, in the order of their times."""
    kinds = kinds_of(wanted)
    start = datetime.fromisoformat(since) if since else None
    return sorted(
        (
            event
            for event in timeline
            if (kinds is None or event.kind in kinds) and (start is None or event.at >= start)
        ),
        key=lambda event: (event.at, event.id),
    )


plain("PullRequestReview", databaseId="id", state="state")
times(
    "PullRequestReview",
    submittedAt="submitted_at",
    createdAt="submitted_at",
    updatedAt="submitted_at",
)
actors("PullRequestReview", author="author")
node_id("PullRequestReview", "PRR")
field("PullRequestReview", "body")(lambda review, _: "")
field("PullRequestReview", "fullDatabaseId")(lambda review, _: str(review.id))


@field("PullRequestReview", "url")
def review_url(review: Review, context: Context) -> str:
    pull = review.pull
    return context.url(pull.repository, f"/pull/{pull.number}#pullrequestreview-{review.id}")


@field("PullRequestReview", "commit")
def reviewed(review: Review, _context: Context) -> Commit | None:
    """Null when the commit is gone."""
    return review.pull.repository.commits.get(review.sha or "")


actors("HeadRefForcePushedEvent", actor="actor")
times("HeadRefForcePushedEvent", createdAt="at")
node_id("HeadRefForcePushedEvent", "HRFPE")


@field("HeadRefForcePushedEvent", "beforeCommit")
def before(event: Event, _context: Context) -> Commit | None:
    return event.commits.get(event.before_sha or "")


@field("HeadRefForcePushedEvent", "afterCommit")
def after(event: Event, _context: Context) -> Commit | None:
    return event.commits.get(event.after_sha or "")


actors("ReviewDismissedEvent", actor="actor")
times("ReviewDismissedEvent", createdAt="at")
plain("ReviewDismissedEvent", previousReviewState="previous_state", review="review")
node_id("ReviewDismissedEvent", "RDE")

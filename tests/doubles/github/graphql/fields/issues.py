"""Issues, labels and the events that issues and pull requests share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.doubles.github.graphql.context import Context
from tests.doubles.github.graphql.resolvers import (
    TYPES,
    actors,
    connection,
    cut,
    field,
    node_id,
    plain,
    times,
)
from tests.doubles.github.graphql.slices import Slice, by_place
from tests.doubles.github.world import Event, Issue

connection("LabelConnection")
connection("IssueTimelineItemsConnection")

plain(
    "Issue",
    number="number",
    title="title",
    body="body",
    state="state",
    stateReason="state_reason",
    databaseId="id",
)
times("Issue", createdAt="created_at", updatedAt="updated_at", closedAt="closed_at")
actors("Issue", author="author")
node_id("Issue", "I")
field("Issue", "url")(
    lambda issue, context: context.url(issue.repository, f"/issues/{issue.number}")
)
field("Issue", "labels")(cut(lambda issue: issue.labels))
field("Label", "name")(lambda name, _: name)
field("Label", "color")(lambda name, _: "ededed")
field("Label", "id")(lambda name, _: f"LA_{name}")


@field("Issue", "timelineItems")
def timeline(
    issue: Issue,
    _context: Context,
    itemTypes: Sequence[str] | None = None,  # noqa: N803 - the host's name
    since: str | None = None,
    **bounds: Any,
) -> Slice:
    kinds = kinds_of(itemTypes)
    found = [event for event in issue.timeline if kinds is None or event.kind in kinds]
    return by_place(sorted(found, key=lambda event: (event.at, event.id)), **bounds)


def kinds_of(item_types: Sequence[str] | None) -> set[str] | None:
    """Turns `LABELED_EVENT` into `LabeledEvent`."""
    if item_types is None:
        return None
    return {name.title().replace("_", "") for name in item_types}


for _name in (
    "AddedToMergeQueueEvent",
    "RemovedFromMergeQueueEvent",
    "ConvertToDraftEvent",
    "ReadyForReviewEvent",
    "ClosedEvent",
    "ReopenedEvent",
    "LabeledEvent",
    "UnlabeledEvent",
):
    times(_name, createdAt="at")
    actors(_name, actor="actor")
    node_id(_name, "EV")
for _name in ("LabeledEvent", "UnlabeledEvent"):
    plain(_name, label="label")
TYPES[Event] = lambda event: event.kind

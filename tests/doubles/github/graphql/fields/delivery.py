"""Deployments and releases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tests.doubles.github.graphql.context import Context
from tests.doubles.github.graphql.fields import refs
from tests.doubles.github.graphql.resolvers import (
    connection,
    field,
    node_id,
    plain,
    present,
    times,
)
from tests.doubles.github.graphql.slices import Slice, by_place, by_value
from tests.doubles.github.world import (
    Account,
    Commit,
    Deployment,
    DeploymentStatus,
    Release,
    Repository,
)

connection("DeploymentStatusConnection")
_STATES = {"success": "ACTIVE"}

plain(
    "Deployment",
    databaseId="id",
    environment="environment",
    latestEnvironment="environment",
    originalEnvironment="original_environment",
    commitOid="sha",
    task="task",
    description="description",
)
times("Deployment", createdAt="created_at", updatedAt="updated_at")
node_id("Deployment", "DE")


@field("Repository", "deployments")
def deployments(
    found: Repository,
    context: Context,
    environments: Sequence[str] | None = None,
    orderBy: dict[str, str] | None = None,  # noqa: N803 - the host's name
    **bounds: Any,
) -> Slice:
    context.need("deployments:read")
    order = orderBy or {"direction": "ASC"}
    listed = [
        one
        for one in found.deployments
        if not environments or one.environment in environments or not context.hears("environments")
    ]
    return by_value(
        listed,
        lambda one: (one.created_at.timestamp(), one.id),
        is_descending=order["direction"] == "DESC",
        **bounds,
    )


@field("Deployment", "payload")
def payload(one: Deployment, _context: Context) -> str | None:
    """JSON as text; null if there is none."""
    return json.dumps(one.payload) if one.payload else None


@field("Deployment", "state")
def state(one: Deployment, _context: Context) -> str:
    """What the newest status says; a success that stands is active."""
    if not one.statuses:
        return "PENDING"
    last = max(one.statuses, key=lambda status: status.id).state
    return _STATES.get(last, last.upper())


@field("Deployment", "ref")
def ref(one: Deployment, _context: Context) -> refs.Ref | None:
    """Null for a branch that is gone, and for a bare hash."""
    return refs.named(one.repository, one.ref)


@field("Deployment", "statuses")
def statuses(one: Deployment, context: Context, **bounds: Any) -> Slice:
    return by_place(context.view.double.in_order(one.statuses), **bounds)


@field("Deployment", "latestStatus")
def latest_status(one: Deployment, _context: Context) -> DeploymentStatus | None:
    return max(one.statuses, key=lambda status: status.id, default=None)


plain("DeploymentStatus", environment="environment", description="description")
times("DeploymentStatus", createdAt="created_at", updatedAt="created_at")
node_id("DeploymentStatus", "DS")
field("DeploymentStatus", "state")(lambda status, _: status.state.upper())
field("DeploymentStatus", "logUrl")(lambda status, _: status.log_url or None)
field("DeploymentStatus", "environmentUrl")(lambda status, _: None)


@field("Deployment", "creator")
def creator(one: Deployment, context: Context) -> Account:
    return _or_ghost(one.creator, context)


@field("DeploymentStatus", "creator")
def reporter(one: DeploymentStatus, context: Context) -> Account:
    return _or_ghost(one.creator, context)


def _or_ghost(account: Account | None, context: Context) -> Account:
    """This field may not be null: where the account was deleted, GitHub shows its ghost."""
    return present(account) or context.view.world.account("ghost")


plain(
    "Release",
    databaseId="id",
    name="name",
    tagName="tag",
    isDraft="is_draft",
    isPrerelease="is_prerelease",
)
times("Release", createdAt="created_at", publishedAt="published_at", updatedAt="updated_at")
node_id("Release", "RE")


@field("Repository", "releases")
def releases(
    found: Repository,
    context: Context,
    orderBy: dict[str, str] | None = None,  # noqa: N803 - the host's name
    **bounds: Any,
) -> Slice:
    """Drafts only for who may write."""
    context.need("contents:read")
    is_writer = context.view.token.has("contents:write")
    listed = [one for one in found.releases if is_writer or not one.is_draft]
    order = orderBy or {"direction": "DESC"}
    return by_value(
        listed,
        lambda one: (one.created_at.timestamp(), one.id),
        is_descending=order["direction"] == "DESC",
        **bounds,
    )


@field("Release", "author")
def author(one: Release, _context: Context) -> Account | None:
    """A user; of a bot's release nobody."""
    account = present(one.author)
    return account if account and account.kind == "User" else None


@field("Release", "tagCommit")
def tag_commit(one: Release, _context: Context) -> Commit | None:
    tag = one.repository.tags.get(one.tag)
    return one.repository.commits.get(tag.commit) if tag else None


@field("Release", "url")
def url(one: Release, context: Context) -> str:
    return context.url(one.repository, f"/releases/tag/{one.tag}")


@field("Release", "isLatest")
def is_latest(one: Release, _context: Context) -> bool:
    published = [r for r in one.repository.releases if not (r.is_draft or r.is_prerelease)]
    return bool(published) and max(published, key=lambda r: r.created_at) is one

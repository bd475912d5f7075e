"""The root, accounts, repositories and what can be listed in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from tests.doubles.github.graphql.context import Context
from tests.doubles.github.graphql.problems import Failure
from tests.doubles.github.graphql.resolvers import (
    TYPES,
    connection,
    field,
    node_id,
    plain,
)
from tests.doubles.github.graphql.slices import Slice, by_value
from tests.doubles.github.world import Account, Issue, Pull, Repository

for _name in ("PullRequest", "Issue", "Deployment", "Release"):
    connection(f"{_name}Connection")
for _name in ("User", "Bot"):
    plain(_name, login="login", databaseId="id")
    node_id(_name, "U" if _name == "User" else "BOT")
    field(_name, "url")(lambda account, context: f"{context.view.host}/{account.login}")
TYPES[Pull] = lambda _: "PullRequest"
TYPES[Account] = lambda account: "Bot" if account.kind == "Bot" else "User"


@field("Query", "rateLimit")
def rate_limit(_: None, context: Context, **_arguments: Any) -> Context:
    return context


@field("Query", "viewer")
def viewer(_: None, context: Context) -> Account:
    return context.view.world.account(context.view.login)


field("RateLimit", "cost")(lambda context, _: context.price.points)
field("RateLimit", "nodeCount")(lambda context, _: context.price.nodes)
field("RateLimit", "limit")(lambda context, _: context.allowance.limit)
field("RateLimit", "used")(lambda context, _: context.allowance.used + context.price.points)
field("RateLimit", "remaining")(
    lambda context, _: max(0, context.allowance.remaining - context.price.points)
)
field("RateLimit", "resetAt")(lambda context, _: context.moment(context.allowance.reset_at))


@field("Query", "repository")
def repository(
    _: None,
    context: Context,
    owner: str,
    name: str,
    followRenames: bool = True,  # noqa: N803 - the host's name
) -> Repository:
    view, full_name = context.view, f"{owner}/{name}"
    try:
        found: Repository | None = view.world.repository(full_name)
    except LookupError:
        found = view.world.moved(full_name) if followRenames else None
    if found is None or not view.sees(found):
        words = f"Could not resolve to a Repository with the name '{full_name}'."
        raise Failure(words, "NOT_FOUND")
    if found.owner.login in view.token.sso_pending:
        words = (
            "Resource protected by organization SAML enforcement. You must grant your "
            f"{view.token.kind_in_words} access to this organization."
        )
        raise Failure(words, "FORBIDDEN", {"saml_failure": True})
    return found


plain(
    "Repository",
    databaseId="id",
    name="name",
    nameWithOwner="full_name",
    isArchived="is_archived",
)
node_id("Repository", "R")
field("Repository", "url")(lambda found, context: context.url(found))


@field("Query", "nodes")
def nodes(_: None, context: Context, ids: Sequence[str]) -> list[Pull | None]:
    """Pull requests, each at the place of its id; null for what is not there or not seen."""
    context.need("pull_requests:read")
    seen = (place for place in context.view.world.repositories if context.view.sees(place))
    known = {f"PR_{pull.id}": pull for place in seen for pull in place.pulls.values()}
    return [known.get(each) for each in ids]


@field("Repository", "pullRequest")
def pull_request(found: Repository, context: Context, number: int) -> Pull:
    context.need("pull_requests:read")
    if number not in found.pulls:
        words = f"Could not resolve to a PullRequest with the number of {number}."
        raise Failure(words, "NOT_FOUND")
    return found.pulls[number]


@field("Repository", "issue")
def issue(found: Repository, context: Context, number: int) -> Issue:
    context.need("issues:read")
    if number not in found.issues:
        words = f"Could not resolve to an Issue with the number of {number}."
        raise Failure(words, "NOT_FOUND")
    return found.issues[number]


@field("Repository", "pullRequests")
def pull_requests(
    found: Repository,
    context: Context,
    states: Sequence[str] | None = None,
    baseRefName: str | None = None,  # noqa: N803
    headRefName: str | None = None,  # noqa: N803
    **told: Any,
) -> Slice:
    context.need("pull_requests:read")
    listed = [
        pull
        for pull in found.pulls.values()
        if (not states or pull.state in states)
        and (not baseRefName or pull.base == baseRefName)
        and (not headRefName or pull.head == headRefName)
    ]
    return _by_time(listed, **told)


@field("Repository", "issues")
def issues(
    found: Repository,
    context: Context,
    states: Sequence[str] | None = None,
    filterBy: dict[str, Any] | None = None,  # noqa: N803
    **told: Any,
) -> Slice:
    context.need("issues:read")
    wanted = {name: value for name, value in (filterBy or {}).items() if context.hears(name)}
    since = datetime.fromisoformat(wanted["since"]) if wanted.get("since") else None
    names = set(wanted.get("labels") or ())
    listed = [
        one
        for one in found.issues.values()
        if (not states or one.state in states)
        and (since is None or one.updated_at >= since)
        and names <= set(one.labels)
    ]
    return _by_time(listed, **told)


def _by_time(
    listed: Sequence[Issue],
    labels: Sequence[str] | None = None,
    orderBy: dict[str, str] | None = None,  # noqa: N803
    **bounds: Any,
) -> Slice:
    """Orders pull requests or issues; of several labels one is enough."""
    order = orderBy or {"field": "CREATED_AT", "direction": "ASC"}
    times: dict[str, Callable[[Issue], datetime]] = {
        "CREATED_AT": lambda one: one.created_at,
        "UPDATED_AT": lambda one: one.updated_at,
    }
    time = times[order["field"]]
    return by_value(
        [one for one in listed if not labels or set(labels) & set(one.labels)],
        lambda one: (time(one).timestamp(), one.id),
        is_descending=order["direction"] == "DESC",
        **bounds,
    )

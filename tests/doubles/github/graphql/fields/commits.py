"""Commits, who wrote them, and what was checked on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.doubles.github.graphql.context import Context
from tests.doubles.github.graphql.resolvers import (
    TYPES,
    actors,
    connection,
    field,
    node_id,
    plain,
    present,
    times,
)
from tests.doubles.github.graphql.slices import Slice, by_place, from_anchor
from tests.doubles.github.world import Account, Check, Commit, Pull, Status
from tests.doubles.github.world.checks import latest_checks, latest_statuses
from tests.doubles.github.world.history import history

for _name in ("Commit", "CommitHistory", "GitActor", "StatusCheckRollupContext"):
    connection(f"{_name}Connection")


@dataclass(frozen=True)
class Author:
    """A name in a commit, and the account behind it if there is one."""

    account: Account | None
    date: datetime | None


@dataclass(frozen=True)
class Signature:
    """How a commit was signed."""

    state: str


TYPES[Signature] = lambda _: "GpgSignature"
plain("Commit", oid="sha", message="message")
times("Commit", authoredDate="authored_at", committedDate="committed_at")
node_id("Commit", "C", "sha")
field("Commit", "url")(lambda made, context: context.url(made.repository, f"/commit/{made.sha}"))


@field("Commit", "parents")
def parents(made: Commit, _context: Context, **bounds: Any) -> Slice:
    return by_place([made.repository.commits[sha] for sha in made.parents], **bounds)


@field("Commit", "authors")
def authors(made: Commit, _context: Context, **bounds: Any) -> Slice:
    """Author first, then co-authors."""
    named = (made.author, *made.co_authors)
    return by_place([Author(account, made.authored_at) for account in named], **bounds)


@field("GitActor", "user")
def user(author: Author, _context: Context) -> Account | None:
    """A user; a bot is none."""
    account = present(getattr(author, "account", None))
    return account if account and account.kind == "User" else None


@field("GitActor", "name")
def name(author: Author, _context: Context) -> str | None:
    account = getattr(author, "account", None)
    return account.login if account else None


@field("GitActor", "email")
def email(author: Author, _context: Context) -> str | None:
    account = getattr(author, "account", None)
    return f"{account.login}@example.com" if account else None


times("GitActor", date="date")


@field("Commit", "signature")
def signature(made: Commit, _context: Context) -> Signature | None:
    return Signature(made.signature) if made.signature else None


field("GpgSignature", "isValid")(lambda signed, _: signed.state == "VALID")
plain("GpgSignature", state="state")
field("GpgSignature", "wasSignedByGitHub")(lambda signed, _: signed.state == "VALID")


@field("Commit", "associatedPullRequests")
def associated_pulls(made: Commit, _context: Context, **bounds: Any) -> Slice:
    """The one that brought it to the default branch; elsewhere, those open with it."""
    repository = made.repository
    number = repository.landed.get(made.sha)
    found: list[Pull] = []
    if number is not None:
        found = [repository.pulls[number]]
    elif not _is_on_default(made):
        opened = (pull for pull in repository.pulls.values() if pull.state == "OPEN")
        found = [pull for pull in opened if made.sha in pull.commits]
    return by_place(found, **bounds)


def _is_on_default(made: Commit) -> bool:
    repository = made.repository
    memory = repository.__dict__.setdefault("_on_default", {})
    key = (repository.head, len(repository.commits))
    if key not in memory:
        memory.clear()
        head = repository.head
        memory[key] = {one.sha for one in history(repository, head)} if head else set()
    return made.sha in memory[key]


@field("Commit", "history")
def commit_history(
    made: Commit,
    _context: Context,
    first: int | None = None,
    after: str | None = None,
    since: str | None = None,
    until: str | None = None,
    **_bounds: Any,
) -> Slice:
    """All that leads here. A cursor names the commit it began at, and holds when more is pushed."""
    anchor = after.partition(" ")[0] if after else made.sha
    listed: Sequence[Commit] = history(made.repository, anchor)
    if since:
        listed = [one for one in listed if one.committed_at >= datetime.fromisoformat(since)]
    if until:
        end = datetime.fromisoformat(until)
        listed = [one for one in listed if one.committed_at.replace(microsecond=0) <= end]
    return from_anchor(listed, anchor, first, after)


@field("Commit", "statusCheckRollup")
def rollup(made: Commit, context: Context) -> Commit | None:
    """Null if nothing was ever said about the commit."""
    repository = made.repository
    if not (repository.checks.get(made.sha) or repository.statuses.get(made.sha)):
        return None
    context.need("checks:read")
    context.need("statuses:read")
    return made


@field("StatusCheckRollup", "contexts")
def contexts(made: Commit, _context: Context, **bounds: Any) -> Slice:
    """The latest of each check, then the latest of each status."""
    repository = made.repository
    checks = latest_checks(repository.checks.get(made.sha, ()))
    return by_place([*checks, *latest_statuses(repository.statuses.get(made.sha, ()))], **bounds)


@field("StatusCheckRollup", "state")
def rolled_up(made: Commit, _context: Context) -> str:
    """What GitHub sums up: one that failed fails all, one that runs keeps all waiting."""
    repository = made.repository
    checks = latest_checks(repository.checks.get(made.sha, ()))
    said = [one.conclusion or "pending" for one in checks]
    said += [one.state for one in latest_statuses(repository.statuses.get(made.sha, ()))]
    if any(word in ("failure", "error", "timed_out", "cancelled") for word in said):
        return "FAILURE"
    return "PENDING" if "pending" in said else "SUCCESS"


TYPES[Check] = lambda _: "CheckRun"
TYPES[Status] = lambda _: "StatusContext"
plain("CheckRun", databaseId="id", name="name")
times("CheckRun", startedAt="started_at", completedAt="completed_at")
node_id("CheckRun", "CR")
field("CheckRun", "status")(lambda check, _: check.status.upper())
field("CheckRun", "conclusion")(lambda check, _: check.conclusion and check.conclusion.upper())
field("CheckRun", "url")(lambda check, context: context.url(check.repository, f"/runs/{check.id}"))
field("CheckRun", "checkSuite")(lambda check, _: check)
field("CheckSuite", "app")(lambda check, _: check)
field("App", "slug")(lambda check, _: check.app)
field("App", "databaseId")(lambda check, _: 15368)

plain("StatusContext", context="context", targetUrl="target_url")
actors("StatusContext", creator="creator")
times("StatusContext", createdAt="created_at")
node_id("StatusContext", "SC")
field("StatusContext", "state")(lambda status, _: status.state.upper())

"""Fields of merge requests, their commits and notes."""

from __future__ import annotations

from typing import Any

from tests.doubles.github.graphql.slices import Slice
from tests.doubles.gitlab.graphql.resolvers import (
    RESOLVERS,
    by_key,
    connection,
    field,
    global_id,
    in_order,
    plain,
)
from tests.doubles.gitlab.world import Commit, MergeRequest, Note, User

connection("UserCore", "Label", "Commit", "Note")

for _name in ("UserCore", "MergeRequestAuthor"):
    global_id(_name, "User")
    plain(_name, "username", "is_bot")
    RESOLVERS[_name]["name"] = lambda user, _context: f"Account {user.username}"
    RESOLVERS[_name]["webUrl"] = lambda user, context: f"{context.view.host}/{user.username}"

global_id("MergeRequest", "MergeRequest")
plain(
    "MergeRequest",
    "created_at",
    "is_draft",
    "merge_commit_sha",
    "merged_at",
    "source_branch",
    "state",
    "target_branch",
    "updated_at",
    diffHeadSha="head_sha",
    headPipeline="head_pipeline",
    squash="is_squashed",
)
plain("Commit", "message", "sha", "title", authoredDate="authored_at", committedDate="committed_at")
RESOLVERS["Label"] = {"title": lambda label, _context: label}
plain("Note", "body", "created_at", "is_system")
global_id("Note", "Note")
RESOLVERS["SystemNoteMetadata"] = {"action": lambda action, _context: action}
RESOLVERS["DiffStats"] = {
    "path": lambda path, _context: path,
    "additions": lambda _path, _context: 1,
    "deletions": lambda _path, _context: 0,
}
RESOLVERS["DiffStatsSummary"] = {
    "additions": lambda count, _context: count,
    "changes": lambda count, _context: count,
    "deletions": lambda _count, _context: 0,
    "fileCount": lambda count, _context: count,
}


def actor(user: User | None) -> User | None:
    """Returns who did something; a deleted account is null."""
    return None if user is None or user.is_deleted else user


def writer(user: User, context: Any) -> User:
    """Returns who wrote something; a deleted account is the ghost."""
    ghost: User = context.view.world.ghost
    return ghost if user.is_deleted else user


@field("MergeRequest", "iid")
def iid(change: MergeRequest, _context: Any) -> str:
    return str(change.iid)


@field("MergeRequest", "title")
def title(change: MergeRequest, _context: Any) -> str:
    return f"Draft: {change.title}" if change.is_draft else change.title


@field("MergeRequest", "webUrl")
def web_url(change: MergeRequest, context: Any) -> str:
    return f"{context.view.host}/{change.project.full_path}/-/merge_requests/{change.iid}"


@field("MergeRequest", "author")
def author(change: MergeRequest, context: Any) -> User:
    return writer(change.author, context)


@field("MergeRequest", "mergeUser")
def merge_user(change: MergeRequest, _context: Any) -> User | None:
    return actor(change.merge_user)


@field("MergeRequest", "approvedBy")
def approved_by(
    change: MergeRequest, context: Any, first: int | None = None, after: str | None = None
) -> Slice:
    by = [writer(given.user, context) for given in change.approvals]
    return in_order(by, first, after)


@field("MergeRequest", "labels")
def labels(
    change: MergeRequest, _context: Any, first: int | None = None, after: str | None = None
) -> Slice:
    return in_order(sorted(change.labels), first, after)


@field("MergeRequest", "commitCount")
def commit_count(change: MergeRequest, _context: Any) -> int:
    return len(change.commits)


@field("MergeRequest", "commits")
def commits(
    change: MergeRequest, _context: Any, first: int | None = None, after: str | None = None
) -> Slice:
    known = change.project.commits
    return in_order([known[sha] for sha in reversed(change.commits)], first, after)


@field("MergeRequest", "commitsWithoutMergeCommits")
def commits_without_merges(
    change: MergeRequest, _context: Any, first: int | None = None, after: str | None = None
) -> Slice:
    known = (change.project.commits[sha] for sha in reversed(change.commits))
    return in_order([commit for commit in known if len(commit.parents) == 1], first, after)


@field("MergeRequest", "diffStats")
def diff_stats(change: MergeRequest, _context: Any, path: str | None = None) -> list[str]:
    return [one for one in change.paths if path in (None, one)]


@field("MergeRequest", "diffStatsSummary")
def diff_stats_summary(change: MergeRequest, _context: Any) -> int:
    return len(change.paths)


@field("MergeRequest", "notes")
def notes(
    change: MergeRequest,
    _context: Any,
    filter: str,  # noqa: A002 - its name there
    first: int | None = None,
    after: str | None = None,
) -> Slice:
    wanted = {"ONLY_ACTIVITY": [True], "ONLY_COMMENTS": [False]}.get(filter, [True, False])
    found = [note for note in change.notes if note.is_system in wanted]
    return by_key(
        found,
        lambda note: (note.created_at.timestamp(), note.id),
        first,
        after,
        is_descending=False,
    )


@field("Note", "author")
def note_author(note: Note, context: Any) -> User:
    return writer(note.author, context)


@field("Note", "systemNoteMetadata")
def metadata(note: Note, _context: Any) -> str | None:
    return note.action


@field("Commit", "author")
def commit_author(commit: Commit, _context: Any) -> User | None:
    return actor(commit.author)

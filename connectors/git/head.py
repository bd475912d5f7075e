"""Why the mainline of a repository cannot be read from its newest commit on."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.git.repository import NO_HASH, AbsentObject, GitRepository
from connectors.git.rows import FIX_OBJECTS
from connectors.git.state import State
from connectors.interface import SourceUnavailable
from data.model import GapReason

_REMOTE = "refs/remotes/"
_FIX_BRANCH = (
    "set `branch` to the branch that is deployed from; in a clone, `git remote set-head origin "
    "--auto` finds one that was renamed"
)


@dataclass(frozen=True, slots=True)
class NoMainline:
    """What is missing or damaged."""

    key: str
    reason: GapReason
    what: str
    fix: str


def no_mainline(
    where: str, state: State, *, is_known: bool, known_ref: str | None = None
) -> NoMainline | None:
    """What the refs lack; None: they name a mainline.

    A repository that has no commit or no such branch yet is one thing. One that has lost what
    was read of it before is another: to go on would delete those rows.

    Args:
        where: names the repository in the error.
        state: its refs.
        is_known: whether something of it was read before.
        known_ref: the ref that was read before.

    Raises:
        SourceUnavailable: if it lacks a mainline that was read before.
    """
    lacking = missing_in_refs(state)
    if lacking and is_known:
        what = f"{lacking.what} any more; what was read of it stays"
        raise SourceUnavailable(what, where, lacking.fix)
    was_remote = (known_ref or "").startswith(_REMOTE)
    if was_remote and not (state.ref or "").startswith(_REMOTE):
        # The branch of that name here is from some other day; to read it would delete rows.
        name = (known_ref or "").removeprefix(_REMOTE)
        what = f"it has no branch `{name}` any more; what was read of it stays"
        raise SourceUnavailable(what, where, _FIX_BRANCH)
    return lacking


def require_head(repository: GitRepository, state: State) -> None:
    """Refuses a mainline whose newest commit is damaged.

    Raises:
        SourceUnavailable: if it is.
    """
    damaged = damaged_head(repository, state)
    if damaged:
        raise SourceUnavailable(damaged.what, repository.where, damaged.fix)


def missing_in_refs(state: State) -> NoMainline | None:
    """Whether the refs name no mainline."""
    if not state.has_refs:
        what, fix = "it has no commit", "push a first commit, or bring its history back"
        return NoMainline("empty", GapReason.NOT_FOUND, what, fix)
    if state.head is None:
        what = f"it has no branch `{state.branch or 'HEAD'}`"
        return NoMainline("branch", GapReason.NOT_FOUND, what, _FIX_BRANCH)
    return None


def damaged_head(repository: GitRepository, state: State) -> NoMainline | None:
    """Whether the newest commit cannot be read, or is none."""
    if state.head is None:
        return None
    name, at = f"`{state.branch or 'HEAD'}`", f"({state.head[:10]})"
    if state.head == NO_HASH:
        what = f"{name} holds no hash of a commit"
        return NoMainline("head", GapReason.UNREADABLE, what, FIX_OBJECTS)
    with repository.objects() as objects:
        found = objects.read(state.head)
    if isinstance(found, AbsentObject):
        what = f"the newest commit of {name} cannot be read {at}"
        return NoMainline("head", found.reason, what, FIX_OBJECTS)
    if found.kind != "commit":
        what = f"{name} leads to a {found.kind}, not to a commit {at}"
        return NoMainline("head", GapReason.UNREADABLE, what, FIX_OBJECTS)
    return None

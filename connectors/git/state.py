"""Which branch of a repository is its mainline, and what its refs are at this moment."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from connectors.git.fetched import fetched_at
from connectors.git.repository import GitRepository, Ref

_BRANCHES = ("refs/remotes/origin/", "refs/heads/")
_DEFAULT = "refs/remotes/origin/HEAD"


@dataclass(frozen=True, slots=True)
class State:
    """The refs that rows depend on. Two equal states give the same rows."""

    branch: str | None
    """Mainline branch; None where HEAD is detached."""
    ref: str | None
    """Its ref, at the remote or here; None if it is nowhere."""
    head: str | None
    """Newest mainline commit; None if the branch does not exist."""
    tags: tuple[Ref, ...]
    boundary: tuple[str, ...]
    """Commits at which a shallow clone is cut off."""
    has_refs: bool
    """False for a repository without any commit."""
    fetched_at: datetime | None
    """When somebody last fetched the head or cloned it; None if neither has left a trace."""

    @property
    def tags_digest(self) -> str:
        """Changes when a tag is set, moved or deleted."""
        return _digest(f"{tag.sha} {tag.name}" for tag in self.tags)

    @property
    def fetched(self) -> str | None:
        """Changes with each fetch."""
        return self.fetched_at.isoformat() if self.fetched_at else None

    @property
    def boundary_digest(self) -> str:
        """Changes when a shallow clone gets deeper; empty for a whole one."""
        return _digest(self.boundary) if self.boundary else ""


def read_state(repository: GitRepository, branch: str | None) -> State:
    """Reads the refs. It takes one git process, and more where HEAD names no branch there is.

    The mainline is `branch`, else the default branch of the remote a clone came from, else the
    branch that HEAD names. A clone's own copy of a branch may be old, so the remote's is taken.

    Raises:
        GitFailed: if git cannot read the repository.
    """
    refs = repository.refs("refs/heads/", "refs/remotes/origin/", "refs/tags/")
    name, found = _mainline(repository, refs, branch)
    head = repository.head() if name is None else found.sha if found else None
    return State(
        branch=name,
        ref=found.name if found else None,
        head=head,
        tags=tuple(ref for ref in refs if ref.name.startswith("refs/tags/")),
        boundary=repository.shallow_boundary(),
        has_refs=bool(refs) or head is not None,
        fetched_at=fetched_at(repository, name, head),
    )


def _mainline(
    repository: GitRepository, refs: Iterable[Ref], branch: str | None
) -> tuple[str | None, Ref | None]:
    by_name = {ref.name: ref for ref in refs}
    default = by_name.get(_DEFAULT)
    at_remote = (default and default.symref) or repository.forwards_to(_DEFAULT)
    if at_remote and not branch:
        # A branch of that name here may be old: it is not asked.
        return _short(at_remote), by_name.get(at_remote)
    checked_out = next((ref.name for ref in by_name.values() if ref.is_head), None)
    name = branch or _short(checked_out or repository.forwards_to("HEAD"))
    found = (by_name.get(folder + name) for folder in _BRANCHES if name)
    return name, next((ref for ref in found if ref), None)


def _short(name: str | None) -> str | None:
    for folder in _BRANCHES:
        if name and name.startswith(folder):
            return name.removeprefix(folder)
    return name


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()

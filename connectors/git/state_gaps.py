"""What a repository as a whole does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from connectors.git.rows import Naming
from connectors.git.state import State
from data.model import Gap, GapReason


def state_gaps(naming: Naming, state: State, known_from: datetime | None) -> Iterator[Gap]:
    """Gaps of a repository as a whole, told from its refs.

    Args:
        naming: names of the rows.
        state: the refs.
        known_from: when the oldest commit of a shallow clone was recorded.
    """
    if not state.has_refs:
        what, fix = "it has no commit yet", "push a first commit"
        yield naming.gap("empty", GapReason.NOT_FOUND, what, fix, None)
    elif state.head is None:
        branch = state.branch or "HEAD"
        fix = "set `branch` to the branch that is deployed from"
        what = f"there is no branch `{branch}`"
        yield naming.gap("branch", GapReason.NOT_FOUND, what, fix, None)
    if state.boundary:
        since = f" before {known_from:%Y-%m-%d}" if known_from else ""
        what = f"a shallow clone: history{since} was left out, so changes and positions are too"
        fix = "run `git fetch --unshallow` there"
        yield naming.gap("shallow", GapReason.SHALLOW, what, fix, None, until_at=known_from)

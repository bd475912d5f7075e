"""What a repository as a whole does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from connectors.git.head import NoMainline
from connectors.git.rows import Naming
from connectors.git.state import State
from data.model import Gap, GapReason


def state_gaps(
    naming: Naming, state: State, lacking: NoMainline | None, known_from: datetime | None
) -> Iterator[Gap]:
    """Gaps of a repository as a whole, told from its refs.

    Args:
        naming: names of the rows.
        state: the refs.
        lacking: why there is no mainline.
        known_from: when the oldest commit of a shallow clone was recorded.
    """
    if lacking:
        yield naming.gap(lacking.key, lacking.reason, lacking.what, lacking.fix, None)
    if state.boundary:
        since = f" before {known_from:%Y-%m-%d}" if known_from else ""
        what = f"a shallow clone: history{since} was left out, so changes and positions are too"
        fix = "run `git fetch --unshallow` there"
        yield naming.gap("shallow", GapReason.SHALLOW, what, fix, None, until_at=known_from)

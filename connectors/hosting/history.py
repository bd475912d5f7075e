"""What reading a history has in common at all hosts: pages of commits, from the head backwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import TypeVar

from connectors.answers.page import Header
from connectors.hosting.mainline import Node, Placed, Walk
from connectors.interface import Batch, Json, Reading

T = TypeVar("T")


def history_batch(
    page: bytes, state: Mapping[str, Json], *, is_first: bool = False, is_last: bool = False
) -> Batch:
    """A page, and where the history goes on; complete until its oldest commit was read once."""
    is_whole = state.get("back") is None and not is_last
    since = state.get("from")
    return Batch(
        payload=page,
        cursor=dict(state),
        reading=Reading.INCREMENT if is_whole else Reading.COMPLETE,
        is_first=is_first,
        is_last=is_last,
        complete_from=datetime.fromisoformat(since) if since else None,
    )


def placed(header: Header, nodes: Iterable[Node], told: Mapping[str, T]) -> list[tuple[T, Placed]]:
    """What is told of the commits of a page that were not known, and their places.

    Args:
        header: of the page: it says where the walk was at its start.
        nodes: commits of the page.
        told: the same by their hashes.
    """
    return [(told[each.sha], each) for each in Walk.of(header["walk"]).place(nodes)]


def walks_down(
    pages: Sequence[Sequence[Node]], known: str, position: int, *, is_all: bool
) -> list[Walk] | None:
    """Where a walk is at the start of each page; null if they do not lead down to what is known.

    How many mainline commits are new shows only at the end.

    Args:
        pages: from the head downwards.
        known: the mainline commit up to which all is known.
        position: its ordinal.
        is_all: whether there are no further pages.
    """
    head = pages[0][0].sha
    fresh = _mainline_until([node for page in pages for node in page], head, known)
    if fresh is None:
        return None
    walk, starts = Walk(head, position + fresh, floor=position), []
    for page in pages:
        starts.append(Walk.of(walk.told()))
        walk.place(page)
    return starts if walk.is_done or is_all else None


def _mainline_until(nodes: Sequence[Node], head: str, known: str) -> int | None:
    """How many mainline commits come before a known one; null if it has not come."""
    parents = {node.sha: node.parents for node in nodes}
    sha = head
    for number in count():
        if sha == known:
            return number
        if not parents.get(sha):
            return None
        sha = parents[sha][0]
    return None

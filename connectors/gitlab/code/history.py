"""The stream of a project's history: its mainline, and what each commit on it brought."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import ClassVar

from connectors.gitlab.asking import Asking, below
from connectors.gitlab.code.commit_rows import commit_rows
from connectors.hosting.mainline import Node, Walk
from connectors.hosting.moment import stamp
from connectors.hosting.page import Header, write_page
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.understanding import LATE
from connectors.http.errors import NotFound, RateLimited, UnexpectedReply
from connectors.http.reply import Reply
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import Gap, Record

_MOST_FORWARD_PAGES = 50
_UNTOLD_POSITION = 1_000_000
"""Place of a head that the server does not count, as before 16.9: only the order is known then."""


class History(Reader):
    """Reads commits newest first; what is pushed later is read down to what is known."""

    kind: ClassVar[str] = "history"
    entities: ClassVar[tuple[str, ...]] = ("commit", "gap")
    needs: ClassVar[str] = "scope read_api, Reporter"

    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields new commits, then older ones until the first."""
        if place.default_branch is None:
            return
        state = dict(cursor or {})
        if (state.get("name"), state.get("branch")) != (place.name, place.default_branch):
            state = {}
        newest = self._ask(place, place.default_branch)
        if state:
            pages = self._new_pages(place, state, newest)
            if pages is None or self._is_lost(place, state):
                state = {}
            else:
                yield from self._forward(place, state, pages)
        if not state:
            state = yield from self._begin(place, newest)
        try:
            yield from self._back(place, state)
        except RateLimited as limited:
            since = state.get("from")
            unread = self._asking.unread(place, "commits")
            yield unread(datetime.fromisoformat(since) if since else None, limited)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        items = answers[0]
        placed = {each.sha: each for each in Walk.of(header["walk"]).place(map(_node, items))}
        for item in items:
            if item["id"] in placed:
                yield commit_rows(self._asking, header["repository"], item, placed[item["id"]])

    def _begin(self, place: Place, newest: Reply) -> Generator[Batch, None, dict[str, Json]]:
        items = _items(newest)
        if not items:
            return {}
        position = self._position(place, items[0]["id"])
        state: dict[str, Json] = {
            "name": place.name,
            "branch": place.default_branch,
            "head": items[0]["id"],
            "position": position,
            "bottom": items[0]["id"],
            "done": 0,
        }
        walk = Walk(items[0]["id"], position)
        yield self._older(place, state, newest, walk, is_first=True)
        return state

    def _back(self, place: Place, state: dict[str, Json]) -> Iterator[Batch]:
        """The rest of what the first head contains: pages of a commit, which nothing shifts."""
        while state.get("back") is not None:
            walk = Walk.of(state["back"]["walk"])
            reply = self._ask(place, state["bottom"], state["back"]["page"])
            yield self._older(place, state, reply, walk)

    def _older(
        self,
        place: Place,
        state: dict[str, Json],
        reply: Reply,
        walk: Walk,
        *,
        is_first: bool = False,
    ) -> Batch:
        """A page of the first reading, and where it goes on."""
        header, items = _header(place, walk), _items(reply)
        walk.place(map(_node, items))
        number = (state.get("back") or {"page": 1})["page"]
        has_more = reply.next_url is not None
        state["back"] = {"page": number + 1, "walk": walk.told()} if has_more else None
        state["done"] += len(items)
        oldest = min((stamp(item["committed_date"]) for item in items), default=None)
        state["from"] = oldest if has_more else None
        self._asking.telling(place, "history")(state["done"], None)
        return _batch(header, reply, state, is_first=is_first, is_last=not has_more)

    def _new_pages(
        self, place: Place, state: dict[str, Json], reply: Reply
    ) -> list[tuple[Reply, Walk]] | None:
        """Pages from the head down to what is known; null if history was rewritten.

        How many mainline commits are new is known only at the end: then each page is told where
        it begins.
        """
        replies: list[Reply] = []
        nodes: list[Node] = []
        for number in count(2):
            replies.append(reply)
            nodes += map(_node, _items(reply))
            if not nodes:
                return None
            head = nodes[0].sha
            if head == state["head"]:
                return []
            fresh = _mainline_until(nodes, head, state["head"])
            if fresh is not None:
                walk = Walk(head, state["position"] + fresh, floor=state["position"])
                starts = _starts(replies, walk)
                if walk.is_done or reply.next_url is None:
                    return list(zip(replies, starts, strict=True))
            if reply.next_url is None or number > _MOST_FORWARD_PAGES:
                return None
            reply = self._ask(place, head, number)
        return None

    def _is_lost(self, place: Place, state: dict[str, Json]) -> bool:
        """Whether the first reading cannot go on: nothing leads to its head any more."""
        if state.get("back") is None or state["bottom"] == state["head"]:
            return False
        try:
            return not _items(self._ask(place, state["bottom"], size=1))
        except NotFound:
            return True

    def _forward(
        self, place: Place, state: dict[str, Json], pages: list[tuple[Reply, Walk]]
    ) -> Iterator[Batch]:
        """What was pushed since; the head moves with the last page."""
        for number in reversed(range(len(pages))):
            reply, walk = pages[number]
            if number == 0:
                state.update(head=walk.expected, position=walk.position)
            yield _batch(_header(place, walk), reply, state)

    def _position(self, place: Place, sha: str) -> int:
        """How many commits the mainline has, up to one of them."""
        path = below(place, f"repository/commits/{sha}/sequence")
        try:
            return int(self._asking.api.get(path, {"first_parent": True}).json()["count"])
        except NotFound:
            return _UNTOLD_POSITION

    def _ask(self, place: Place, ref: str, page: int = 1, size: int | None = None) -> Reply:
        params: dict[str, Json] = {
            "ref_name": ref,
            "per_page": size or self.page_size,
            "page": page,
        }
        return self._asking.api.get(below(place, "repository/commits"), params)


def _batch(
    header: Header,
    reply: Reply,
    state: dict[str, Json],
    *,
    is_first: bool = False,
    is_last: bool = False,
) -> Batch:
    is_whole = state.get("back") is None and not is_last
    since = state.get("from")
    return Batch(
        payload=write_page(header, reply.body),
        cursor=dict(state),
        reading=Reading.INCREMENT if is_whole else Reading.COMPLETE,
        is_first=is_first,
        is_last=is_last,
        complete_from=datetime.fromisoformat(since) if since else None,
    )


def _header(place: Place, walk: Walk) -> Header:
    return {"repository": place.name, "id": place.id, "walk": walk.told()}


def _starts(replies: Sequence[Reply], walk: Walk) -> list[Walk]:
    starts = []
    for reply in replies:
        starts.append(Walk.of(walk.told()))
        walk.place(map(_node, _items(reply)))
    return starts


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


def _items(reply: Reply) -> Sequence[Json]:
    """Commits of an answer.

    Raises:
        UnexpectedReply: if one of them cannot be followed: all that it contains would be missing.
    """
    items = reply.json()
    try:
        for item in items:
            _node(item)
    except (KeyError, TypeError) as error:
        what = f"the list of commits is not what it should be: {type(error).__name__} {error}"
        raise UnexpectedReply(what, reply.where, LATE, reply.status) from None
    found: Sequence[Json] = items
    return found


def _node(item: Json) -> Node:
    return Node(item["id"], list(item["parent_ids"]))

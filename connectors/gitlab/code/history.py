"""The stream of a project's history: its mainline, and what each commit on it brought."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from connectors.answers.moment import stamp
from connectors.answers.page import Header, write_page
from connectors.answers.understanding import LATE
from connectors.gitlab.asking import Asking, below
from connectors.gitlab.code.commit_rows import commit_rows, may_be_direct
from connectors.hosting.history import history_batch, placed, walks_down
from connectors.hosting.mainline import Node, Placed, Walk
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.touched import touched_files, touched_services
from connectors.http.errors import NotFound, RateLimited, UnexpectedReply
from connectors.http.reply import Reply
from connectors.interface import Batch, Cursor, Json
from data.model import Gap, Record

_MOST_FORWARD_PAGES = 50
_UNTOLD_POSITION = 1_000_000
"""Place of a head that the server does not count, as before 16.9: only the order is known then."""


class History(Reader):
    """Reads commits newest first; what is pushed later is read down to what is known."""

    kind: ClassVar[str] = "history"
    entities: ClassVar[tuple[str, ...]] = ("commit", "gap")
    needs: ClassVar[str] = "scope read_api, Reporter"
    blind: ClassVar[tuple[str, ...]] = ("CM-01", "DP-02")

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
        items, *more = answers
        project = header["repository"]
        touched, gaps = touched_services(self._asking, project, more)
        yield from gaps
        for item, place in _placed(header, items):
            yield commit_rows(self._asking, project, item, place, touched)

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
        page, items = self._page(place, reply, walk), _items(reply)
        walk.place(map(_node, items))
        number = (state.get("back") or {"page": 1})["page"]
        has_more = reply.next_url is not None
        state["back"] = {"page": number + 1, "walk": walk.told()} if has_more else None
        state["done"] += len(items)
        oldest = min((stamp(item["committed_date"]) for item in items), default=None)
        state["from"] = oldest if has_more else None
        self._asking.telling(place, "history")(state["done"], None)
        return history_batch(page, state, is_first=is_first, is_last=not has_more)

    def _new_pages(
        self, place: Place, state: dict[str, Json], reply: Reply
    ) -> list[tuple[Reply, Walk]] | None:
        """Pages from the head down to what is known; null if history was rewritten.

        How many mainline commits are new is known only at the end: then each page is told where
        it begins.
        """
        replies: list[Reply] = []
        for number in range(2, _MOST_FORWARD_PAGES + 2):
            replies.append(reply)
            pages = [list(map(_node, _items(each))) for each in replies]
            if not pages[0]:
                return None
            head = pages[0][0].sha
            if head == state["head"]:
                return []
            is_all = reply.next_url is None
            walks = walks_down(pages, state["head"], state["position"], is_all=is_all)
            if walks is not None:
                return list(zip(replies, walks, strict=True))
            if is_all:
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
            page = self._page(place, reply, walk)
            if number == 0:
                state.update(head=walk.expected, position=walk.position)
            yield history_batch(page, state)

    def _page(self, place: Place, reply: Reply, walk: Walk) -> bytes:
        """A page as it is archived, with the files of what may have been pushed directly."""
        header = {"repository": place.name, "id": place.id, "walk": walk.told()}
        commits = _placed(header, _items(reply))
        pushes = [p.sha for item, p in commits if p.is_mainline and may_be_direct(place.name, item)]
        files = touched_files(self._asking, place.name, pushes, partial(self._files, place))
        return write_page(header, reply.body, *files)

    def _files(self, place: Place, sha: str) -> Sequence[str] | None:
        """The files of a commit, also as they were called before; null if there are more."""
        path = below(place, f"repository/commits/{sha}/diff")
        reply = self._asking.api.get(path, {"per_page": 100})
        if reply.next_url is not None:
            return None
        return sorted({file[name] for file in reply.json() for name in ("old_path", "new_path")})

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


def _placed(header: Header, items: Sequence[Json]) -> list[tuple[Json, Placed]]:
    """The commits of a page that were not known, and their places."""
    by_sha = {item["id"]: item for item in items}
    return placed(header, map(_node, by_sha.values()), by_sha)


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

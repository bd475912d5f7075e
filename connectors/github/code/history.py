"""The stream of a repository's history: its mainline, and what each commit on it brought."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from connectors.answers.moment import moment
from connectors.answers.page import Header, write_page
from connectors.github.api.lacking import lacking
from connectors.github.api.question import PagedQuestion, connection, errors_of, failure
from connectors.github.asking import Asking
from connectors.github.code.commit_rows import commit_rows, is_direct, parents_of
from connectors.hosting.history import history_batch, placed, walks_down
from connectors.hosting.mainline import Node, Placed, Walk
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.touched import touched_files, touched_services
from connectors.http.errors import RateLimited
from connectors.http.reply import Reply, Validators
from connectors.interface import Batch, Cursor, Json
from data.model import Change, Commit, Gap

_MOST_FORWARD_PAGES = 50


class History(Reader):
    """Reads commits newest first; what is pushed later is read down to what is known."""

    kind: ClassVar[str] = "history"
    entities: ClassVar[tuple[str, ...]] = ("commit", "change", "gap")
    needs: ClassVar[str] = "Contents: read, Pull requests: read"
    blind: ClassVar[tuple[str, ...]] = ("CM-01", "BP-04", "DP-02")

    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._question = PagedQuestion(asking.api, "history", self.page_size, self.needs)

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields new commits, then older ones until the first."""
        if place.default_branch is None:
            return
        state = dict(cursor or {})
        if (state.get("name"), state.get("branch")) != (place.name, place.default_branch):
            state = {}
        if state and state["pushed_at"] != place.pushed_at:
            yield from self._forward(place, state)
        if not state:
            state = yield from self._begin(place)
        try:
            yield from self._back(place, state)
        except RateLimited as limited:
            since = state.get("from")
            unread = self._asking.unread(place, "commits")
            yield unread(datetime.fromisoformat(since) if since else None, limited)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Commit | Change | Gap]:
        """Maps one page."""
        answer, *more = answers
        repository = header["repository"]
        yield from lacking(self._asking, repository, self.kind, self.needs, [answer])
        touched, gaps = touched_services(self._asking, repository, more)
        yield from gaps
        for node, place in _placed(header, answer):
            yield from commit_rows(self._asking, repository, node, place, touched)

    def _begin(self, place: Place) -> Generator[Batch, None, dict[str, Json]]:
        reply = self._ask(place, None)
        target = _target(reply.json())
        if target is None:
            return {}
        walk = Walk(target["oid"], target["history"]["totalCount"])
        state: dict[str, Json] = {
            "name": place.name,
            "branch": place.default_branch,
            "pushed_at": place.pushed_at,
            "head": target["oid"],
            "position": walk.position,
            "total": walk.position,
            "done": 0,
        }
        yield self._older(place, state, reply, walk, is_first=True)
        return state

    def _back(self, place: Place, state: dict[str, Json]) -> Iterator[Batch]:
        while state.get("back") is not None:
            reply = self._ask(place, state["back"]["after"])
            yield self._older(place, state, reply, Walk.of(state["back"]["walk"]))

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
        answer = reply.json()
        page = self._page(place, reply, walk)
        nodes = _nodes(answer)
        walk.place(map(_node, nodes))
        after = _after(answer)
        state["back"] = {"after": after, "walk": walk.told()} if after else None
        state["done"] += len(nodes)
        state["from"] = _committed(nodes[-1]) if after and nodes else None
        self._asking.telling(place, "history")(state["done"], state["total"])
        return history_batch(page, state, is_first=is_first, is_last=not after)

    def _forward(self, place: Place, state: dict[str, Json]) -> Iterator[Batch]:
        """What was pushed since; without a way down to what is known, forgets the state."""
        probed = self._probe(place, state.get("probe"))
        if probed.is_unchanged or _sha(probed) == state["head"]:
            return
        pages = self._new_pages(place, state["head"], state["position"])
        if pages is None:
            state.clear()
            return
        for number, (reply, walk) in reversed(list(enumerate(pages))):
            page = self._page(place, reply, walk)
            if number == 0:  # the head moves with the last page
                state.update(head=walk.expected, position=walk.position, pushed_at=place.pushed_at)
                is_head = _sha(probed) == walk.expected
                state["probe"] = probed.validators if is_head else None
            yield history_batch(page, state)

    def _new_pages(
        self, place: Place, known: str, position: int
    ) -> list[tuple[Reply, Walk]] | None:
        """Pages from the head down to what is known; null if history was rewritten.

        How many mainline commits are new is known only at the end: then each page is told where
        it begins.
        """
        reply = self._ask(place, None)
        target = _target(reply.json())
        if target is None:
            return None
        if target["oid"] == known:
            return []
        replies: list[Reply] = []
        while len(replies) < _MOST_FORWARD_PAGES:
            replies.append(reply)
            after = _after(reply.json())
            pages = [list(map(_node, _nodes(each.json()))) for each in replies]
            walks = walks_down(pages, known, position, is_all=after is None)
            if walks is not None:
                return list(zip(replies, walks, strict=True))
            if after is None:
                return None
            reply = self._ask(place, after)
        return None

    def _probe(self, place: Place, validators: Validators | None) -> Reply:
        """Asks for the head: most pushes are to other branches, and then it costs nothing."""
        params = {"sha": place.default_branch, "per_page": 1}
        return self._asking.api.get(f"repos/{place.name}/commits", params, validators)

    def _ask(self, place: Place, after: Json) -> Reply:
        ref = f"refs/heads/{place.default_branch}"
        reply = self._question.ask({**self._asking.variables(place), "ref": ref}, after)
        if _target(reply.json()) is None and errors_of(reply.json()):
            raise failure(self._question.name, reply, self.needs)
        return reply

    def _page(self, place: Place, reply: Reply, walk: Walk) -> bytes:
        """A page as it is archived, with the files of what was pushed directly if they matter."""
        header = {"repository": place.name, "id": place.id, "walk": walk.told()}
        commits = _placed(header, reply.json())
        pushes = [each.sha for node, each in commits if each.is_mainline and is_direct(node)]
        files = touched_files(self._asking, place.name, pushes, partial(self._files, place))
        return write_page(header, reply.body, *files)

    def _files(self, place: Place, sha: str) -> Sequence[str] | None:
        """The files of a commit, also as they were called before; null if there are more."""
        reply = self._asking.api.get(f"repos/{place.name}/commits/{sha}")
        told = reply.json().get("files")
        if told is None or reply.next_url is not None:
            return None
        names = (file.get(name) for file in told for name in ("filename", "previous_filename"))
        return sorted({name for name in names if name})


def _sha(probed: Reply) -> Json:
    """The head of a branch, by the list of its commits."""
    return probed.json()[0]["sha"]


def _placed(header: Header, answer: Json) -> list[tuple[Json, Placed]]:
    """The commits of a page that were not known, and their places."""
    nodes = {node["oid"]: node for node in _nodes(answer)}
    return placed(header, map(_node, nodes.values()), nodes)


def _target(answer: Json) -> Json:
    """The head of the branch; null if there is no such branch."""
    ref = answer["data"]["repository"]["ref"]
    target = ref and ref["target"]
    return target if target and "history" in target else None


def _nodes(answer: Json) -> list[Json]:
    return list(connection(answer, "ref", "target", "history")["nodes"])


def _after(answer: Json) -> str | None:
    page = connection(answer, "ref", "target", "history")["pageInfo"]
    return page["endCursor"] if page["hasNextPage"] else None


def _node(node: Json) -> Node:
    return Node(node["oid"], parents_of(node))


def _committed(node: Json) -> str:
    return moment(node["committedDate"]).isoformat()

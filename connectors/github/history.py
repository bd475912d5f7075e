"""The stream of a repository's history: its mainline, and what each commit on it brought."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import ClassVar

from connectors.git.commit import first_line
from connectors.git.message import picked_sha, read_landing, reverted_change, reverted_sha
from connectors.github.asking import Asking, row_id
from connectors.github.question import PagedQuestion, connection
from connectors.hosting.mainline import Node, Placed, Walk
from connectors.hosting.moment import moment
from connectors.hosting.page import Header, write_page
from connectors.hosting.place import Place
from connectors.http.errors import RateLimited
from connectors.http.reply import Reply
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import Change, ChangeKind, Commit, Gap, GapReason

_MOST_FORWARD_PAGES = 50


class History:
    """Reads commits newest first; what is pushed later is read down to what is known."""

    kind: ClassVar[str] = "history"
    entities: ClassVar[tuple[str, ...]] = ("commit", "change", "gap")
    needs: ClassVar[str] = "Contents: read"

    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._question = PagedQuestion(asking.api, "history", self.page_size)

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields new commits, then older ones until the first."""
        if place.default_branch is None:
            return
        state = dict(cursor or {})
        if (state.get("name"), state.get("branch")) != (place.name, place.default_branch):
            state = {}
        if state and state["pushed_at"] != place.pushed_at:
            pages = self._new_pages(place, state)
            if pages is None:
                state = {}
            else:
                yield from self._forward(place, state, pages)
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
        nodes = _nodes(answers[0])
        placed = {each.sha: each for each in Walk.of(header["walk"]).place(map(_node, nodes))}
        for node in nodes:
            if node["oid"] in placed:
                yield from self._rows_of(header, node, placed[node["oid"]])

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
        header = self._header(place, walk)
        nodes = _nodes(answer)
        walk.place(map(_node, nodes))
        after = _after(answer)
        state["back"] = {"after": after, "walk": walk.told()} if after else None
        state["done"] += len(nodes)
        state["from"] = min((_committed(node) for node in nodes), default=None) if after else None
        self._asking.telling(place, "history")(state["done"], state["total"])
        return self._batch(header, reply, state, is_first=is_first, is_last=not after)

    def _new_pages(self, place: Place, state: dict[str, Json]) -> list[tuple[Reply, Walk]] | None:
        """Pages from the head down to what is known; null if history was rewritten.

        How many mainline commits are new is known only at the end: then each page is told where
        it begins.
        """
        replies: list[Reply] = []
        walk: Walk | None = None
        fresh = after = None
        for _ in range(_MOST_FORWARD_PAGES):
            reply = self._ask(place, after)
            target = _target(reply.json())
            if target is None:
                return None
            if target["oid"] == state["head"]:
                return []
            replies.append(reply)
            nodes = [_node(node) for reply in replies for node in _nodes(reply.json())]
            fresh = _mainline_until(nodes, target["oid"], state["head"])
            after = _after(reply.json())
            if fresh is not None:
                walk = Walk(target["oid"], state["position"] + fresh, floor=state["position"])
                starts = _starts(replies, walk)
                if walk.is_done or after is None:
                    return list(zip(replies, starts, strict=True))
            if after is None:
                return None
        return None

    def _forward(
        self, place: Place, state: dict[str, Json], pages: list[tuple[Reply, Walk]]
    ) -> Iterator[Batch]:
        """What was pushed since; the head moves with the last page."""
        for number in reversed(range(len(pages))):
            reply, walk = pages[number]
            if number == 0:
                state.update(head=walk.expected, position=walk.position, pushed_at=place.pushed_at)
            yield self._batch(self._header(place, walk), reply, state)
        state["pushed_at"] = place.pushed_at

    def _batch(
        self,
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

    def _ask(self, place: Place, after: Json) -> Reply:
        ref = f"refs/heads/{place.default_branch}"
        return self._question.ask({**self._asking.variables(place), "ref": ref}, after)

    def _header(self, place: Place, walk: Walk) -> Header:
        return {"repository": place.name, "id": place.id, "walk": walk.told()}

    def _rows_of(
        self, header: Header, node: Json, placed: Placed
    ) -> Iterator[Commit | Change | Gap]:
        repository = header["repository"]
        try:
            yield self._commit(repository, node, placed)
        except (KeyError, TypeError, ValueError) as error:
            yield self._asking.gap(
                repository,
                f"commit/{node['oid']}",
                GapReason.UNREADABLE,
                f"commit {node['oid'][:12]} cannot be read: {type(error).__name__} {error}",
                "check that the server's version is one that is supported",
                1,
            )
            return
        if placed.is_mainline and _request(node) is None:
            yield self._direct(repository, node, placed)

    def _commit(self, repository: str, node: Json, placed: Placed) -> Commit:
        return Commit(
            id=row_id(repository, "commit", node["oid"]),
            source=self._asking.source,
            url=self._asking.page(repository, f"commit/{node['oid']}"),
            repository=repository,
            sha=node["oid"],
            parents=tuple(_parents(node)),
            authored_at=moment(node["authoredDate"]),
            committed_at=moment(node["committedDate"]),
            subject=first_line(node["message"]),
            position=placed.position,
            is_mainline=placed.is_mainline,
            reverts_sha=reverted_sha(node["message"]),
            picked_sha=picked_sha(node["message"]),
            change=_request(node),
            is_signed=bool((node.get("signature") or {}).get("isValid")),
        )

    def _direct(self, repository: str, node: Json, placed: Placed) -> Change:
        """A mainline commit that no pull request brought."""
        landing = read_landing(node["message"], len(_parents(node)))
        logins = [user["login"] for user in _users(node)]
        return Change(
            id=row_id(repository, "push", node["oid"]),
            source=self._asking.source,
            url=self._asking.page(repository, f"commit/{node['oid']}"),
            repository=repository,
            number=None,
            kind=ChangeKind.DIRECT.value,
            title=landing.title,
            branch=None,
            landed_sha=node["oid"],
            head_sha=None,
            position=placed.position,
            commit_count=1,
            first_commit_at=moment(node["authoredDate"]),
            opened_at=None,
            reviewed_at=None,
            merged_at=moment(node["committedDate"]),
            services=tuple(self._asking.services_of(repository, None)),
            reverts=reverted_change(landing, node["message"]),
            is_hotfix=self._asking.is_hotfix(landing.title, None),
            author=logins[0] if logins else None,
        )


def _starts(replies: Sequence[Reply], walk: Walk) -> list[Walk]:
    starts = []
    for reply in replies:
        starts.append(Walk.of(walk.told()))
        walk.place(map(_node, _nodes(reply.json())))
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
    return Node(node["oid"], _parents(node))


def _parents(node: Json) -> list[str]:
    return [parent["oid"] for parent in node["parents"]["nodes"]]


def _request(node: Json) -> str | None:
    """Number of the pull request that brought a commit to the mainline."""
    told = (node.get("associatedPullRequests") or {}).get("nodes") or []
    merged = [request for request in told if request and request.get("mergedAt")]
    return str(merged[0]["number"]) if merged else None


def _users(node: Json) -> list[Json]:
    told = (node.get("authors") or {}).get("nodes") or []
    return [author["user"] for author in told if author and author.get("user")]


def _committed(node: Json) -> str:
    return moment(node["committedDate"]).isoformat()

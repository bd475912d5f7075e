"""The stream of a repository's history: its mainline, and what each commit on it brought."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import ClassVar

from connectors.git.commit import first_line
from connectors.git.message import picked_sha, read_landing, reverted_change, reverted_sha
from connectors.github.api.lacking import lacking
from connectors.github.api.question import PagedQuestion, connection, errors_of, failure
from connectors.github.asking import Asking, row_id
from connectors.hosting.mainline import Node, Placed, Walk
from connectors.hosting.moment import moment
from connectors.hosting.page import Header, write_page
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.understanding import UNREADABLE
from connectors.http.errors import RateLimited
from connectors.http.reply import Reply, Validators
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import Change, ChangeKind, Commit, Gap

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
        yield from lacking(self._asking, header["repository"], self.kind, self.needs, answers)
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
        state["from"] = _committed(nodes[-1]) if after and nodes else None
        self._asking.telling(place, "history")(state["done"], state["total"])
        return self._batch(header, reply, state, is_first=is_first, is_last=not after)

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
            if number == 0:  # the head moves with the last page
                state.update(head=walk.expected, position=walk.position, pushed_at=place.pushed_at)
                is_head = _sha(probed) == walk.expected
                state["probe"] = probed.validators if is_head else None
            yield self._batch(self._header(place, walk), reply, state)

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
        head = target["oid"]
        if head == known:
            return []
        replies = [reply]
        while len(replies) <= _MOST_FORWARD_PAGES:
            after = _after(reply.json())
            nodes = [_node(node) for reply in replies for node in _nodes(reply.json())]
            fresh = _mainline_until(nodes, head, known)
            if fresh is not None:
                walk = Walk(head, position + fresh, floor=position)
                starts = _starts(replies, walk)
                if walk.is_done or after is None:
                    return list(zip(replies, starts, strict=True))
            if after is None:
                return None
            reply = self._ask(place, after)
            replies.append(reply)
        return None

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

    def _header(self, place: Place, walk: Walk) -> Header:
        return {"repository": place.name, "id": place.id, "walk": walk.told()}

    def _rows_of(
        self, header: Header, node: Json, placed: Placed
    ) -> Iterator[Commit | Change | Gap]:
        repository = header["repository"]
        try:
            yield self._commit(repository, node, placed)
            if placed.is_mainline and _is_direct(node):
                yield self._direct(repository, node, placed)
        except UNREADABLE as error:
            yield self._asking.unreadable(repository, f"commit/{node['oid']}", error)

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


def _sha(probed: Reply) -> Json:
    """The head of a branch, by the list of its commits."""
    return probed.json()[0]["sha"]


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
    """Number of the pull request that brought a commit to the mainline: rather the one it landed.

    A commit may have come by several, such as one into a branch that another one then merged.
    """
    told = (node.get("associatedPullRequests") or {}).get("nodes") or []
    merged = [request for request in told if request and request.get("mergedAt")]
    landed = [r for r in merged if (r.get("mergeCommit") or {}).get("oid") == node["oid"]]
    found = [*landed, *merged]
    return str(found[0]["number"]) if found else None


def _is_direct(node: Json) -> bool:
    """Whether no pull request brought it; where GitHub does not tell, it is not said to be so."""
    return node.get("associatedPullRequests") is not None and _request(node) is None


def _users(node: Json) -> list[Json]:
    told = (node.get("authors") or {}).get("nodes") or []
    return [author["user"] for author in told if author and author.get("user")]


def _committed(node: Json) -> str:
    return moment(node["committedDate"]).isoformat()

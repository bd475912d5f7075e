"""The stream of a repository's pull requests, with their commits, reviews, files and checks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from connectors.github.api.lacking import lacking
from connectors.github.api.question import PagedQuestion, ask, connection
from connectors.github.asking import Asking
from connectors.github.code.change_rows import change_rows
from connectors.hosting.moment import stamp
from connectors.hosting.newest_first import Listed, NewestFirst
from connectors.hosting.page import Header
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.interface import Batch, Cursor, Json
from data.model import Gap, Record

_NESTED: Mapping[str, tuple[str, ...]] = {
    "commits": ("commits",),
    "reviews": ("reviews",),
    "files": ("files",),
    "events": ("timelineItems",),
    "checks": ("lastCommit", "nodes", "0", "commit", "statusCheckRollup", "contexts"),
}
"""The lists inside a pull request, by their variable in the question for their rest."""


_NEEDS = "Pull requests: read"


class Changes(Reader):
    """Reads pull requests by their last change, newest first."""

    kind: ClassVar[str] = "changes"
    entities: ClassVar[tuple[str, ...]] = ("change", "change_commit", "review", "check_run", "gap")
    needs: ClassVar[str] = f"{_NEEDS}, Checks: read, Commit statuses: read"
    blind: ClassVar[tuple[str, ...]] = (
        "CM-01",
        "CM-02",
        "CM-03",
        "CM-04",
        "CM-05",
        "CM-06",
        "CM-08",
    )

    page_size: ClassVar[int] = 50

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._question = PagedQuestion(asking.api, "changes", self.page_size, _NEEDS)

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields pull requests that changed since, then older ones."""
        params = {"state": "all", "sort": "updated", "direction": "desc", "per_page": 1}
        yield from NewestFirst(
            name=place.name,
            header={"repository": place.name, "id": place.id},
            ask=lambda after: self._listed(place, after),
            stamp=lambda node: stamp(node["updatedAt"]),
            probe=self._asking.probe(f"repos/{place.name}/pulls", params),
            progress=self._asking.telling(place, "changes"),
            unread=self._asking.unread(place, "changes"),
        ).pull(cursor)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        repository = header["repository"]
        yield from lacking(self._asking, repository, self.kind, self.needs, answers)
        requests = {str(node.get("number")): node for node in _nodes(answers[0])}
        for answer in answers[1:]:
            rest = answer["data"]["repository"]["pullRequest"]
            _complete(requests[str(rest["number"])], rest)
        told: set[str] = set()
        for node in requests.values():
            rows = list(change_rows(self._asking, repository, node))
            # Two pull requests may have the same last commit, and then its checks.
            yield from (row for row in rows if row.id not in told)
            told.update(row.id for row in rows)

    def _listed(self, place: Place, after: Json) -> Listed:
        reply = self._question.ask(self._asking.variables(place), after)
        listed = connection(reply.json(), "pullRequests")
        page = listed["pageInfo"]
        nodes = _nodes(reply.json())
        rest = [answer for node in nodes for answer in self._rest(place, node)]
        return Listed(
            answers=[reply.body, *rest],
            items=nodes,
            after=page["endCursor"] if page["hasNextPage"] else None,
            total=listed["totalCount"],
        )

    def _rest(self, place: Place, node: Json) -> Iterator[bytes]:
        """What of a pull request did not fit on the page."""
        cursors = {name: _after(node, path) for name, path in _NESTED.items()}
        while any(cursors.values()):
            reply = ask(
                self._asking.api,
                "change_rest",
                {
                    **self._asking.variables(place),
                    "number": node["number"],
                    **cursors,
                    **{f"with{name.title()}": bool(after) for name, after in cursors.items()},
                },
                _NEEDS,
            )
            yield reply.body
            rest = reply.json()["data"]["repository"]["pullRequest"]
            cursors = {
                name: _after(rest, _NESTED[name]) if after else None
                for name, after in cursors.items()
            }


def _nodes(answer: Json) -> list[Json]:
    """Pull requests of an answer; those GitHub could not tell are null there."""
    return [node for node in connection(answer, "pullRequests")["nodes"] if node]


def _list_at(node: Json, path: Sequence[str]) -> Json:
    """A list inside a pull request; null where there is none, such as checks of nothing."""
    found = node
    for name in path:
        if not found:
            return None
        found = found[0] if name == "0" else found.get(name)
    return found


def _after(node: Json, path: Sequence[str]) -> str | None:
    page = (_list_at(node, path) or {}).get("pageInfo") or {}
    return page.get("endCursor") if page.get("hasNextPage") else None


def _complete(node: Json, rest: Json) -> None:
    """Adds the rest of the lists; what shifted from one page to the next is there once."""
    for path in _NESTED.values():
        more, known = _list_at(rest, path), _list_at(node, path)
        if more and known:
            every = {json.dumps(item): item for item in [*known["nodes"], *more["nodes"]]}
            known.update(nodes=list(every.values()), pageInfo=more["pageInfo"])

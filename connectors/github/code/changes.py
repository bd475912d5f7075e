"""The stream of a repository's pull requests, with their commits, reviews, files and checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from connectors.answers.moment import stamp
from connectors.answers.page import Header, write_page
from connectors.github.api.lacking import lacking
from connectors.github.api.question import PagedQuestion, ask, connection, errors_of
from connectors.github.asking import Asking
from connectors.github.code.change_rows import change_rows
from connectors.github.code.check_rows import check_rows
from connectors.github.code.pending_checks import PendingChecks
from connectors.github.code.request_lists import complete, rest_of
from connectors.hosting.newest_first import Listed, NewestFirst
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.interface import Batch, Cursor, Json
from data.model import Gap, Record

_NEEDS = "Pull requests: read"
_CHECKS = "checks"
"""The question for checks alone, and the part that a page of them tells."""


class Changes(Reader):
    """Reads pull requests by their last change, newest first; checks that ran then once more."""

    kind: ClassVar[str] = "changes"
    entities: ClassVar[tuple[str, ...]] = ("change", "change_commit", "review", "check_run", "gap")
    needs: ClassVar[str] = f"{_NEEDS}, Commit statuses: read, and of an app Checks: read"
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
        """Yields pull requests that changed since, then older ones, then checks that ended."""
        state = dict(cursor or {})
        is_same = state.get("name") == place.name
        told = state.get("pending") or {} if is_same else {}
        pending = PendingChecks(told, self._asking.context.clock())
        for item in self._list(place, pending).pull(cursor):
            if isinstance(item, Batch):
                state = {**item.cursor, "pending": pending.told}
                yield replace(item, cursor=state)
            else:
                yield item
        is_whole = state.get("back") is None and not state.get("pass")
        if is_whole and pending.due:
            yield from self._ended(place, pending, state)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        repository = header["repository"]
        told = [_without_lost(answer) for answer in answers]
        yield from lacking(self._asking, repository, self.kind, self.needs, told)
        rows_of = check_rows if header.get("part") == _CHECKS else change_rows
        requests = {str(node.get("number")): node for node in _nodes(answers[0])}
        for answer in answers[1:]:
            rest = answer["data"]["repository"]["pullRequest"]
            complete(requests[str(rest["number"])], rest)
        ids: set[str] = set()
        for node in requests.values():
            rows: list[Record] = list(rows_of(self._asking, repository, node))
            # Two pull requests may have the same last commit, and then its checks.
            yield from (row for row in rows if row.id not in ids)
            ids.update(row.id for row in rows)

    def _list(self, place: Place, pending: PendingChecks) -> NewestFirst:
        params = {"state": "all", "sort": "updated", "direction": "desc", "per_page": 1}
        return NewestFirst(
            name=place.name,
            header={"repository": place.name, "id": place.id},
            ask=lambda after: self._listed(place, after, pending),
            stamp=lambda node: stamp(node["updatedAt"]),
            probe=self._asking.probe(f"repos/{place.name}/pulls", params),
            progress=self._asking.telling(place, "changes"),
            unread=self._asking.unread(place, "changes"),
        )

    def _listed(self, place: Place, after: Json, pending: PendingChecks) -> Listed:
        reply = self._question.ask(self._asking.variables(place), after)
        answer = reply.json()
        listed = connection(answer, "pullRequests")
        page, nodes = listed["pageInfo"], _nodes(answer)
        rest = self._rest(place, nodes)
        pending.note(nodes)
        return Listed(
            answers=[reply.body, *rest],
            items=nodes,
            after=page["endCursor"] if page["hasNextPage"] else None,
            total=listed["totalCount"],
        )

    def _ended(
        self, place: Place, pending: PendingChecks, state: Mapping[str, Json]
    ) -> Iterator[Batch]:
        """Asks for checks that ran; a page if one of them runs no more."""
        about = {**self._asking.variables(place), "ids": pending.due}
        reply = ask(self._asking.api, _CHECKS, about, self.needs)
        nodes = _nodes(reply.json())
        rest = self._rest(place, nodes)
        if pending.settle(nodes):
            header = {"repository": place.name, "id": place.id, "part": _CHECKS}
            yield Batch(
                payload=write_page(header, reply.body, *rest),
                cursor={**state, "pending": pending.told},
            )

    def _rest(self, place: Place, nodes: Sequence[Json]) -> list[bytes]:
        """What of pull requests did not fit on their page."""
        api, variables = self._asking.api, self._asking.variables(place)
        return [answer for node in nodes for answer in rest_of(api, variables, node, _NEEDS)]


def _without_lost(answer: Json) -> Json:
    """An answer without pull requests that were asked for by id and are there no more."""
    if answer["data"].get("nodes") is None:
        return answer
    found = [node for node in answer["data"]["nodes"] if node]
    kept = [error for error in errors_of(answer) if error.get("type") != "NOT_FOUND"]
    return {**answer, "data": {**answer["data"], "nodes": found}, "errors": kept}


def _nodes(answer: Json) -> list[Json]:
    """Pull requests of an answer; those GitHub could not tell are null there."""
    asked_by_id = answer["data"].get("nodes")
    listed = connection(answer, "pullRequests")["nodes"] if asked_by_id is None else asked_by_id
    return [node for node in listed if node]

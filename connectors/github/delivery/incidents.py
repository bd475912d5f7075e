"""The stream of a repository's incidents: issues that a rule of the user calls so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

from connectors.answers.moment import moment, stamp
from connectors.answers.page import Header
from connectors.answers.understanding import UNREADABLE
from connectors.github.api.lacking import lacking
from connectors.github.api.question import PagedQuestion, connection
from connectors.github.asking import Asking, row_id
from connectors.github.delivery.incident_rows import issue_rows, rules_of
from connectors.hosting.newest_first import Listed, NewestFirst
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.interface import Batch, Candidate, Cursor, Json
from data.model import Gap, Record

_MOST_TITLED = 1000


class Incidents(Reader):
    """Reads issues by their last change, newest first.

    Where labels alone make an incident, the first reading asks for those labels, after one page of
    all issues. Later ones ask for all that changed: an issue that has lost the label is seen too.
    """

    kind: ClassVar[str] = "incidents"
    entities: ClassVar[tuple[str, ...]] = ("incident", "gap")
    needs: ClassVar[str] = "Issues: read"
    blind: ClassVar[tuple[str, ...]] = ("CM-10", "IR-01")
    page_size: ClassVar[int] = 50

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._question = PagedQuestion(asking.api, "issues", self.page_size, self.needs)

    def is_wanted(self, place: Place) -> bool:
        """Whether the user says that issues of a repository are incidents."""
        return bool(rules_of(self._asking, place.name))

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields issues that changed since, then older ones."""
        known = dict(cursor or {})
        is_first = known.get("name") != place.name
        titled = set() if is_first else set(known.get("titled", ()))
        labels = self._labels(place)
        walk = _Walk(self._asking, self._question, place, labels, titled, is_first=is_first)
        params = {"state": "all", "sort": "updated", "direction": "desc", "per_page": 1}
        if labels is not None and len(labels) == 1:
            # Pull requests are issues to this list: without the label each of them would count.
            params |= {"labels": labels[0], "per_page": 100}
        items = NewestFirst(
            name=place.name,
            header={"repository": place.name, "id": place.id},
            ask=walk.page,
            stamp=lambda node: stamp(node["updatedAt"]),
            probe=self._asking.probe(f"repos/{place.name}/issues", params),
            progress=self._asking.telling(place, "incidents"),
            unread=self._asking.unread(place, "incidents"),
        ).pull(cursor)
        for item in items:
            if isinstance(item, Batch):
                kept = sorted(titled)[-_MOST_TITLED:]
                yield replace(item, cursor={**item.cursor, "titled": kept})
            else:
                yield item

    def left_out(
        self, answers: Sequence[Json], place: Place, taken: Collection[str]
    ) -> Iterator[Candidate]:
        """Yields issues that no rule calls an incident."""
        for node in filter(None, connection(answers[0], "issues")["nodes"]):
            if row_id(place.name, "issue", node["number"]) not in taken:
                what = f"issue {node['title']}"
                yield Candidate(place.name, what, moment(node["createdAt"]), node["url"], None)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        repository = header["repository"]
        yield from lacking(self._asking, repository, self.kind, self.needs, answers)
        for node in _nodes(answers[0]):
            try:
                yield from list(self._rows_of(repository, node, header["told"]))
            except UNREADABLE as error:
                key = f"issue/{node.get('number')}"
                yield self._asking.unreadable(repository, key, error)

    def _rows_of(self, repository: str, node: Json, told: Sequence[int]) -> Iterator[Record]:
        return issue_rows(self._asking, repository, node, was_told=node["number"] in told)

    def _labels(self, place: Place) -> Sequence[str] | None:
        """The labels that make an incident; null if something else does as well."""
        rules = rules_of(self._asking, place.name)
        if any(rule.title for rule in rules):
            return None
        return list(dict.fromkeys(label for rule in rules for label in rule.labels))


class _Walk:
    """The order in which the pages of one repository are asked for.

    The place of a page in a walk by labels is the number of the label and the cursor there.
    """

    def __init__(
        self,
        asking: Asking,
        question: PagedQuestion,
        place: Place,
        labels: Sequence[str] | None,
        titled: set[int],
        *,
        is_first: bool,
    ) -> None:
        self._asking = asking
        self._question = question
        self._place = place
        self._labels = labels
        self._titled = titled
        self._is_first = is_first

    def page(self, after: Json) -> Listed:
        """The page at a place; after the top one a first reading goes on by labels."""
        if isinstance(after, dict):
            return self._labelled(after["label"], after["cursor"])
        listed = self._ask(after)
        is_first, self._is_first = self._is_first, False
        if is_first and self._labels is not None and listed.after is not None:
            return replace(listed, after=self._place_of(0, None))
        return listed

    def _labelled(self, number: int, cursor: Json) -> Listed:
        labels = self._labels or ()
        listed = self._ask(cursor, labels=[labels[number]])
        if listed.after is not None:
            return replace(listed, after=self._place_of(number, listed.after))
        return replace(listed, after=self._place_of(number + 1, None))

    def _place_of(self, number: int, cursor: Json) -> Json:
        """The place; null after the last label."""
        return {"label": number, "cursor": cursor} if number < len(self._labels or ()) else None

    def _ask(self, after: Json, **filters: Json) -> Listed:
        reply = self._question.ask({**self._asking.variables(self._place), **filters}, after)
        listed = connection(reply.json(), "issues")
        page, nodes = listed["pageInfo"], _nodes(reply.json())
        told = [node["number"] for node in nodes if node.get("number") in self._titled]
        self._titled.update(self._incidents_by_title(nodes))
        return Listed(
            answers=[reply.body],
            items=nodes,
            after=page["endCursor"] if page["hasNextPage"] else None,
            total=listed["totalCount"],
            header={"told": told},
        )

    def _incidents_by_title(self, nodes: Sequence[Json]) -> Iterator[int]:
        """Numbers of issues that their title makes incidents: no event tells when it does not."""
        rules = [r for r in rules_of(self._asking, self._place.name) if r.title]
        for node in nodes:
            with suppress(KeyError, TypeError):
                if any(rule.is_incident(node["title"], ()) for rule in rules):
                    yield int(node["number"])


def _nodes(answer: Json) -> list[Json]:
    return [node for node in connection(answer, "issues")["nodes"] if node]

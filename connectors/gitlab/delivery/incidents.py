"""The stream of a project's incidents: GitLab's own, and issues that a rule calls so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

from connectors.answers.moment import moment, moment_or_none
from connectors.answers.page import Header
from connectors.answers.understanding import UNREADABLE
from connectors.gitlab.api.items import key_of
from connectors.gitlab.api.updated import UpdatedList, UpdatedPage, changed_at, times_of
from connectors.gitlab.asking import Asking, below
from connectors.gitlab.delivery.incident_rows import incident, rule_of, rules_of
from connectors.hosting.incident_rule import IncidentRule
from connectors.hosting.newest_first import Listed, NewestFirst
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.http.paging import Ask, PagedList, by_link
from connectors.interface import Batch, Candidate, Cursor, Json
from data.model import Gap, Record

_MOST_KNOWN = 1000
"""Incidents that are remembered, to see that one is none any more."""


class Incidents(Reader):
    """Reads issues by their last change, newest first.

    Where no title makes an incident, the first reading asks for labels and for GitLab's own kind
    of incident, after one page of all issues. Later ones ask for all that changed: an issue that
    is an incident no longer is seen too, if it was one when it was read.
    """

    kind: ClassVar[str] = "incidents"
    entities: ClassVar[tuple[str, ...]] = ("incident", "gap")
    needs: ClassVar[str] = "scope read_api, Guest; Reporter for confidential ones"
    blind: ClassVar[tuple[str, ...]] = ("CM-10", "IR-01")

    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def is_wanted(self, place: Place) -> bool:
        """Whether a project has issues."""
        return self._asking.listed[place.id].get("issues_enabled") is not False

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields issues that changed since, then older ones."""
        path = below(place, "issues")
        listed = UpdatedList(self._asking.api, path, cursor, place.name, self.page_size)
        walk = _Walk(self._asking, place, listed, cursor)
        reading = NewestFirst(
            name=place.name,
            header={"repository": place.name, "id": place.id},
            ask=walk.page,
            stamp=changed_at,
            probe=self._asking.heartbeat.probe(place, "issues"),
            progress=self._asking.telling(place, "incidents"),
            unread=self._asking.unread(place, "incidents"),
        )
        for item in reading.pull(cursor):
            yield walk.noted(item) if isinstance(item, Batch) else item
        if not listed.is_filtered:
            yield self._asking.filter_ignored(place.name, self.kind)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page: the list, and what happened to each incident on it."""
        project = header["repository"]
        events = dict(zip(header["of"], answers[1:], strict=True))
        for item in answers[0]:
            iid = _iid(item)
            if iid is None:
                error = TypeError("no number of its own")
                yield self._asking.unreadable(project, f"issue/{key_of(item, 'iid')}", error)
            if iid not in events:
                continue
            try:
                row = incident(self._asking, project, item, events[iid])
            except UNREADABLE as error:
                yield self._asking.unreadable(project, f"issue/{iid}", error)
            else:
                if not row.is_withdrawn or iid in header["known"]:
                    yield row

    def left_out(
        self, answers: Sequence[Json], place: Place, taken: Collection[str]
    ) -> Iterator[Candidate]:
        """Yields issues that no rule calls incidents."""
        for item in answers[0]:
            if self._asking.row_id(place.name, "issue", item["iid"]) not in taken:
                url = self._asking.page(place.name, f"issues/{item['iid']}")
                at = moment(item["created_at"])
                yield Candidate(place.name, f"issue {item['title']}", at, url, None)


class _Walk:
    """The order in which the pages of one project are asked for, and what is known to be one.

    The place of a page in a walk through filters is the number of the filter and the place there.
    """

    def __init__(
        self, asking: Asking, place: Place, listed: UpdatedList, cursor: Cursor | None
    ) -> None:
        self._asking = asking
        self._place = place
        self._listed = listed
        state = dict(cursor or {})
        is_known = state.get("name") == place.name
        self._is_first = not is_known
        self._known: set[int] = set(state.get("known", ())) if is_known else set()
        self._told: dict[Json, Json] = {}
        self._filters = _filters(asking, place)

    def page(self, after: Json) -> Listed:
        """The page at a place; after the top one a first reading goes on through the filters."""
        if isinstance(after, dict) and "filter" in after:
            return self._filtered(after)
        page = self._listed.page(after)
        is_first, self._is_first = self._is_first, False
        if is_first and self._filters and page.after is not None:
            top = min(times_of(page.items), default=None)
            return self._listed_as(page, {"filter": 0, "at": None, "top": top})
        return self._listed_as(page, page.after)

    def noted(self, batch: Batch) -> Batch:
        """The batch with what is known to be an incident.

        Between the filters, what the first page of all issues showed is all that is complete.
        """
        back = batch.cursor.get("back")
        is_between = isinstance(back, dict) and "filter" in back
        since = back.get("top") if is_between and back else None
        return replace(
            batch,
            cursor={**batch.cursor, "known": sorted(self._known)[-_MOST_KNOWN:]},
            complete_from=max(
                filter(None, [batch.complete_from, moment_or_none(since)]), default=None
            ),
        )

    def _filtered(self, after: Mapping[str, Json]) -> Listed:
        number = after["filter"]
        at = after["at"] or {"since": None}
        page = self._listed.page(at, self._filters[number])
        following: Json = {**after, "at": page.after}
        if page.after is None:
            following["filter"] = number + 1
        return self._listed_as(
            page, following if following["filter"] < len(self._filters) else None
        )

    def _listed_as(self, page: UpdatedPage, after: Json) -> Listed:
        """The page, with the story of each incident on it."""
        rules = rules_of(self._asking, self._place.name)
        numbered = [item for item in page.news if _iid(item) is not None]
        known = [item["iid"] for item in numbered if item["iid"] in self._known]
        self._known |= {item["iid"] for item in numbered if _is_incident(rules, item)}
        asked = [item["iid"] for item in numbered if self._is_news(item)]
        answers = [page.reply.body, *map(self._events, asked)]
        header = {**page.header, "of": asked, "known": known}
        return Listed(answers, page.items, after, page.total, header)

    def _is_news(self, item: Json) -> bool:
        """Whether an item is an incident, or was one, that no page of this sync told as it is."""
        iid, changed = item["iid"], item.get("updated_at")
        is_told = self._told.get(iid) == changed
        self._told[iid] = changed
        return iid in self._known and not is_told

    def _events(self, iid: int) -> bytes:
        """When it was closed and opened again."""
        path = below(self._place, f"issues/{iid}/resource_state_events")
        listed = PagedList(
            Ask(path, {"per_page": 100}), by_link, items=list, key=lambda item: str(item["id"])
        )
        bodies = [page.reply.body for page in listed.pages(self._asking.api)]
        return _joined(bodies)


def _iid(item: Json) -> int | None:
    """The number of an issue; null if it tells none."""
    told = item.get("iid") if isinstance(item, dict) else None
    return told if isinstance(told, int) and not isinstance(told, bool) else None


def _is_incident(rules: Sequence[IncidentRule], item: Json) -> bool:
    """Whether an issue is one; its row tells of one that cannot be judged."""
    with suppress(*UNREADABLE):
        return rule_of(rules, item) is not None
    return True


def _filters(asking: Asking, place: Place) -> Sequence[Mapping[str, Json]]:
    """The lists that together hold all incidents; none if only the list of all issues does."""
    rules = rules_of(asking, place.name)
    if any(rule.title for rule in rules):
        return ()
    labels = dict.fromkeys(label for rule in rules for label in rule.labels)
    return [*({"labels": label} for label in labels), {"issue_type": "incident"}]


def _joined(bodies: Sequence[bytes]) -> bytes:
    """One list of several, each as it was sent."""
    inner = [body.strip()[1:-1].strip() for body in bodies]
    return b"[" + b",".join(filter(None, inner)) + b"]"

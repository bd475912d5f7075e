"""The stream of incidents: those of the past by windows, then those that the log says changed."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import ClassVar

from connectors.answers.moment import moment
from connectors.answers.page import Header, write_page
from connectors.api.fields import name_of, packed
from connectors.api.reader import Items, OrganisationReader
from connectors.api.source import ApiSource
from connectors.http.retry import http_date
from connectors.interface import Batch, Cursor, Json
from connectors.pagerduty.rows import OPTIONAL, rows_of
from connectors.pagerduty.settings import Settings
from connectors.pagerduty.story import story_by_id, story_of
from connectors.pagerduty.windows import MOST_ROWS, Shown, WindowedList, told
from data.model import Gap, GapReason, Record

_HISTORY, _LOG = "history", "log"


@dataclass
class _News:
    """The newest entries of the account's log, so that they are not read as news again."""

    since: datetime
    newest: datetime
    known: set[str]
    """Those that bear the newest time."""
    now: datetime
    is_filtered: bool = True
    _seen: set[str] = field(default_factory=set)
    _ahead: set[str] = field(default_factory=set)
    """Those of the future: after them comes what is older."""

    def incidents(self, entries: Sequence[Json]) -> list[str]:
        """The incidents that new entries are about; takes note of the entries."""
        found: list[str] = []
        for entry in entries:
            at, entry_id = moment(entry["created_at"]), str(entry["id"])
            self.is_filtered &= at >= self.since
            if at > self.now:
                self._ahead.add(entry_id)
            if at < self.since or entry_id in self.known or entry_id in self._seen:
                continue
            self._seen.add(entry_id)
            if self.now >= at > self.newest:
                self.newest, self.known = at, set()
            if at == self.newest:
                self.known.add(entry_id)
            if entry["incident"] is not None:
                found.append(str(entry["incident"]["id"]))
        return list(dict.fromkeys(found))

    @property
    def cursor(self) -> dict[str, Json]:
        """Where the next reading goes on."""
        return {
            "phase": _LOG,
            "newest": told(self.newest),
            "known": sorted(self.known | self._ahead),
        }


class Incidents(OrganisationReader):
    """Reads incidents with their log entries and alerts.

    The list of incidents knows no order by change, but the log of the account says which changed.
    """

    kind: ClassVar[str] = "incidents"
    entities: ClassVar[tuple[str, ...]] = ("incident", "alert", "gap")
    needs: ClassVar[str] = (
        "a read-only API key of the account, or the key of a user who sees the incidents"
    )
    page_size: ClassVar[int] = 100

    def __init__(self, api: ApiSource, settings: Settings) -> None:
        self._api = api
        self._settings = settings

    def pull(self, cursor: Cursor | None) -> Items:
        """Yields what is new since the last entry of the log that was seen."""
        start = cursor or self._beginning()
        if start is not None and start["phase"] == _HISTORY:
            start = yield from self._history(start)
        if start is not None:
            yield from self._changes(start)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page: the stories of some incidents."""
        (stories,) = answers
        named = ({"id": name_of(story["incident"]), **story} for story in stories)
        yield from self._api.mapped(
            "incident", named, lambda story: rows_of(self._api, self._settings, story)
        )
        sent = [s["incident"] for s in stories if "incident" not in dict(s["refused"])]
        yield from self._api.unsent("incident", sent, OPTIONAL)
        if lost := header.get("lost"):
            yield self._beyond(lost)

    def _beyond(self, lost: Json) -> Gap:
        """A window of which not all is shown, although it cannot be made smaller."""
        return self._api.gap(
            f"window/{lost['since']}",
            GapReason.TRUNCATED,
            "incidents or changes that PagerDuty says there are, and does not show",
            f"nothing: it shows no more than {MOST_ROWS:,} of a second",
            lost["count"],
            (moment(lost["since"]), moment(lost["until"])),
        )

    def _beginning(self) -> Cursor | None:
        """Where the first reading begins; null if there is no incident at all."""
        order: dict[str, Json] = {"date_range": "all", "sort_by": "created_at:asc", "limit": 1}
        reply = self._api.http.get("incidents", order)
        oldest = [moment(item["created_at"]) for item in reply.json()["incidents"]]
        if not oldest:
            return None
        day = self._settings.since
        since = max(oldest[0], datetime.combine(day, time(), UTC)) if day else oldest[0]
        began = http_date(reply.headers.get("Date", "")) or since
        return {"phase": _HISTORY, "place": {"since": told(since)}, "began": told(began)}

    def _history(self, cursor: Cursor) -> Generator[Batch | Gap, None, Cursor]:
        """Yields all incidents; what changes meanwhile is left to the log."""
        began = moment(cursor["began"])
        end = _News(began, began, set(), began).cursor
        listed = WindowedList("incidents", {"sort_by": "created_at:asc"}, self.page_size)
        for page in listed.pages(self._api.http, self._api.context, cursor["place"]):
            going = {**cursor, "place": page.going} if page.going else end
            if page.items or not page.going:
                yield self._batch(page, [story_of(self._api.http, i) for i in page.items], going)
        return end

    def _changes(self, cursor: Cursor) -> Items:
        """Yields the incidents that entries of the log since are about."""
        since = cursor.get("since") or cursor["newest"]
        now = self._api.context.clock()
        news = _News(moment(since), moment(cursor["newest"]), set(cursor["known"]), now)
        listed, has_news = WindowedList("log_entries", {}, self.page_size), False
        place = cursor.get("place") or {"since": since}
        for page in listed.pages(self._api.http, self._api.context, place):
            changed = news.incidents(page.items)
            has_news = has_news or bool(changed)
            going = {"since": since, "place": page.going} if page.going else {}
            if has_news:
                stories = [story_by_id(self._api.http, each) for each in changed]
                yield self._batch(page, stories, {**news.cursor, **going})
        if not news.is_filtered:
            yield self._api.filter_ignored(self.kind, "since")

    def _batch(self, page: Shown, stories: Sequence[Json], cursor: Cursor) -> Batch:
        header = {"lost": page.lost} if page.lost else {}
        return Batch(write_page(header, packed(stories)), cursor, is_last="place" not in cursor)

"""Lists that are read in windows of time, since the API shows only the first rows of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.answers.moment import moment
from connectors.answers.understanding import LATE
from connectors.hosting.placing import key_of
from connectors.http.errors import UnexpectedReply
from connectors.http.paging import Ask, Page, PagedList, by_offset
from connectors.http.reply import Reply
from connectors.http.retry import server_now
from connectors.http.session import Http
from connectors.interface import Context, Json

MOST_ROWS = 10_000
"""Offset and limit together may not be more."""
SPAN = timedelta(days=180)
"""A question may cover six months; these are the shortest."""
OVERLAP = timedelta(seconds=1)
"""Nobody says whether the ends of a window are part of it."""
SHORTEST = 2 * OVERLAP
MOST_OVERRUN = 20
"""Of the shortest windows with too many rows one after the other: then the number is not true."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time that one question covers."""

    since: datetime
    until: datetime

    @property
    def span(self) -> timedelta:
        """How long it is."""
        return self.until - self.since

    @property
    def first_half(self) -> Window:
        """What is asked for instead, if it has too many rows."""
        return Window(self.since, self.since + max(SHORTEST, self.span / 2))

    @property
    def place(self) -> dict[str, str]:
        """It as part of a cursor."""
        return {"since": told(self.since), "until": told(self.until)}

    def at(self, page: Page) -> dict[str, Json]:
        """A place in the list of its rows."""
        return {**self.place, "bookmark": page.bookmark}

    def following(self, now: datetime) -> Window | None:
        """The next one; null if this one reaches beyond the time of the server."""
        since = self.until - OVERLAP
        return Window(since, since + min(SPAN, 2 * self.span)) if self.until < now else None


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a list, and where the list goes on."""

    reply: Reply
    items: Sequence[Json]
    going: Json
    """Where the next page begins; null after the last one."""
    lost: Mapping[str, Json] | None
    """The window, where it had more rows than are shown, and how many more if that is known."""
    window: Window


@dataclass(frozen=True, slots=True)
class WindowedList:
    """How such a list is read, oldest window first."""

    path: str
    """Also the name of the field of the answer that holds the items."""
    params: Mapping[str, Json]
    size: int = 100

    def pages(self, http: Http, context: Context, start: Json) -> Iterator[Shown]:
        """Yields pages from a place on, to the time of the server.

        Args:
            http: what to ask.
            context: with the clock, for servers that tell no time.
            start: `since`, or the `going` of an earlier page.

        Raises:
            HttpError: if a page cannot be had.
        """
        window, bookmark = _window(start)
        overrun = 0
        while window is not None:
            cut = None
            for page in self._list(window).pages(http, bookmark):
                if _is_overrun(page) and window.span > SHORTEST:
                    cut = window.first_half
                    break
                overrun = _counted(overrun, page)
                following = window.following(server_now(page.reply.headers, context.clock()))
                going = following and following.place if page.is_last else window.at(page)
                yield Shown(page.reply, page.items, going, _lost(page, window), window)
                if page.is_last:
                    break
            window, bookmark = cut or following, None

    def _list(self, window: Window) -> PagedList:
        more = {"time_zone": "UTC", "limit": self.size, "total": True}
        asked = {**self.params, **window.place, **more}
        return PagedList(
            Ask(self.path, asked),
            by_offset(self._reachable),
            items=lambda page: page[self.path],
            key=key_of,
            total=lambda reply: reply.json().get("total"),
        )

    def _reachable(self, reply: Reply) -> int:
        """How many rows can be asked for, as far as this page shows."""
        page = reply.json()
        done = int(page["offset"]) + len(page[self.path])
        is_over = not page["more"] or done + self.size > MOST_ROWS
        return done if is_over else done + 1


def _is_overrun(page: Page) -> bool:
    """Whether a window has more rows than can be asked for: fewer are in a part of it."""
    told = page.reply.json()
    is_cut = page.is_last and page.items and told["more"]
    return (told.get("total") or 0) > MOST_ROWS or bool(is_cut)


def _counted(overrun: int, page: Page) -> int:
    """How many windows had too many rows up to this one.

    Raises:
        UnexpectedReply: if that cannot be.
    """
    if not _is_overrun(page):
        return 0
    overrun += page.is_last
    if overrun > MOST_OVERRUN:
        what = f"says of each of {MOST_OVERRUN} seconds that it has more than {MOST_ROWS:,} rows"
        raise UnexpectedReply(what, page.reply.where, LATE, page.reply.status)
    return overrun


def _lost(page: Page, window: Window) -> Mapping[str, Json] | None:
    told = page.reply.json()
    if not page.is_last or not (_is_overrun(page) or told["more"]):
        return None
    total = told.get("total") or 0
    return {**window.place, "count": total - MOST_ROWS if total > MOST_ROWS else None}


def _window(start: Json) -> tuple[Window | None, Json]:
    since = moment(start["since"])
    until = moment(start["until"]) if start.get("until") else since + SPAN
    return Window(since, until), start.get("bookmark")


def told(at: datetime) -> str:
    """A time in UTC as the API is asked with it."""
    return at.isoformat().replace("+00:00", "Z")

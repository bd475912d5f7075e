"""Lists of the REST API by the time of their last change, newest first.

The next page is asked for by time, not by number: then what changes meanwhile shifts nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from connectors.answers.moment import moment, stamp
from connectors.answers.page import Header
from connectors.answers.understanding import LATE, UNREADABLE
from connectors.http.api import Api
from connectors.http.errors import UnexpectedReply
from connectors.http.reply import Reply
from connectors.interface import Cursor, Json

_LONGEST_TOTAL = 15
_TICK = timedelta(milliseconds=1)
"""Times are told in these, and kept more exactly."""


@dataclass(frozen=True, slots=True)
class UpdatedPage:
    """One page of such a list."""

    reply: Reply
    items: Sequence[Json]
    after: Json
    """Where the next page begins; null after the last."""
    total: int | None
    """Items of the whole list, if told with its first page."""
    since: str | None
    """What changed before is known."""

    @property
    def header(self) -> Header:
        """What the mapping must know of it."""
        return {"since": self.since} if self.since else {}

    @property
    def news(self) -> Sequence[Json]:
        """Those of its items that are not known as they are."""
        return news_of(self.header, self.items)


class UpdatedList:
    """How such a list is read in one sync."""

    def __init__(
        self, api: Api, path: str, cursor: Cursor | None, name: str, size: int = 100
    ) -> None:
        """Prepares to ask.

        Args:
            api: what to ask.
            path: of the list.
            cursor: that of `NewestFirst`, whose newest known change it tells.
            name: name of the project now; under another one nothing is known.
            size: items a page.
        """
        self._api = api
        self._path = path
        self._size = size
        state = dict(cursor or {})
        self.is_filtered = True
        """Whether the source heeded the times it was asked for, so far."""
        self._known: str | None = state.get("to") if state.get("name") == name else None

    def page(self, after: Json, params: Mapping[str, Json] | None = None) -> UpdatedPage:
        """Asks for the page at a place; null: the newest.

        Raises:
            HttpError: if there is no usable answer.
        """
        place = dict(after or {"since": self._known})
        before, number = place.get("before"), place.get("page", 1)
        filters = {"updated_before": before, "page": number if number > 1 else None}
        order: dict[str, Json] = {"order_by": "updated_at", "sort": "desc", "per_page": self._size}
        reply = self._api.get(self._path, {**(params or {}), **order, **filters})
        items = _items(reply)
        shown = _digest(items) if items else None
        if number > 1 and shown is not None and shown == place.get("shown"):
            what = "the next page is one that was already read"
            raise UnexpectedReply(what, reply.where, LATE, reply.status)
        times = sorted(times_of(items))
        if after is None and times:
            # What is read again after the rest of the list begins here.
            self._known = max(self._known or "", times[-1])
        is_unfiltered = bool(before and times and times[-1] > before)
        self.is_filtered = self.is_filtered and not is_unfiltered
        total = place.get("total", _total(reply))
        following: Json = None
        if reply.next_url:
            following = {"since": place.get("since"), "total": total, "page": number + 1}
            following["shown"] = shown
            is_by_number = is_unfiltered or ("page" in place and before is None)
            if times and not is_by_number:
                oldest = _just_after(times[0])
                has_moved = before is None or oldest < before
                following |= {"before": oldest, "page": 1} if has_moved else {"before": before}
        return UpdatedPage(reply, items, following, total, place.get("since"))


def news_of(header: Header, items: Sequence[Json]) -> Sequence[Json]:
    """Those items of a page that were not known when it was asked for."""
    since = header.get("since") or ""
    return [item for item in items if (_changed(item) or since) >= since]


def times_of(items: Sequence[Json]) -> Sequence[str]:
    """When items changed last, of those that tell."""
    return list(filter(None, map(_changed, items)))


def _changed(item: Json) -> str | None:
    """When an item changed last, as text in which later is greater; null if it does not tell."""
    with suppress(*UNREADABLE):
        return stamp(item["updated_at"])
    return None


def changed_at(item: Json) -> str:
    """The same of one that must tell.

    Raises:
        ValueError: if it does not.
    """
    found = _changed(item)
    if found is None:
        raise ValueError("no time of its last change")
    return found


def _items(reply: Reply) -> Sequence[Json]:
    items = reply.json()
    if not isinstance(items, list):
        raise UnexpectedReply("the answer is no list", reply.where, LATE, reply.status)
    return items


def _digest(items: Sequence[Json]) -> str:
    text = json.dumps(items, sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()[:16]


def _just_after(told: str) -> str:
    return (moment(told) + _TICK).isoformat()


def _total(reply: Reply) -> int | None:
    told = reply.headers.get("X-Total", "")
    return int(told) if told.isdecimal() and len(told) <= _LONGEST_TOTAL else None

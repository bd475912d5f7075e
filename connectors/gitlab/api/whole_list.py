"""Lists that are read whole whenever they changed: what is no longer on them is gone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from connectors.answers.moment import moment
from connectors.answers.page import Header, write_page
from connectors.answers.understanding import UNREADABLE
from connectors.gitlab.api.items import key_of, list_of
from connectors.http.api import Api
from connectors.http.paging import Ask, PagedList, by_link
from connectors.http.reply import Reply
from connectors.interface import Batch, Cursor, Json, Reading


@dataclass(frozen=True, slots=True)
class WholeList:
    """How one list of the REST API is read, newest first.

    A change is seen by the first page and by how many there are: of what is older, what is
    neither made nor deleted may change unnoticed.
    """

    api: Api
    name: str
    """Name of the project now: under another one all is read again, for the rows bear it."""
    header: Header
    path: str
    params: Mapping[str, Json]
    key: str
    """Field that tells one item from another."""
    essence: Callable[[Json], Json]
    """What of an item matters."""
    stamp: Callable[[Json], Json]
    """The time of an item by which the list is ordered."""
    progress: Callable[[int, int | None], None]

    def pull(self, cursor: Cursor | None) -> Iterator[Batch]:
        """Yields all pages, if the list changed; a reading that broke off begins again."""
        known = dict(cursor or {})
        first = self.api.get(self.path, self.params)
        digest = self._digest(first)
        if (known.get("name"), known.get("digest")) == (self.name, digest):
            return
        listed = PagedList(
            Ask(self.path, self.params),
            by_link,
            items=list_of,
            key=lambda item: key_of(item, self.key),
        )
        is_known, done = bool(known.get("is_known")), 0
        for page in listed.pages(self.api):
            done += len(page.items)
            self.progress(done, None)
            state = {"name": self.name, "is_known": is_known or page.is_last}
            is_first = page.bookmark["path"] == self.path
            yield Batch(
                payload=write_page(self.header, page.reply.body),
                cursor={**state, "digest": digest} if page.is_last else state,
                reading=Reading.COMPLETE,
                is_first=is_first,
                is_last=page.is_last,
                complete_from=None if state["is_known"] else self._oldest(page.items),
            )

    def _oldest(self, items: Json) -> datetime | None:
        times = []
        for item in items:
            with suppress(*UNREADABLE):
                times.append(moment(self.stamp(item)))
        return min(times, default=None)

    def _digest(self, reply: Reply) -> str:
        told: list[Json] = [reply.headers.get("X-Total")]
        for item in list_of(reply.json()):
            try:
                told.append(self.essence(item))
            except UNREADABLE:
                told.append(item)
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]

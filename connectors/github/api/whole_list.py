"""Lists that are read whole whenever they changed: what is no longer on them is gone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from connectors.answers.moment import moment
from connectors.answers.page import Header, write_page
from connectors.hosting.newest_first import Listed, PlaceLost
from connectors.http.reply import Reply, Validators
from connectors.interface import Batch, Cursor, Json, Reading


@dataclass(frozen=True, slots=True)
class WholeList:
    """How one list is read, newest first."""

    name: str
    """Name of the repository now: under another one all is read again, for the rows bear it."""
    header: Header
    probe: Callable[[Validators | None], Reply]
    """Asks cheaply whether anything changed."""
    essence: Callable[[Json], Json]
    """What of the probe's answer matters; counts of downloads do not."""
    ask: Callable[[Json], Listed]
    """Asks for the page at a place; null: the first."""
    stamp: Callable[[Json], Json]
    """The time of an item by which the list is ordered."""
    progress: Callable[[int, int | None], None]

    def pull(self, cursor: Cursor | None) -> Iterator[Batch]:
        """Yields what is left of a reading that broke off, and all pages if the list changed."""
        state: dict[str, Json] = dict(cursor or {})
        if state.get("name") != self.name:
            state = {}
        if state.get("after") is not None:
            try:
                yield from self._read(state)
            except PlaceLost:
                state = {name: state[name] for name in ("name", "is_known")}
        probed = self.probe(state.get("probe"))
        if probed.is_unchanged:
            return
        digest = self._digest(probed)
        if digest != state.get("digest"):
            known = {"name": self.name, "is_known": state.get("is_known", False)}
            state = {**known, "probe": probed.validators, "digest": digest, "done": 0}
            yield from self._read(state)

    def _read(self, state: dict[str, Json]) -> Iterator[Batch]:
        is_last = False
        while not is_last:
            is_first = state.get("after") is None
            page = self.ask(state.get("after"))
            is_last = page.after is None
            state["after"] = page.after
            state["done"] += len(page.items)
            state["is_known"] = state["is_known"] or is_last
            self.progress(state["done"], page.total)
            yield Batch(
                payload=write_page(self.header, *page.answers),
                cursor=dict(state),
                reading=Reading.COMPLETE,
                is_first=is_first,
                is_last=is_last,
                complete_from=None if state["is_known"] else self._oldest(page.items),
            )

    def _oldest(self, items: Sequence[Json]) -> datetime | None:
        """The oldest time on a page; the mapping tells of items without one."""
        times = []
        for item in items:
            with suppress(KeyError, TypeError, ValueError, AttributeError):
                times.append(moment(self.stamp(item)))
        return min(times, default=None)

    def _digest(self, probed: Reply) -> str:
        told = probed.json()
        with suppress(KeyError, TypeError, AttributeError):
            told = self.essence(told)
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]

"""Lists that are told newest first: what is new is read at once, what is old bit by bit.

A list is read from its top down to what is known, then on from where the first reading had come
to. Both can end anywhere and go on in the next sync.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from connectors.answers.page import Header, write_page
from connectors.http.errors import RateLimited, UnexpectedReply
from connectors.http.reply import Reply, Validators
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import Gap


class PlaceLost(UnexpectedReply):
    """The source no longer knows the place in a list that it gave us to go on from."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list."""

    answers: Sequence[bytes]
    """As sent: the page, and what else was asked to complete it."""
    items: Sequence[Json]
    after: Json
    """Where the next page begins; null after the last."""
    total: int | None = None
    """Items of the whole list, if told."""
    header: Header = field(default_factory=dict)
    """What the mapping must know of this page, beside what it must know of all."""


@dataclass(frozen=True, slots=True)
class NewestFirst:
    """How one list is read."""

    name: str
    """Name of the repository now: under another one all is read again, for the rows bear it."""
    header: Header
    ask: Callable[[Json], Listed]
    """Asks for the page at a place; null: the top."""
    stamp: Callable[[Json], str]
    """The time by which the list is ordered, or by which an item tells of a change."""
    probe: Callable[[Validators | None], Reply] | None = None
    """Asks cheaply whether anything changed."""
    lookback: Callable[[str], str] = lambda stamp: stamp
    """How far below the newest known time something old may still change."""
    is_settled: Callable[[Json], bool] | None = None
    """Whether an item changes no more: it is looked back only as far as the oldest that may."""
    progress: Callable[[int, int | None], None] = lambda _done, _total: None
    unread: Callable[[datetime | None, RateLimited], Gap] | None = None
    """Tells what is left for a later sync, since the source allows no more questions now."""

    def pull(self, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields the pages that are new, then older ones until the list ends."""
        state = dict(cursor or {})
        if state.get("name") != self.name:
            state = {}
        try:
            yield from self._read(state)
        except PlaceLost:
            state.clear()
            yield from self._read(state)

    def _read(self, state: dict[str, Json]) -> Iterator[Batch | Gap]:
        if not state:
            yield from self._begin(state)
        else:
            yield from self._forward(state)
        if state.get("back") is None:
            return
        try:
            yield from self._back(state)
            # What changed meanwhile has left its old place for the top.
            yield from self._forward(state)
        except RateLimited as limited:
            if self.unread is None:
                raise
            if state.get("back") is not None:
                yield self.unread(_time(state.get("from")), limited)

    def _begin(self, state: dict[str, Json]) -> Iterator[Batch]:
        probed = self._probed(None)
        page = self.ask(None)
        state.update(
            name=self.name,
            probe=probed.validators if probed else None,
            edge=self._edge(page.items),
            done=len(page.items),
        )
        state["back"] = page.after
        state["to"] = max(self._stamps(page.items), default="")
        self._note_open(state, page.items)
        self.progress(state["done"], page.total)
        yield self._batch(state, page, is_first=True, is_last=page.after is None)

    def _forward(self, state: dict[str, Json]) -> Iterator[Batch]:
        if state.get("pass"):
            yield from self._pass(state)
        probed = self._probed(state.get("probe"))
        if probed is not None and probed.is_unchanged:
            return
        state["pass"] = {"after": None, "newest": "", "edge": None}
        state["pass"]["probe"] = probed.validators if probed else None
        yield from self._pass(state)

    def _pass(self, state: dict[str, Json]) -> Iterator[Batch]:
        """From the top, or where a pass broke off, down to what is known."""
        known = self._known(state)
        while state.get("pass"):
            under_way = state["pass"]
            page = self.ask(under_way["after"])
            stamps = self._stamps(page.items)
            is_done = page.after is None or (bool(stamps) and min(stamps) < known)
            if under_way["after"] is None:
                under_way["newest"] = max([*stamps, state["to"]])
                under_way["edge"] = self._edge(page.items)
                if self._is_known(state) and (is_done or known >= state["to"]):
                    yield from self._unchanged(state, page)
                    return
            self._note_open(under_way, page.items)
            under_way["from"] = min(stamps, default=under_way.get("from"))
            under_way["after"] = page.after
            if is_done:
                state.update({name: under_way.get(name) for name in ("probe", "edge", "open")})
                state.update({"to": under_way["newest"], "pass": None})
            yield self._batch(state, page)

    def _known(self, state: dict[str, Json]) -> str:
        """The time down to which a pass must read."""
        newest: str = state["to"]
        if self.is_settled is None:
            return self.lookback(newest)
        return max(self.lookback(newest), min(state.get("open") or newest, newest))

    def _is_known(self, state: dict[str, Json]) -> bool:
        under_way = state["pass"]
        return (under_way["edge"], under_way["newest"]) == (state["edge"], state["to"])

    def _unchanged(self, state: dict[str, Json], page: Listed) -> Iterator[Batch]:
        """Nothing is new; if the source has another name for that, it is kept for next time."""
        probe = state["pass"]["probe"]
        state["pass"] = None
        if probe and probe.keys() - {"by"} and probe != state.get("probe"):
            state["probe"] = probe
            yield self._batch(state, page)

    def _note_open(self, state: dict[str, Json], items: Sequence[Json]) -> None:
        """Takes note of the oldest item that may still change."""
        if self.is_settled is not None:
            stamps = self._stamps([item for item in items if self._is_open(item)])
            state["open"] = min([*stamps, *filter(None, [state.get("open")])], default=None)

    def _is_open(self, item: Json) -> bool:
        with suppress(KeyError, TypeError, ValueError, AttributeError):
            return self.is_settled is not None and not self.is_settled(item)
        return True

    def _back(self, state: dict[str, Json]) -> Iterator[Batch]:
        while state.get("back") is not None:
            page = self.ask(state["back"])
            state["back"] = page.after
            state["done"] += len(page.items)
            self._note_open(state, page.items)
            self.progress(state["done"], page.total)
            yield self._batch(state, page, is_last=page.after is None)

    def _batch(
        self,
        state: dict[str, Json],
        page: Listed,
        *,
        is_first: bool = False,
        is_last: bool = False,
    ) -> Batch:
        """A page; until the list was read to its end once, it is part of a complete reading."""
        is_whole = state.get("back") is None and not is_last
        oldest = min(self._stamps(page.items), default=None)
        if state.get("back") is not None and oldest and not state.get("pass"):
            state["from"] = min(oldest, state.get("from") or oldest)
        if is_last:
            state["from"] = None
        # While a pass is under way there is a hole between what it has read and what is known.
        since = (state.get("pass") or state).get("from")
        return Batch(
            payload=write_page({**self.header, **page.header}, *page.answers),
            cursor=json.loads(json.dumps(state)),
            reading=Reading.INCREMENT if is_whole else Reading.COMPLETE,
            is_first=is_first,
            is_last=is_last,
            complete_from=_time(since),
        )

    def _stamps(self, items: Sequence[Json]) -> list[str]:
        """The times of items; one that tells none is told as a gap by its rows."""
        found = []
        for item in items:
            with suppress(KeyError, TypeError, ValueError, AttributeError):
                found.append(self.stamp(item))
        return found

    def _probed(self, validators: Validators | None) -> Reply | None:
        return self.probe(validators) if self.probe else None

    def _edge(self, items: Sequence[Json]) -> str:
        """Tells one top of the list from another."""
        text = json.dumps(items, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

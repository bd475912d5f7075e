"""Paged lists: page after page, resumable at any, and watched for shifting under the reader."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from connectors.http.api import Api
from connectors.http.errors import HttpError, UnexpectedReply
from connectors.http.reply import Reply
from connectors.interface import Json

Items = Callable[[Json], Sequence[Json]]
Key = Callable[[Json], str]
Total = Callable[[Reply], int | None]

_MOST_PASSES = 3
_BOOKMARK_IS_OVER = frozenset({400, 404, 410, 422})


@dataclass(frozen=True, slots=True)
class Ask:
    """The question for one page."""

    path: str
    params: Mapping[str, Json] = field(default_factory=dict)


Step = Callable[[Ask, Reply, Sequence[Json]], Ask | None]
"""Finds the question for the next page; null after the last."""


def by_link(_ask: Ask, reply: Reply, _items: Sequence[Json]) -> Ask | None:
    """Follows the Link header."""
    return Ask(reply.next_url) if reply.next_url else None


def by_number(param: str = "page", size: int = 100) -> Step:
    """Counts pages from 1; one with fewer than `size` items is the last."""

    def step(ask: Ask, _reply: Reply, items: Sequence[Json]) -> Ask | None:
        number = int(ask.params.get(param, 1))
        return _with(ask, param, number + 1) if len(items) >= size else None

    return step


def by_offset(total: Total, param: str = "offset") -> Step:
    """Counts items; goes by the items that came, as servers cap what was asked for."""

    def step(ask: Ask, reply: Reply, items: Sequence[Json]) -> Ask | None:
        done = int(ask.params.get(param, 0)) + len(items)
        return _with(ask, param, done) if items and done < (total(reply) or 0) else None

    return step


def by_cursor(param: str, find: Callable[[Json], str | None]) -> Step:
    """Hands back the cursor that `find` reads from each page, until there is none."""

    def step(ask: Ask, reply: Reply, _items: Sequence[Json]) -> Ask | None:
        cursor = find(reply.json())
        return _with(ask, param, cursor) if cursor else None

    return step


def _with(ask: Ask, param: str, value: Json) -> Ask:
    return Ask(ask.path, {**ask.params, param: value})


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    reply: Reply
    items: Sequence[Json]
    bookmark: dict[str, Json]
    """JSON-able; `pages` goes on from it. Belongs into the cursor until the list is done."""
    is_last: bool
    has_shifted: bool
    """Whether the list was seen to change while it was read, so that its validators lie."""


@dataclass(frozen=True, slots=True)
class PagedList:
    """How one list of an API is read.

    Prefer an order in which new things come last, or a cursor: such a list does not shift. Where
    a page repeats an item or the total shrinks, the list did shift, and is read again from its
    start. What was removed from a list without a total is not noticed.
    """

    first: Ask
    step: Step
    items: Items
    key: Key
    """Tells one item from another; two pages must not share one."""
    total: Total = lambda _: None
    """The number of items in the whole list, where the source tells it."""
    is_read_once: bool = False
    """Whether one that shifts is not read again: its reader takes repeats, and misses nothing."""

    def pages(self, http: Api, bookmark: Mapping[str, Json] | None = None) -> Iterator[Page]:
        """Yields all pages, or those from a bookmark on; the bookmarked page comes once more.

        A bookmark whose page is no longer what it was starts the list again: one whose page is
        the same has everything before it where it was.

        Raises:
            HttpError: if a page cannot be had, or the list shifts each time it is read.
        """
        for number in range(_MOST_PASSES):
            walk = _Walk(self, number > 0)
            yield from walk.pages(http, bookmark)
            if self.is_read_once or not walk.has_shifted:
                return
        what = f"the list changed each of the {_MOST_PASSES} times it was read"
        fix = "sync again when the source is quieter"
        raise UnexpectedReply(what, f"GET {http.base_url}{self.first.path}", fix)


class _Read(NamedTuple):
    """What a page says."""

    items: Sequence[Json]
    keys: Sequence[str]
    total: int | None
    following: Ask | None


class _Walk:
    """One pass over a list, with what was seen on it."""

    def __init__(self, what: PagedList, is_repeated: bool) -> None:
        self.what = what
        self.has_shifted = False
        self._is_repeated = is_repeated
        self._keys: set[str] = set()
        self._asked: set[str] = set()
        self._total = 0

    def pages(self, http: Api, bookmark: Mapping[str, Json] | None) -> Iterator[Page]:
        ask, reply = self._start(http, bookmark)
        while ask is not None:
            reply = reply or http.get(ask.path, ask.params)
            read = self._read(ask, reply)
            self._watch(ask, reply, read)
            yield Page(
                reply,
                read.items,
                _bookmark(ask, read.keys),
                is_last=read.following is None and not self.has_shifted,
                has_shifted=self.has_shifted or self._is_repeated,
            )
            ask, reply = read.following, None

    def _start(
        self, http: Api, bookmark: Mapping[str, Json] | None
    ) -> tuple[Ask | None, Reply | None]:
        if bookmark is None:
            return self.what.first, None
        ask = Ask(bookmark["path"], bookmark["params"])
        try:
            reply = http.get(ask.path, ask.params)
            if _bookmark(ask, self._read(ask, reply).keys) == bookmark:
                return ask, reply
        except HttpError as error:
            if error.status not in _BOOKMARK_IS_OVER:
                raise
        self._is_repeated = True
        return self.what.first, None

    def _read(self, ask: Ask, reply: Reply) -> _Read:
        try:
            items = self.what.items(reply.json())
            keys = [self.what.key(item) for item in items]
            return _Read(items, keys, self.what.total(reply), self.what.step(ask, reply, items))
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            what = f"the page is not the list it should be: {type(error).__name__} {error}"
            fix = "check that the source's version is one that is supported"
            raise UnexpectedReply(what, reply.where, fix, reply.status) from None

    def _watch(self, ask: Ask, reply: Reply, read: _Read) -> None:
        self._asked.add(repr(ask))
        if repr(read.following) in self._asked:
            what = "the next page is one that was already read"
            raise UnexpectedReply(what, reply.where, "sync again; the list has no end as it is")
        # What is added before the page repeats an item on it; what is added after it is read yet.
        has_fewer = read.total is not None and read.total < self._total
        if has_fewer or not self._keys.isdisjoint(read.keys):
            self.has_shifted = True
        self._keys.update(read.keys)
        self._total = read.total or 0


def _bookmark(ask: Ask, keys: Sequence[str]) -> dict[str, Json]:
    digest = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
    return {"path": ask.path, "params": dict(ask.params), "keys": digest}

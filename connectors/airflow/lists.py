"""The lists of an Airflow: by cursor where the server has them, else by offset."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from connectors.http.adapter import Usage
from connectors.http.api import Api, Params
from connectors.http.paging import Ask, PagedList, Step, by_cursor, by_offset
from connectors.http.reply import Reply, Validators
from connectors.interface import Json

PAGE_SIZE = 100
"""More than these a server shows only if its `maximum_page_limit` is raised."""


def by_offsets(
    path: str, field: str, names: Sequence[str], params: Mapping[str, Json] | None = None
) -> PagedList:
    """A list whose pages are counted in items.

    Args:
        path: of the list.
        field: under which a page tells its items.
        names: fields that together tell one item from another.
        params: what is asked for.
    """
    ask = Ask(path, {**(params or {}), "limit": PAGE_SIZE, "offset": 0})
    return _listed(ask, by_offset(total), field, names, has_total=True)


def by_cursors(
    path: str, field: str, names: Sequence[str], params: Mapping[str, Json] | None = None
) -> PagedList:
    """A list whose pages name the next: it does not shift. Its total is cut off by the server."""
    ask = Ask(path, {**(params or {}), "limit": PAGE_SIZE, "cursor": ""})
    step = by_cursor("cursor", lambda page: page["next_cursor"])
    return _listed(ask, step, field, names, has_total=False)


def by_posted_offsets(
    path: str, field: str, names: Sequence[str], body: Mapping[str, Json]
) -> PagedList:
    """A list whose question is posted, with an offset in its body."""
    ask = Ask(path, {**body, "page_limit": PAGE_SIZE, "page_offset": 0})
    return _listed(ask, by_offset(total, "page_offset"), field, names, has_total=True)


class Posted:
    """Posts what a list asks for; itself an `Api`, for `PagedList`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    @property
    def base_url(self) -> str:
        """Address of the API, with a slash at its end."""
        return self._api.base_url

    @property
    def usage(self) -> Usage:
        """What was asked so far."""
        return self._api.usage

    def get(
        self,
        path: str,
        params: Params | None = None,
        validators: Validators | None = None,  # noqa: ARG002 - what is posted has none
    ) -> Reply:
        """Asks for a page."""
        return self._api.post(path, dict(params or {}))

    def post(self, path: str, json: Json) -> Reply:
        """Asks a question; see `Api.post`."""
        return self._api.post(path, json)


def total(reply: Reply) -> int | None:
    """The number of items of a whole list."""
    told = reply.json().get("total_entries")
    return int(told) if told is not None else None


def items_of(page: Json, field: str) -> Sequence[Json]:
    """The items of a page.

    Raises:
        LookupError, TypeError: if it is no page of that list.
    """
    items = page[field]
    if not isinstance(items, list):
        raise TypeError(f"{field} is no list")
    return items


def digest(value: Json) -> str:
    """What a value is known by."""
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _listed(
    ask: Ask, step: Step, field: str, names: Sequence[str], *, has_total: bool
) -> PagedList:
    def key(item: Json) -> str:
        told = [item.get(name) for name in names] if isinstance(item, dict) else [None]
        return digest(item) if None in told else json.dumps(told)

    return PagedList(
        ask,
        step,
        items=lambda page: items_of(page, field),
        key=key,
        total=total if has_total else lambda _: None,
    )

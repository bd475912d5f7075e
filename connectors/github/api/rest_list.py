"""A list of the REST API that is told newest first: its first page says whether it changed."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.answers.understanding import LATE
from connectors.github.api.withheld import to_archive, without_withheld
from connectors.hosting.newest_first import Listed, PlaceLost
from connectors.http.api import Api
from connectors.http.errors import HttpError, UnexpectedReply
from connectors.http.reply import Reply, Validators
from connectors.interface import Json

_LOST = frozenset({400, 404, 410, 422})
"""How an address is answered that is no longer one of the list."""


class RestList:
    """Asks for the pages of one list; gives `NewestFirst` its `ask` and its `probe`."""

    def __init__(self, api: Api, path: str, params: Mapping[str, Json]) -> None:
        self._api = api
        self._path = path
        self._params = {"per_page": 100, **params}
        self._top: Reply | None = None

    def probe(self, validators: Validators | None) -> Reply:
        """Asks whether the first page changed: free of charge if it did not."""
        reply = self._api.get(self._path, self._params, validators)
        self._top = None if reply.is_unchanged else reply
        return reply

    def ask(self, after: Json) -> Listed:
        """Asks for the page at an address, or for the first, which a probe may have brought.

        Raises:
            HttpError: if there is no usable answer.
        """
        reply = self._first() if after is None else self._later(after)
        items = reply.json()
        if not isinstance(items, list):
            raise UnexpectedReply("the answer is no list", reply.where, LATE, reply.status)
        return Listed([to_archive(items)], without_withheld(items), reply.next_url)

    def _first(self) -> Reply:
        reply, self._top = self._top or self._api.get(self._path, self._params), None
        return reply

    def _later(self, address: str) -> Reply:
        try:
            return self._api.get(address)
        except HttpError as error:
            if error.status not in _LOST:
                raise
            raise PlaceLost(error.what, error.where, error.fix, error.status) from None

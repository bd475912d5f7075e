"""Several credentials share the load of one source."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol

from connectors.http.adapter import Usage
from connectors.http.api import Api, Params
from connectors.http.errors import Unauthorized
from connectors.http.reply import Reply, Validators
from connectors.http.session import Http
from connectors.interface import Json, Requests

_LOG = logging.getLogger(__name__)


class Client(Api, Protocol):
    """One credential's way to the API."""

    name: str
    http: Http


class SharedApi:
    """Asks with the credential that has most left of its limit; itself an `Api`."""

    def __init__(
        self,
        base_url: str,
        make_clients: Callable[[], Sequence[Client]],
        question_bucket: str = "",
    ) -> None:
        """Prepares to ask; needs no credential yet.

        Args:
            base_url: address of the API.
            make_clients: makes one client a credential, at least one, when first asked.
            question_bucket: limit under which posted questions fall.
        """
        self.base_url = base_url.rstrip("/") + "/"
        self._make_clients = make_clients
        self._question_bucket = question_bucket

    @cached_property
    def clients(self) -> Sequence[Client]:
        """All clients, also those that are refused by now."""
        return tuple(self._make_clients())

    @cached_property
    def _clients(self) -> list[Client]:
        """Those that are asked."""
        return list(self.clients)

    @property
    def usage(self) -> Usage:
        """What was asked with all credentials together."""
        total = Usage()
        for client in self.clients:
            total = total + client.usage
        return total

    @property
    def requests(self) -> Requests:
        """The same in short; nothing, where it was never asked."""
        if "clients" not in self.__dict__:
            return Requests(0, 0, None)
        return Requests(self.usage.requests, self.usage.counted, self.remaining)

    @property
    def remaining(self) -> int | None:
        """Requests left of the credentials' limits together; null where none is told."""
        windows = [w for client in self.clients for w in client.http.budget.windows.values()]
        return sum(window.remaining for window in windows) if windows else None

    def get(
        self, path: str, params: Params | None = None, validators: Validators | None = None
    ) -> Reply:
        """Asks for a page; what was given to one credential is asked with that one."""
        while True:
            own = [c for c in self._clients if c.name == (validators or {}).get("by")]
            client = own[0] if own else self._freest("")
            try:
                return client.get(path, params, validators if own else None)
            except Unauthorized as error:
                self._give_up(client, error)

    def post(self, path: str, json: Json) -> Reply:
        """Asks a question."""
        while True:
            client = self._freest(self._question_bucket)
            try:
                return client.post(path, json)
            except Unauthorized as error:
                self._give_up(client, error)

    def _freest(self, bucket: str) -> Client:
        return max(self._clients, key=lambda client: _left(client, bucket))

    def _give_up(self, client: Client, error: Unauthorized) -> None:
        """Goes on with the other credentials; without one, the error is the answer."""
        if len(self._clients) == 1:
            raise error
        _LOG.warning("%s is refused: going on with the other tokens", client.name)
        self._clients.remove(client)


def _left(client: Client, bucket: str) -> tuple[float, int]:
    """Requests left, then the fewest sent: clients that nothing is known of take turns."""
    window = client.http.budget.windows.get(bucket)
    return (window.remaining if window else math.inf, -client.usage.requests)

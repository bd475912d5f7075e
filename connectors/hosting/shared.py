"""Several credentials share the load of one source."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol, TypeVar

from connectors.answers.private import without_addresses_in
from connectors.http.adapter import Usage
from connectors.http.api import Api, Params
from connectors.http.errors import HttpError, RateLimited, Unauthorized
from connectors.http.reply import Reply, Validators
from connectors.http.session import Http
from connectors.interface import Json, Requests

_LOG = logging.getLogger(__name__)

Refusal = Unauthorized | RateLimited
ErrorT = TypeVar("ErrorT", bound=HttpError)


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
        proof: str = "rate_limit",
    ) -> None:
        """Prepares to ask; needs no credential yet.

        Args:
            base_url: address of the API.
            make_clients: makes one client a credential, at least one, when first asked.
            question_bucket: limit under which posted questions fall.
            proof: path that the host answers to every credential it accepts.
        """
        self.base_url = base_url.rstrip("/") + "/"
        self._make_clients = make_clients
        self._question_bucket = question_bucket
        self._proof = proof
        self._proven: set[str] = set()
        """Names of clients that were asked whether they are accepted at all."""
        self._limited: set[str] = set()
        """Names of clients whose last answer was a limit."""

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
        buckets = {"", self._question_bucket}
        known = [client.http.budget.windows for client in self.clients]
        left = [w.remaining for windows in known for name, w in windows.items() if name in buckets]
        return sum(left) if left else None

    def get(
        self, path: str, params: Params | None = None, validators: Validators | None = None
    ) -> Reply:
        """Asks for a page; what was given to one credential is asked with that one."""
        owner = (validators or {}).get("by")

        def ask(client: Client) -> Reply:
            return client.get(path, params, validators if client.name == owner else None)

        return self._asked(ask, "", owner)

    def post(self, path: str, json: Json) -> Reply:
        """Asks a question."""
        return self._asked(lambda client: client.post(path, json), self._question_bucket)

    def _asked(
        self, ask: Callable[[Client], Reply], bucket: str, owner: str | None = None
    ) -> Reply:
        """Asks with one credential after the other, until one may."""
        refusals: list[Refusal] = []
        for client in self._in_order(bucket, owner):
            try:
                reply = ask(client)
            except Unauthorized as refused:
                if self._is_dead(client):
                    _LOG.warning("%s is refused: going on with the other tokens", client.name)
                    self._clients.remove(client)
                refusals.append(_without_addresses(refused))
            except RateLimited as limited:
                self._limited.add(client.name)
                refusals.append(_without_addresses(limited))
            except HttpError as error:
                raise _without_addresses(error) from None
            else:
                self._limited.discard(client.name)
                return reply
        raise _soonest(refusals)

    def _in_order(self, bucket: str, owner: str | None) -> Sequence[Client]:
        """First the one that a page was given to, then those with most left of their limit."""

        def rank(client: Client) -> tuple[bool, bool, float, int]:
            is_free = client.name not in self._limited
            return (is_free, client.name == owner, *_left(client, bucket))

        return sorted(self._clients, key=rank, reverse=True)

    def _is_dead(self, client: Client) -> bool:
        """Whether a credential is refused whatever it asks; each is put to the proof once.

        Hosts answer 401 also where a right is missing. The last credential needs no proof: its
        refusal is the answer.
        """
        if len(self._clients) == 1 or client.name in self._proven:
            return False
        try:
            client.get(self._proof)
        except Unauthorized:
            return True
        except HttpError as error:
            _LOG.debug("%s is not proven: %s", client.name, type(error).__name__)
            return False
        self._proven.add(client.name)
        return False


def _left(client: Client, bucket: str) -> tuple[float, int]:
    """Requests left, then the fewest sent: clients that nothing is known of take turns."""
    window = client.http.budget.windows.get(bucket)
    return (window.remaining if window else math.inf, -client.usage.requests)


def _soonest(refusals: Sequence[Refusal]) -> Refusal:
    """The limit that is over first; where there is none, the last refusal."""
    limits = [refusal for refusal in refusals if isinstance(refusal, RateLimited)]
    return min(limits, key=lambda limit: limit.reset_at) if limits else refusals[-1]


def _without_addresses(error: ErrorT) -> ErrorT:
    """An error whose message repeats nobody's mail address."""
    error.what, error.fix = without_addresses_in(error.what), without_addresses_in(error.fix)
    error.args = tuple(without_addresses_in(str(text)) for text in error.args)
    return error

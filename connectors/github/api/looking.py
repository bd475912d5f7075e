"""An API that is first looked at, to see what changed, and then asked."""

from __future__ import annotations

import json

from connectors.http.adapter import Usage
from connectors.http.api import Api, Params
from connectors.http.reply import Reply, Validators
from connectors.interface import Json


class Looking:
    """Gives an answer that a look brought once more, to the one who then asks for it."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._replies: dict[str, Reply] = {}

    @property
    def base_url(self) -> str:
        """Address of the API."""
        return self._api.base_url

    @property
    def usage(self) -> Usage:
        """What was asked so far."""
        return self._api.usage

    def look(self, path: str, params: Params, validators: Validators) -> Reply | None:
        """The answer, if it is not the one that validators were given for."""
        reply = self._api.get(path, params, validators)
        if reply.is_unchanged:
            return None
        self._replies[_named(path, params)] = reply
        return reply

    def get(
        self, path: str, params: Params | None = None, validators: Validators | None = None
    ) -> Reply:
        """Asks, unless a look brought the answer; see `Api.get`."""
        found = None if validators else self._replies.pop(_named(path, params), None)
        return found or self._api.get(path, params, validators)

    def post(self, path: str, json: Json) -> Reply:
        """Asks a question; see `Api.post`."""
        return self._api.post(path, json)


def _named(path: str, params: Params | None) -> str:
    return json.dumps([path, dict(params or {})], sort_keys=True)

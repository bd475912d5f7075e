"""One small question a project and sync that tells which of its streams have anything new."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from connectors.answers.moment import moment
from connectors.answers.understanding import UNREADABLE
from connectors.gitlab.api.question import ask, project_of
from connectors.hosting.place import Place
from connectors.http.api import Api
from connectors.http.errors import HttpError, RateLimited
from connectors.http.reply import Reply, Validators
from connectors.http.retry import server_now
from connectors.interface import Json

_LOG = logging.getLogger(__name__)
_SETTLED_AFTER = timedelta(seconds=2)
"""GraphQL cuts fractions of a second off: within the same one, something more may happen."""


class Heartbeat:
    """Answers probes of several streams with one question."""

    def __init__(self, api: Api, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._clock = clock
        self._replies: dict[str, Reply | None] = {}
        self._told: dict[str, set[str]] = {}

    def probe(self, place: Place, *names: str) -> Callable[[Validators | None], Reply]:
        """Asks whether anything changed in some parts of a project.

        Where that is not told, something may have: then the list itself is asked.

        Args:
            place: the project.
            names: parts of the answer, such as `mergeRequests`.
        """

        def probed(validators: Validators | None) -> Reply:
            reply = self._fresh(place, "/".join(names))
            if reply is None:
                return Reply(place.name, "", HTTPStatus.OK, {}, b"")
            project = project_of(reply)
            parts = [project.get(name) for name in names]
            told = json.dumps(dict(zip(names, parts, strict=True)), sort_keys=True)
            if not self._is_settled(reply, parts):
                return replace(reply, headers={})
            is_known = (validators or {}).get("etag") == told
            status = HTTPStatus.NOT_MODIFIED if is_known else HTTPStatus.OK
            return replace(reply, status=status, headers={"ETag": told})

        return probed

    def _fresh(self, place: Place, name: str) -> Reply | None:
        """The answer; whoever asks a second time is told what it is by then."""
        if place.id not in self._replies or name in self._told[place.id]:
            self._replies[place.id] = self._ask(place)
            self._told[place.id] = set()
        self._told[place.id].add(name)
        return self._replies[place.id]

    def _ask(self, place: Place) -> Reply | None:
        """The answer; null if there is none, but others may be answered."""
        try:
            return ask(self._api, "heartbeat", {"project": place.name})
        except RateLimited:
            raise
        except HttpError as error:
            if error.status is None or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            _LOG.debug("%s tells not what is new: %s", place.name, type(error).__name__)
            return None

    def _is_settled(self, reply: Reply, parts: Sequence[Json]) -> bool:
        """Whether all is told, and the newest change is so old that its second is over."""
        now = server_now(reply.headers, self._clock())
        with suppress(*UNREADABLE):
            times = [moment(node["updatedAt"]) for part in parts for node in _nodes(part)]
            return all(now - at > _SETTLED_AFTER for at in times)
        return False


def _nodes(part: Json) -> Sequence[Mapping[str, Json]]:
    found = part["nodes"]
    if not isinstance(found, list):
        raise TypeError("no list")
    return found

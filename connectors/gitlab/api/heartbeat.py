"""One small question a project and sync that tells which of its streams have anything new."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from connectors.gitlab.api.question import ask, project_of
from connectors.hosting.moment import moment
from connectors.hosting.place import Place
from connectors.http.api import Api
from connectors.http.reply import Reply, Validators
from connectors.http.retry import server_now
from connectors.interface import Json

_SETTLED_AFTER = timedelta(seconds=2)
"""GraphQL cuts fractions of a second off: within the same one, something more may happen."""


class Heartbeat:
    """Answers probes of several streams with one question."""

    def __init__(self, api: Api, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._clock = clock
        self._replies: dict[str, Reply] = {}
        self._told: dict[str, set[str]] = {}

    def probe(self, place: Place, *names: str) -> Callable[[Validators | None], Reply]:
        """Asks whether anything changed in some parts of a project.

        Args:
            place: the project.
            names: parts of the answer, such as `mergeRequests`.
        """

        def probed(validators: Validators | None) -> Reply:
            reply = self._fresh(place, "/".join(names))
            project = project_of(reply)
            told = json.dumps({name: project.get(name) for name in names}, sort_keys=True)
            if (validators or {}).get("etag") == told:
                return replace(reply, status=HTTPStatus.NOT_MODIFIED, headers={"ETag": told})
            is_settled = self._is_settled(reply, [project.get(name) for name in names])
            return replace(reply, headers={"ETag": told} if is_settled else {})

        return probed

    def _fresh(self, place: Place, name: str) -> Reply:
        """The answer; whoever asks a second time is told what it is by then."""
        if place.id not in self._replies or name in self._told[place.id]:
            variables = {"project": place.name}
            self._replies[place.id] = ask(self._api, "heartbeat", variables)
            self._told[place.id] = set()
        self._told[place.id].add(name)
        return self._replies[place.id]

    def _is_settled(self, reply: Reply, parts: list[Json]) -> bool:
        """Whether the newest change is old enough that its second is over."""
        now = server_now(reply.headers, self._clock())
        times = [node.get("updatedAt") for part in parts for node in _nodes(part)]
        return all(now - moment(at) > _SETTLED_AFTER for at in times if at)


def _nodes(part: Json) -> list[Mapping[str, Json]]:
    return list(part.get("nodes") or ()) if isinstance(part, dict) else []

"""Kubeflow's model registry on loopback, as its OpenAPI description (v1alpha3) tells it.

Nothing can be deleted. Times are milliseconds since 1970, told as text. A list is ordered by
`orderBy` and `sortOrder`, cut by `pageSize` and gone on with by `nextPageToken`, which is empty on
the last page. Of `filterQuery` only `lastUpdateTimeSinceEpoch >= N` is understood here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from typing import ClassVar

from tests.connectors.loopback import Asked, FakeTime
from tests.doubles.api import ApiDouble
from tests.doubles.exchange import Given, Json, Problem, Token
from tests.doubles.routes import Routes

ROUTES = Routes()
API = "/api/model_registry/v1alpha3"
UPDATED, CREATED = "lastUpdateTimeSinceEpoch", "createTimeSinceEpoch"
ORDERS = {"CREATE_TIME": CREATED, "LAST_UPDATE_TIME": UPDATED, "ID": "id"}


class KubeflowDouble(ApiDouble):
    """One registry."""

    routes: ClassVar[Routes] = ROUTES

    def __init__(self, time: FakeTime | None = None) -> None:
        super().__init__(time)
        self.lists: dict[str, list[Json]] = defaultdict(list)
        self.artifacts: dict[str, list[Json]] = defaultdict(list)
        """By the id of the run that logged them."""
        self._ids = 0

    def add(self, to: str, **facts: Json) -> Json:
        """Something is registered."""
        self._ids += 1
        at = _told(self.now)
        item = {"id": str(self._ids), **facts, CREATED: at, UPDATED: at}
        self.lists[to].append(item)
        return item

    def update(self, item: Json, **facts: Json) -> None:
        """Something is changed."""
        item.update(facts, **{UPDATED: _told(self.now)})

    def log(self, run: Json, kind: str, **facts: Json) -> Json:
        """A run logs something."""
        self._ids += 1
        at = _told(self.now)
        item = {"id": str(self._ids), "artifactType": kind, **facts, CREATED: at, UPDATED: at}
        self.artifacts[run["id"]].append(item)
        return item

    def page(self, asked: Asked, items: list[Json]) -> Given:
        """The page of a list that is asked for."""
        order = ORDERS[asked.params.get("orderBy", "ID")]
        is_down = asked.params.get("sortOrder") == "DESC"
        found = sorted(items, key=lambda item: (int(item[order]), int(item["id"])), reverse=is_down)
        asked_for = asked.params.get("filterQuery")
        if asked_for:
            since = re.fullmatch(rf"{UPDATED} >= (\d+)", asked_for)
            if since is None:
                raise Problem(400, f"invalid filter query {asked_for}")
            found = [item for item in found if int(item[UPDATED]) >= int(since[1])]
        size = int(asked.params.get("pageSize", 100))
        start = self._start(asked, found, order)
        shown = found[start : start + size]
        is_more = start + size < len(found)
        token = f"{shown[-1][order]}:{shown[-1]['id']}" if is_more else ""
        answer = {"items": shown, "pageSize": size, "size": len(shown), "nextPageToken": token}
        return Given(answer)

    def _start(self, asked: Asked, found: list[Json], order: str) -> int:
        token = asked.params.get("nextPageToken")
        if not token:
            return 0
        at, _, last = token.partition(":")
        after = (int(at), int(last))
        return sum((int(item[order]), int(item["id"])) <= after for item in found)


def _told(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))


@ROUTES.get(f"{API}/experiment_runs/{{run}}/artifacts")
def artifacts(double: KubeflowDouble, asked: Asked, token: Token, run: str) -> Given:
    """Lists what a run logged."""
    return double.page(asked, double.artifacts[run])


@ROUTES.get(f"{API}/{{name}}")
def listed(double: KubeflowDouble, asked: Asked, token: Token, name: str) -> Given:
    """Lists things of a kind."""
    return double.page(asked, double.lists[name])

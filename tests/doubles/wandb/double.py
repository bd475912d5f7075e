"""The GraphQL API of Weights & Biases on loopback, as far as the public client's questions show it.

It knows the questions by their names, and answers with all fields it has. Connections are paged by
`cursor` and `perPage`; runs are ordered by their last sign of life, newest first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from tests.connectors.loopback import Asked, FakeTime
from tests.doubles.api import ApiDouble
from tests.doubles.exchange import Given, Json, Token
from tests.doubles.questions import told
from tests.doubles.routes import Routes

ROUTES = Routes()


class WandbDouble(ApiDouble):
    """One team, and the registry of its organisation."""

    routes: ClassVar[Routes] = ROUTES
    scheme: ClassVar[str] = "Basic "

    def __init__(self, time: FakeTime | None = None) -> None:
        super().__init__(time)
        self.entity, self.organisation = "team", "acme"
        self.runs: dict[str, list[Json]] = {}
        self.versions: list[Json] = []
        self._lineage: dict[str, Json] = {}
        self._ids = 0

    # --- what happens ---------------------------------------------------------------------------

    def run(self, project: str, name: str, **facts: Json) -> Json:
        """A run begins."""
        self._ids += 1
        run = {
            "id": f"run-{self._ids}",
            "name": f"r{self._ids:04}",
            "displayName": name,
            "state": "running",
            "commit": "a" * 40,
            "config": json.dumps({"seed": {"value": 7}, "rate": {"value": "s3cr3t-thing"}}),
            "summaryMetrics": json.dumps({"accuracy": 0.5, "_runtime": 3}),
            "createdAt": self.now,
            "heartbeatAt": self.now,
            "user": {"username": "dev-1"},
            **facts,
        }
        self.runs.setdefault(project, []).append(run)
        return run

    def live(self, run: Json, **facts: Json) -> None:
        """A run shows that it lives, or how it ended."""
        run.update(facts, heartbeatAt=self.now)

    def version(self, collection: str, made_by: Json = None, *used_by: Json) -> Json:
        """A version is linked to a collection of the registry."""
        self._ids += 1
        index = sum(v["artifactCollection"]["name"] == collection for v in self.versions)
        version = {
            "id": f"membership-{self._ids}",
            "versionIndex": index,
            "aliases": [],
            "artifactCollection": {
                "id": f"collection-{collection}",
                "name": collection,
                "description": None,
                "createdAt": None,
                "project": {"name": "wandb-registry-model"},
            },
            "artifact": {
                "id": f"artifact-{self._ids}",
                "digest": f"d{self._ids}",
                "state": "COMMITTED",
                "description": None,
                "createdAt": self.now,
                "tags": [],
            },
        }
        self.versions.append(version)
        edges = [{"node": _of(run)} for run in used_by]
        made = _of(made_by) if made_by else None
        self._lineage[f"artifact-{self._ids}"] = {"createdBy": made, "usedBy": {"edges": edges}}
        return version

    def alias(self, alias: str, version: Json | None) -> None:
        """An alias points to a version from now on; or to none."""
        for each in self.versions:
            each["aliases"] = [a for a in each["aliases"] if a["alias"] != alias]
        if version is not None:
            version["aliases"].append({"alias": alias})

    # --- how it says things ---------------------------------------------------------------------

    def connection(self, variables: Json, items: Sequence[Json]) -> Json:
        """The page of a connection."""
        size, start = variables.get("perPage", 50), int(variables.get("cursor") or 0)
        shown = items[start : start + size]
        end = start + len(shown)
        info = {"endCursor": str(end) if shown else None, "hasNextPage": end < len(items)}
        return {"pageInfo": info, "edges": [{"node": self.told(item)} for item in shown]}

    def told(self, value: Json) -> Json:
        """A value with its times written."""
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, dict):
            return {name: self.told(of) for name, of in value.items()}
        return [self.told(each) for each in value] if isinstance(value, list) else value

    def answer(self, question: str, variables: Json) -> Json:
        """The data of an answer."""
        if question == "Projects":
            projects = [{"id": name, "name": name} for name in sorted(self.runs)]
            return {"models": self.connection(variables, projects)}
        if question == "Runs":
            runs = self.runs.get(variables["project"])
            if runs is None:
                return {"project": None}
            ordered = sorted(runs, key=lambda run: (run["heartbeatAt"], run["id"]), reverse=True)
            return {"project": {"runs": self.connection(variables, ordered)}}
        if question == "Versions":
            found = self.connection(variables, self.versions)
            return {"organization": {"orgEntity": {"artifactMemberships": found}}}
        assert question == "Lineage", question
        return {"artifact": self._lineage[variables["id"]]}


def _of(run: Json) -> Json:
    place = {"name": "tries", "entity": {"name": "team"}}
    return {"name": run["name"], "displayName": run["displayName"], "project": place}


@ROUTES.post("/graphql")
def graphql(double: WandbDouble, asked: Asked, token: Token) -> Given:
    """Answers a question."""
    question = told(asked).split(" ")[2]
    return Given({"data": double.answer(question, asked.json["variables"])})

"""Argo CD's list of applications on loopback, as its Swagger description and its code tell it.

Only a sync of the whole application that succeeded enters the history, with the number after the
newest; of the history the last `revisionHistoryLimit` (10) are kept. The list is told in one
answer, sorted by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from tests.connectors.loopback import Asked, FakeTime
from tests.doubles.api import ApiDouble
from tests.doubles.exchange import Given, Json, Token
from tests.doubles.routes import Routes

ROUTES = Routes()


@dataclass
class Entry:
    """One entry of an application's history."""

    number: int
    started_at: datetime
    deployed_at: datetime
    facts: dict[str, Json]


@dataclass
class Application:
    """One application."""

    name: str
    source: dict[str, Json] = field(default_factory=dict)
    sources: list[dict[str, Json]] = field(default_factory=list)
    project: str = "default"
    namespace: str = "shop"
    labels: dict[str, str] = field(default_factory=dict)
    limit: int | None = None
    uid: str = ""
    history: list[Entry] = field(default_factory=list)
    operation: Json = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    revision: Json = None
    is_synced: bool = True
    images: list[str] = field(default_factory=list)


class ArgoCdDouble(ApiDouble):
    """One server."""

    routes: ClassVar[Routes] = ROUTES

    def __init__(self, time: FakeTime | None = None) -> None:
        super().__init__(time)
        self.applications: list[Application] = []

    # --- what happens ---------------------------------------------------------------------------

    def add(self, name: str, **facts: Json) -> Application:
        """An application is created."""
        source = {"repoURL": "https://git.example/acme/shop.git", "path": name}
        made = Application(name, **{"source": source, **facts})
        made.uid = f"uid-{len(self.applications)}-{name}"
        self.applications.append(made)
        return made

    def begin(
        self, application: Application, at: datetime, user: str | None = None, **sync: Json
    ) -> None:
        """A sync begins."""
        who = {"username": user} if user else {"automated": True}
        application.operation = {
            "operation": {"sync": {"prune": True, **sync}, "initiatedBy": who},
            "phase": "Running",
        }
        application.started_at, application.finished_at = at, None
        application.is_synced = False

    def end(
        self,
        application: Application,
        at: datetime,
        revision: str | list[str],
        images: list[str] | None = None,
        phase: str = "Succeeded",
    ) -> None:
        """The sync that runs is over."""
        facts: dict[str, Json] = {"initiatedBy": application.operation["operation"]["initiatedBy"]}
        if isinstance(revision, list):
            facts |= {"revisions": revision, "sources": application.sources, "source": {}}
        else:
            facts |= {"revision": revision, "source": application.source}
        sync = application.operation["operation"]["sync"]
        result = {**facts, "resources": [{"kind": "Secret"}]}
        application.operation = {**application.operation, "phase": phase, "syncResult": result}
        application.finished_at = at
        if phase != "Succeeded":
            return
        application.is_synced, application.revision = True, revision
        application.images = images if images is not None else application.images
        if sync.get("dryRun") or sync.get("resources"):
            return
        number = application.history[-1].number + 1 if application.history else 0
        assert application.started_at is not None
        application.history.append(Entry(number, application.started_at, at, facts))
        limit = 10 if application.limit is None else application.limit
        application.history = application.history[-limit:] if limit else []

    # --- how it says things ---------------------------------------------------------------------

    def said(self, status: int, message: str) -> Json:
        return {"error": message, "message": message, "code": 7 if status == 403 else 16}

    def application_json(self, application: Application) -> Json:
        """An application as the list tells it."""
        status: dict[str, Json] = {
            "sync": {"status": "Synced" if application.is_synced else "OutOfSync"},
            "health": {"status": "Healthy"},
            "summary": {"images": application.images} if application.images else {},
            "reconciledAt": self.moment(self.now),
            "resources": [{"kind": "Deployment", "name": application.name}],
        }
        many = isinstance(application.revision, list)
        if application.revision:
            status["sync"]["revisions" if many else "revision"] = application.revision
        if application.history:
            status["history"] = [self.entry_json(entry) for entry in application.history]
        if application.operation:
            times = {"startedAt": self.moment(application.started_at)}
            if application.finished_at:
                times["finishedAt"] = self.moment(application.finished_at)
            status["operationState"] = {**application.operation, **times}
        spec: dict[str, Json] = {
            "project": application.project,
            "destination": {
                "server": "https://kubernetes.default.svc",
                "namespace": application.namespace,
            },
        }
        spec |= {"sources": application.sources} if application.sources else {}
        spec |= {"source": application.source} if not application.sources else {}
        if application.limit is not None:
            spec["revisionHistoryLimit"] = application.limit
        metadata = {
            "name": application.name,
            "namespace": "argocd",
            "uid": application.uid,
            "labels": application.labels,
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{...}"},
        }
        return {"metadata": metadata, "spec": spec, "status": status}

    def entry_json(self, entry: Entry) -> Json:
        """An entry of a history."""
        return {
            "id": entry.number,
            "deployStartedAt": self.moment(entry.started_at),
            "deployedAt": self.moment(entry.deployed_at),
            **entry.facts,
        }


@ROUTES.get("/api/v1/applications")
def applications(double: ArgoCdDouble, asked: Asked, token: Token) -> Given:
    """Lists the applications that the account may get."""
    wanted = asked.params.get("projects")
    found = [a for a in double.applications if wanted in (None, a.project)]
    told = [double.application_json(each) for each in sorted(found, key=lambda a: a.name)]
    return Given({"metadata": {"resourceVersion": "1"}, "items": told or None})

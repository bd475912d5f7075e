"""Events as senders send them, and an inbox that has received some."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.events.connector import Events
from connectors.events.envelope import write_event
from connectors.events.settings import EventsSettings
from connectors.interface import Batch, Context
from data.model import Gap, Record
from data.store.inbox import inbox_of
from data.store.workspace import Workspace

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)

Body = dict[str, Any]


class Source:
    """An `events` source in a folder: what it is sent, and the rows that come of it."""

    def __init__(self, folder: Path, format: str, **settings: Any) -> None:
        named = {"secret": "env:S"} if format in ("github", "mlflow") else {"token": "env:T"}
        self.settings = EventsSettings.model_validate({"format": format, **named, **settings})
        self.folder = folder
        self.cursor: Any = None
        self.inbox = inbox_of(Workspace(folder), "inbox")

    def send(self, *bodies: Body, at: datetime = NOON, **headers: str) -> None:
        """Puts events into the inbox, as the server does."""
        named = {name.replace("_", "-"): told for name, told in headers.items()}
        for body in bodies:
            id = self.settings.chosen.event_id(named, body)
            self.inbox.keep([write_event(id, at, named, json.dumps(body).encode())])

    def pull(self) -> list[Batch]:
        """The pages that are due."""
        connector = self.connector()
        (stream,) = connector.discover()
        items = list(connector.pull(stream, self.cursor))
        pages = [item for item in items if isinstance(item, Batch)]
        self.cursor = pages[-1].cursor if pages else self.cursor
        return pages

    def read(self) -> list[Record]:
        """The rows of the pages that are due; of two with one id, the later."""
        rows: dict[Any, Record] = {}
        for page in self.pull():
            assert json.loads(json.dumps(page.cursor)) == page.cursor
            found = self.connector().rows("events", page.payload)
            rows |= {(type(row), row.id): row for row in found}
        return list(rows.values())

    def connector(self) -> Events:
        """The connector, as a new process makes it."""
        context = Context(
            folder=self.folder,
            mirrors=self.folder / "mirrors",
            hotfix_pattern="hotfix",
            clock=lambda: NOON,
            progress=lambda what, done, total: None,
        )
        return Events("inbox", self.settings, context)


def only(rows: list[Record], kind: type[Record]) -> Any:
    """The one row of an entity."""
    (row,) = (row for row in rows if type(row) is kind)
    return row


def gaps(rows: list[Record]) -> list[Gap]:
    """The gaps among rows."""
    return [row for row in rows if isinstance(row, Gap)]


def lineage(
    what: str,
    run: str = "run-1",
    minute: int = 0,
    job: Mapping[str, Any] | None = None,
    **more: Any,
) -> Body:
    """An event of a run, so many minutes after eleven."""
    at = NOON - timedelta(hours=1) + timedelta(minutes=minute)
    return {
        "eventType": what,
        "eventTime": at.isoformat(),
        "run": {"runId": run, "facets": {}},
        "job": {"namespace": "airflow", "name": "features.build", "facets": {}, **(job or {})},
        "inputs": [{"namespace": "pg", "name": "raw.orders", "facets": {}}],
        "outputs": [{"namespace": "pg", "name": "mart.orders", "facets": {}}],
        **more,
    }


def cdevent(what: str, subject: Body, minute: int = 0, **context: Any) -> Body:
    """An event of CDEvents 0.5."""
    at = NOON - timedelta(hours=1) + timedelta(minutes=minute)
    named = {
        "specversion": "0.5.1",
        "id": f"event-{what}-{minute}",
        "source": "/ci/one",
        "type": f"dev.cdevents.{what}.0.3.0",
        "timestamp": at.isoformat().replace("+00:00", "Z"),
    }
    return {"context": {**named, **context}, "subject": {"source": "/ci/one", **subject}}

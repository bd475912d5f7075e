"""Posting events to a running server, signed as their senders sign them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from connectors.update import Update, update
from data.store.inbox import inbox_of
from data.store.workspace import Workspace
from tests.connectors.events.sent import Body

SECRET = "hush-0123456789abcdef"
ENVIRONMENT = {"CAIRN_TEST_SECRET": SECRET}
_RELEASES = """
[[source.map]]
entity = "deployment"
fields = { service = "service", deployed_at = "at" }
constants = { environment = "production" }
"""


def source(format: str, name: str = "", more: str = "") -> str:
    """The settings of a source."""
    kind = "secret" if format in ("github", "mlflow") else "token"
    lines = ["[[source]]", 'kind = "events"', f'name = "{name or format}"', f'format = "{format}"']
    text = "\n".join([*lines, f'{kind} = "env:CAIRN_TEST_SECRET"', more])
    return f"{text}\n{_RELEASES if format == 'json' else ''}\n"


SETTINGS = "".join(
    [
        *map(source, ("openlineage", "cdevents", "github", "gitlab", "alertmanager", "mlflow")),
        source("json", more='id = "key"'),
        source("openlineage", "slow", "most_a_second = 0.5"),
        source("openlineage", "small", "most_kilobytes = 2"),
        source("openlineage", "waiting", "most_waiting_megabytes = 1\nmost_a_second = 100000"),
        source("openlineage", "unset").replace("env:CAIRN_TEST_SECRET", "env:CAIRN_TEST_UNSET"),
        source("openlineage", "blocked"),
    ]
)


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    said: str
    headers: Mapping[str, str]


Signed = Callable[[bytes], dict[str, str]]


def bearer(_: bytes) -> dict[str, str]:
    return {"Authorization": f"Bearer {SECRET}"}


def hub(body: bytes) -> dict[str, str]:
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {
        "X-Hub-Signature-256": f"sha256={digest}",
        "X-GitHub-Event": "deployment_status",
        "X-GitHub-Delivery": "delivery-1",
    }


def gitlab(_: bytes) -> dict[str, str]:
    return {"X-Gitlab-Token": SECRET, "X-Gitlab-Event-UUID": "uuid-1"}


def mlflow(body: bytes) -> dict[str, str]:
    signed = b"delivery-1.1793530800." + body
    digest = base64.b64encode(hmac.digest(SECRET.encode(), signed, "sha256")).decode()
    return {
        "X-MLflow-Delivery-Id": "delivery-1",
        "X-MLflow-Timestamp": "1793530800",
        "X-MLflow-Signature": f"v1,{digest}",
    }


class Sender:
    """A connection to the server that is used again."""

    def __init__(self, host: str) -> None:
        self._connection = http.client.HTTPConnection(host, timeout=60)

    def close(self) -> None:
        """Closes it."""
        self._connection.close()

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Sends a request."""
        self._connection.request(method, path, body, headers)
        reply = self._connection.getresponse()
        said = reply.read().decode()
        return Answer(reply.status, said, {k.lower(): v for k, v in reply.getheaders()})

    def post(
        self, name: str, body: Body | bytes, signed: Signed = bearer, **headers: str
    ) -> Answer:
        """Posts an event to a source."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {"Content-Type": "application/json", **signed(content)}
        named |= {name.replace("_", "-"): told for name, told in headers.items()}
        return self.ask("POST", f"/events/{name}", content, **named)


def post(host: str, name: str, body: Body | bytes, signed: Signed = bearer, **h: str) -> Answer:
    """Posts one event."""
    with closing(Sender(host)) as sender:
        return sender.post(name, body, signed, **h)


def kept(folder: Path, name: str) -> list[bytes]:
    """The events in the inbox of a source."""
    return [line.text or b"" for line in inbox_of(Workspace(folder), name).lines(None)]


def synced(folder: Path) -> Update:
    """Reads all sources of a folder, and publishes; no control is evaluated after it."""
    with patch.dict("os.environ", ENVIRONMENT):
        done = update(Workspace(folder), lambda what, number, total: None, is_followed=False)
    errors = [error for each in done.sources for error in each.errors]
    assert not errors, errors
    return done


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """Asks the working database, which nobody else has open."""
    with closing(duckdb.connect(str(Workspace(folder).working), read_only=True)) as database:
        found: Iterable[tuple[Any, ...]] = database.execute(query).fetchall()
        return list(found)

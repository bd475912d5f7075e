"""Replies of a real Airflow, kept as it gave them, and given again to the same questions.

`python -m tests.doubles.airflow.recorded` records them anew from a real server.
"""

from __future__ import annotations

import json
import socket
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from connectors.airflow.connector import Airflow
from connectors.airflow.settings import Settings
from connectors.interface import Context
from tests.connectors.airflow.small_dags import DAGS
from tests.connectors.house import House
from tests.connectors.loopback import Answer, Asked, LoopbackServer
from tests.doubles.airflow import shapes
from tests.servers.airflow import PASSWORDS, VIEWER, RealAirflow, airflow, await_true

FILE = Path(__file__).with_name("recorded.jsonl")
SYNCS = 2
"""How often the server was read: the second time there was nothing new."""
RUNS = 1 + 1 + 1 + 1 + 1 + 3
"""Good, bad, flaky, reader, the newest day of daily, three days made up for."""
_TOKEN = {"access_token": "token-of-a-recording"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its reply."""

    question: str
    status: int
    date: str
    reply: Any


class Recorded:
    """Gives the replies again; a question that was not asked then fails the test that asks it."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self._replies: dict[str, list[Exchange]] = defaultdict(list)
        for exchange in exchanges:
            self._replies[exchange.question].append(exchange)
        self.unasked = set(self._replies)
        """Questions that were asked of the real server, and not yet of this one."""

    def __call__(self, asked: Asked) -> Answer:
        question = question_of(asked)
        self.unasked.discard(question)
        if question not in self._replies:
            return Answer.json({"detail": f"nobody recorded {question}"}, 418)
        left = self._replies[question]
        told = left.pop(0) if len(left) > 1 else left[0]
        return Answer.json(told.reply, told.status, Date=told.date)


def question_of(asked: Asked) -> str:
    """What tells a question from others; without the account."""
    body = "" if asked.path == "/auth/token" else asked.body.decode()
    return f"{asked.method} {asked.target} {body}".rstrip()


def exchanges() -> Iterator[Exchange]:
    """What was recorded."""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        yield Exchange(**json.loads(line))


def read_twice(url: str, folder: Path) -> House:
    """A house into which a server was read by an account that may only look."""
    (folder / "password").write_text(PASSWORDS[VIEWER])
    context = Context(
        folder=folder,
        mirrors=folder / "mirrors",
        hotfix_pattern="^hotfix",
        clock=lambda: datetime.now(UTC),
        progress=lambda what, done, total: None,
    )
    settings = Settings(url=url, username=VIEWER, password="file:password")
    house = House(folder / "house")
    for _ in range(SYNCS):
        result = house.sync(Airflow("airflow", settings, context), context)
        assert not result.errors, result.errors
    assert result.pages == 0
    return house


def prepare(server: RealAirflow, **conf: str) -> None:
    """Lets a real server run all DAGs, and makes up for three days."""
    count = "dags?limit=100"
    await_true(lambda: server.ask("GET", count)["total_entries"] == 5, "five DAGs")
    server.make_up_for("daily", "2026-11-02T00:00:00Z", "2026-11-04T00:00:00Z")
    for dag in ("daily", "good", "bad", "flaky", "reader"):
        server.ask("PATCH", f"dags/{dag}", {"is_paused": False})
    for dag in ("good", "bad", "flaky"):
        server.trigger(dag, **conf)
    server.await_ended(RUNS)


class _Recording:
    """Passes questions on to a real server, and keeps what it replies."""

    def __init__(self, url: str, tidy: Callable[[str], str]) -> None:
        self._url = url
        self._tidy = tidy
        self.kept: list[Exchange] = []

    def __call__(self, asked: Asked) -> Answer:
        headers = {
            name: asked.headers[name]
            for name in ("authorization", "content-type", "accept")
            if name in asked.headers
        }
        reply = requests.request(
            asked.method, self._url + asked.target, data=asked.body, headers=headers, timeout=30
        )
        told = json.loads(self._tidy(reply.text))
        if asked.path == "/auth/token":
            told_on, told = reply.json(), _TOKEN
        else:
            told = told_on = _reduced(asked.path, told)
        self.kept.append(
            Exchange(question_of(asked), reply.status_code, reply.headers["Date"], told)
        )
        return Answer.json(told_on, reply.status_code, Date=reply.headers["Date"])


def _reduced(path: str, told: Any) -> Any:
    """Of what a server says of its interface, the parameters; of a trace, how it ends."""
    if path == "/openapi.json":
        return {
            "info": {"version": told["info"]["version"]},
            "paths": {path: {"get": _named(told["paths"][path])} for path in shapes.PARAMETERS},
        }
    for broken in told.get("import_errors", ()):
        broken["stack_trace"] = broken["stack_trace"].strip().splitlines()[-1]
    return told


def _named(described: Mapping[str, Any]) -> dict[str, Any]:
    names = [{"name": one["name"]} for one in described["get"]["parameters"]]
    return {"parameters": names}


def main() -> int:
    """Records a real server; what names this machine is left out."""
    dags = {name: text.replace(", password=secret-in-a-trace", "") for name, text in DAGS.items()}
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "airflow").mkdir()

        def tidy(text: str) -> str:
            for here in {socket.gethostname(), socket.getfqdn()}:
                text = text.replace(f'"{here}"', '"worker"')
            return text.replace(str(folder / "airflow"), "/srv/airflow")

        with airflow(folder / "airflow", dags) as server:
            prepare(server)
            recording = _Recording(server.url, tidy)
            with LoopbackServer(recording) as between:
                read_twice(between.url, folder).close()
    lines = [json.dumps(asdict(exchange), sort_keys=True) for exchange in recording.kept]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

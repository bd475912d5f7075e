"""A source whose every reading is known beforehand: round after round, as a script tells.

It has what can go wrong: pages that add and change rows, complete readings in several pages that
take rows away, gaps inside pages and beside them that come and go, and a stream that fails.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from connectors import kinds
from connectors.interface import (
    Batch,
    Connector,
    Context,
    Cursor,
    Finding,
    Reading,
    SourceUnavailable,
    Stream,
)
from data.model import Deployment, Gap, GapReason, Record, Service
from data.store.workspace import Workspace

ROUNDS = 3
PAGE_ROWS = 4
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
SCRIPT = "round.txt"

CONFIGURATION = """\
[organisation]
name = "Scripted"

[[team]]
name = "makers"
owns = ["service:s*"]

[[source]]
name = "one"
kind = "scripted"
"""

SECOND_SOURCE = """
[[source]]
name = "two"
kind = "scripted"
size = 9
"""


class ScriptedSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    size: int = 9
    """Deployments a round."""
    is_remembering: bool = False
    """Whether a stream tells what changed between two rounds that were read."""
    is_broken: bool = False
    """Whether it maps a page to what no table takes."""


class Scripted(Connector):
    """Reads the round that the workspace's script is at."""

    Settings = ScriptedSettings

    def __init__(self, source: str, settings: ScriptedSettings, context: Context) -> None:
        self.source = source
        self._settings = settings
        self._script = context.folder / SCRIPT

    def discover(self) -> Sequence[Stream]:
        if not self._script.exists():
            raise SourceUnavailable("there is no script", str(self._script), "write one")
        entities = ("deployment", "service", "gap")
        names = ("deployments", "catalogue", "notes", "flaky")
        streams = [Stream(name, entities, "nothing") for name in names]
        if self._settings.is_remembering:
            streams.append(Stream("moves", entities, "nothing", is_remembered=True))
        return streams

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        pull: Callable[[int, Cursor], Iterator[Batch | Gap]] = getattr(self, f"_{stream.name}")
        return pull(int(self._script.read_text()), cursor or {"round": 0, "next": 0})

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        page = json.loads(payload)
        if self._settings.is_broken:
            return [self._service(page["round"], name=None)]  # type: ignore[arg-type]
        kinds = {
            "deployments": self._deployment,
            "catalogue": self._service,
            "moves": self._service,
        }
        make = kinds.get(stream)
        rows: list[Record] = [make(page["round"], **row) for row in page["rows"]] if make else []
        return [*rows, *(self._gap(stream, **gap) for gap in page["gaps"])]

    def check(self) -> Sequence[Finding]:
        return ()

    def _deployments(self, now: int, cursor: Cursor) -> Iterator[Batch | Gap]:
        """New ones each round, and one of the round before that is told anew."""
        size = self._settings.size
        numbers = [n for r in range(1, now + 1) for n in (*range(r * size, (r + 1) * size), r * 3)]
        for start in range(cursor["next"], len(numbers), PAGE_ROWS):
            some = numbers[start : start + PAGE_ROWS]
            rows = [{"number": number, "is_last_word": now > 1} for number in some]
            yield self._batch(now, rows, start + len(some), Reading.INCREMENT)

    def _catalogue(self, now: int, cursor: Cursor) -> Iterator[Batch | Gap]:
        """All services, in pages; each round loses some and gains some."""
        names = [f"s{number}" for number in range(now * 3, now * 3 + 14)]
        start = cursor["next"] if cursor["round"] == now else 0
        for first in range(start, len(names), PAGE_ROWS):
            rows = [{"name": name} for name in names[first : first + PAGE_ROWS]]
            end = first + len(rows)
            yield self._batch(
                now, rows, end, Reading.COMPLETE, is_first=first == 0, is_last=end == len(names)
            )
        if now < ROUNDS:
            yield self._gap("catalogue", "shallow", f"round {now} shows not all")

    def _notes(self, now: int, cursor: Cursor) -> Iterator[Batch | Gap]:
        """Nothing but gaps, in one page."""
        if cursor["round"] != now:
            gaps = [
                {"name": f"note-{n}", "what": f"as of round {now}"} for n in range(now, now + 2)
            ]
            yield self._batch(now, [], 0, Reading.COMPLETE, is_first=True, is_last=True, gaps=gaps)

    def _flaky(self, now: int, cursor: Cursor) -> Iterator[Batch | Gap]:
        """Cannot be read in the second round."""
        yield self._gap("flaky", "always", "never says all")
        if now == 2:
            raise SourceUnavailable("it does not answer", self.source, "try again later")
        if cursor["round"] != now:
            gaps = [{"name": f"flake-{now}", "what": "one flake"}]
            yield self._batch(now, [], 0, Reading.INCREMENT, gaps=gaps)

    def _moves(self, now: int, cursor: Cursor) -> Iterator[Batch | Gap]:
        """From which round to which, as nobody can tell who did not read both."""
        if cursor["round"] != now:
            rows = [{"name": f"from {cursor['round']} to {now}"}]
            yield self._batch(now, rows, 0, Reading.INCREMENT)

    def _batch(
        self,
        now: int,
        rows: list[dict[str, Any]],
        end: int,
        reading: Reading,
        *,
        is_first: bool = False,
        is_last: bool = False,
        gaps: Sequence[dict[str, str]] = (),
    ) -> Batch:
        payload = json.dumps({"round": now, "rows": rows, "gaps": list(gaps)}).encode()
        return Batch(payload, {"round": now, "next": end}, reading, is_last, is_first)

    def _deployment(self, now: int, number: int, *, is_last_word: bool) -> Deployment:
        deployed_at = START + timedelta(hours=number)
        return Deployment(
            id=f"scripted:{self.source}#deployment/{number}",
            source=self.source,
            url=None,
            service=f"s{number % 5}",
            environment="production",
            repository=None,
            sha=None,
            version=f"v{number}",
            status="success",
            started_at=None,
            deployed_at=deployed_at,
            run=None,
            attempt=1,
            title=f"as told in round {now}" if is_last_word else "first told",
        )

    def _service(self, now: int, name: str) -> Service:
        return Service(
            id=f"scripted:{self.source}#service/{name}",
            source=self.source,
            name=name,
            repository=f"as of round {now}",
        )

    def _gap(self, stream: str, name: str, what: str) -> Gap:
        return Gap(
            id=f"gap:{self.source}:{stream}:{name}",
            source=self.source,
            reason=GapReason.TRUNCATED,
            what=what,
            fix="wait for the next round",
            count=1,
            since_at=START,
        )


def install() -> None:
    """Makes `scripted` a kind of source in this process."""
    kinds._CLASSES["scripted"] = (__name__, "Scripted")


def workspace_at(folder: Path, *, sources: int = 2) -> Workspace:
    """A workspace with one or two scripted sources before their first round."""
    folder.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(folder)
    workspace.configuration.write_text(CONFIGURATION + SECOND_SOURCE * (sources - 1))
    set_round(workspace, 1)
    return workspace


def set_round(workspace: Workspace, number: int) -> None:
    """Lets the source tell its next round."""
    (workspace.folder / SCRIPT).write_text(str(number))

"""GitHub as it once answered, and a source that reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.answers.page import read_page
from connectors.answers.understanding import understood
from connectors.github.connector import GitHub
from connectors.github.settings import Settings
from connectors.hosting.place import Place
from connectors.interface import Batch, Context, Cursor, Json
from connectors.rebuild import fitting
from data.model import Gap, Record
from tests.connectors.conformance import HOTFIX_PATTERN
from tests.connectors.github.one_stream import TOKEN
from tests.connectors.github.recordings import Recording
from tests.connectors.loopback import Answer, Asked, FakeTime, LoopbackServer

Told = Mapping[str, Any]
"""What is answered, by path below the API: an `Answer`, its JSON, or what makes one."""
UNTOLD = Answer.json({"message": "Not Found"}, 404)


@dataclass(frozen=True)
class Read:
    """What a stream gave."""

    batches: Sequence[Batch]
    rows: Sequence[Record]
    gaps: Sequence[Gap]
    """Of the stream as a whole."""

    @property
    def archived(self) -> list[Json]:
        """The answers that the pages hold."""
        return [answer for batch in self.batches for answer in read_page(batch.payload)[1]]


class Past:
    """A server that answers what it is told to, and 404 to all else."""

    def __init__(self, folder: Path) -> None:
        self.time = FakeTime()
        self.counted: list[Asked] = []
        """Questions whose answers were told in full."""
        self._told: Told = {}
        self._folder = folder
        (folder / "token.txt").write_text(TOKEN)
        self._running = ExitStack()
        self._server = self._running.enter_context(LoopbackServer(self._answer))

    @property
    def url(self) -> str:
        return f"{self._server.url}/api/v3"

    @property
    def context(self) -> Context:
        return Context(
            folder=self._folder,
            mirrors=self._folder / "mirrors",
            hotfix_pattern=HOTFIX_PATTERN,
            clock=self.time.now,
            progress=lambda what, done, total: None,
            sleep=self.time.sleep,
        )

    def close(self) -> None:
        self._running.close()

    def connector(self, told: Told, **settings: Any) -> GitHub:
        """A source that finds these answers and no others."""
        self._told, self.counted = told, []
        given = {"token": "file:token.txt", "url": self.url, "organisation": "acme", **settings}
        return GitHub("code", Settings(**given), self.context)

    def read(
        self, kind: str, seen: Recording, told: Told, cursor: Cursor | None = None, **settings: Any
    ) -> Read:
        """Reads a stream of the recording's repository, at the time of the recording.

        Raises:
            CairnError: if an answer is not what it should be.
        """
        self.time.at = seen.at
        source = self.connector(told, **settings)
        reader = next(each for each in source.make_readers() if each.kind == kind)
        items = understood(reader.pull(place(seen.repository), cursor), kind)
        return _read(source, f"{kind}:1", items)

    def read_access(self, seen: Recording, told: Told) -> Read:
        """The same of who has access to the recording's organisation."""
        self.time.at = seen.at
        source = self.connector(told, organisation=seen.path.split("/")[1])
        reader = next(r for r in source.make_organisation_readers() if r.kind == "access")
        return _read(source, "access", understood(reader.pull(None), "access"))

    def _answer(self, asked: Asked) -> Answer:
        path = asked.path.removeprefix("/api/v3/").removeprefix("/api/")
        found = self._told.get(path, UNTOLD)
        found = found(asked) if callable(found) else found
        answer = found if isinstance(found, Answer) else Answer.json(found)
        tag = next((text for name, text in answer.headers.items() if name.lower() == "etag"), None)
        if tag and asked.headers.get("if-none-match") == tag:
            return Answer(304, b"", answer.headers)
        self.counted.append(asked)
        return answer


def place(repository: str) -> Place:
    """Where a repository is asked for whose default branch is `main`."""
    return Place("1", repository, "main", "2026-01-01T00:00:00Z", is_archived=False)


def _read(source: GitHub, stream: str, pulled: Iterable[Batch | Gap]) -> Read:
    items = list(pulled)
    batches = [item for item in items if isinstance(item, Batch)]
    with fitting(source.source, stream):
        rows = [row for batch in batches for row in source.rows(stream, batch.payload)]
    return Read(batches, rows, [item for item in items if isinstance(item, Gap)])

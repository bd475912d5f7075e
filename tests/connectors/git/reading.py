"""Reads a `git` source as the house does, in memory, so that a test can look at the rows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from connectors.git.connector import Git
from connectors.git.settings import Settings
from connectors.interface import Batch, Context, Cursor, Reading
from data.model import Change, Commit, Gap, Record, Version

NOW = datetime(2026, 11, 1, tzinfo=UTC)

R = TypeVar("R", bound=Record)


def context(folder: Path) -> Context:
    """What a connector gets."""
    return Context(
        folder=folder,
        mirrors=folder / "mirrors",
        hotfix_pattern="(?i)^hotfix[/:( -]",
        clock=lambda: NOW,
        progress=lambda what, done, total: None,
    )


class GitReader:
    """A source, its rows and its cursors. Each sync is by a new connector."""

    def __init__(self, folder: Path, source: str = "web", **settings: Any) -> None:
        self.folder = folder
        self.source = source
        self.settings = settings
        self.rows: dict[str, Record] = {}
        self.standing: dict[str, list[Gap]] = {}
        self.cursors: dict[str, Cursor] = {}
        self.batches: list[Batch] = []
        """Those of the last sync."""
        self._stream_of: dict[str, str] = {}
        self._seen: dict[str, set[str]] = {}

    def connector(self) -> Git:
        return Git(self.source, Settings(**self.settings), context(self.folder))

    def sync(self, most: int = 1_000_000) -> GitReader:
        """Reads all streams, and dies after `most` pages."""
        connector = self.connector()
        self.batches = []
        for stream in connector.discover():
            gaps = []
            for item in connector.pull(stream, self.cursors.get(stream.name)):
                if isinstance(item, Gap):
                    gaps.append(item)
                    continue
                if len(self.batches) == most:
                    return self
                self._keep(connector, stream.name, item)
            self.standing[stream.name] = gaps
        return self

    def _keep(self, connector: Git, stream: str, batch: Batch) -> None:
        self.batches.append(batch)
        rows = {row.id: row for row in connector.rows(stream, batch.payload)}
        self.rows |= rows
        self._stream_of |= dict.fromkeys(rows, stream)
        self.cursors[stream] = json.loads(json.dumps(batch.cursor))
        if batch.is_first or batch.reading is Reading.INCREMENT:
            self._seen.pop(stream, None)
        if batch.reading is Reading.COMPLETE:
            seen = self._seen.setdefault(stream, set())
            seen.update(rows)
            if batch.is_last:
                mine = {key for key, of in self._stream_of.items() if of == stream}
                for key in mine - self._seen.pop(stream):
                    del self.rows[key], self._stream_of[key]

    def all(self, kind: type[R]) -> list[R]:
        return [row for row in self.rows.values() if isinstance(row, kind)]

    def one(self, kind: type[R]) -> R:
        (row,) = self.all(kind)
        return row

    def commit(self, sha: str) -> Commit:
        return next(row for row in self.all(Commit) if row.sha == sha)

    def change(self, sha: str) -> Change:
        return next(row for row in self.all(Change) if row.landed_sha == sha)

    def version(self, name: str) -> Version:
        return next(row for row in self.all(Version) if row.name == name)

    def gaps(self) -> list[Gap]:
        return [*self.all(Gap), *(gap for gaps in self.standing.values() for gap in gaps)]

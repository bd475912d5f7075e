"""The real store and the real driver, around one connector that can be killed anywhere."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from connectors.interface import Batch, Connector, Context, Cursor, Finding, Json, Stream
from connectors.kinds import Configured
from connectors.rebuild import replay
from connectors.sync import SourceResult, sync
from data.configuration import Configuration
from data.facts.build import build
from data.model import ENTITIES, ENTITY_OF, Gap, Record
from data.store.archive import Archive
from data.store.log import EventType
from data.store.publish import publish
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.working import STANDING
from data.store.workspace import Workspace
from tests.data.published import opened

RowKey = tuple[str, str]
"""Entity and id."""

_SETTINGS = "0" * 64


class Killed(BaseException):
    """The process is gone."""


@dataclass(frozen=True, slots=True)
class Kill:
    """When a sync dies: at the n-th page (from 0), before it commits or just after."""

    page: int
    is_committed: bool


class House:
    """A workspace: its archive, its log and its working database."""

    def __init__(self, folder: Path) -> None:
        self._workspace = Workspace(folder)
        self._archive = Archive(self._workspace.archive)
        self._working = opened(self._workspace.working)

    def close(self) -> None:
        """Closes the database."""
        self._working.close()

    def sync(
        self,
        connector: Connector,
        context: Context,
        kill: Kill | None = None,
        between: Callable[[int], None] = lambda _: None,
        settings: str = _SETTINGS,
    ) -> SourceResult:
        """Reads all streams.

        Args:
            connector: a new one, as a new process would make it.
            context: with the clock of the house.
            kill: when to die.
            between: called with the number of pages after each that was committed.
            settings: the hash of those of the source.

        Raises:
            Killed: as asked for.
        """
        sources = {connector.source: Configured(_Watched(connector, kill, between), settings)}
        with patch("connectors.sync.connect_all", return_value=sources):
            (result,) = sync(self._workspace, Configuration(), self._working, context)
        return result

    def take_logged(self, connector: Connector) -> None:
        """Merges what a sync that died had logged, as the next one does first."""
        sources = {connector.source: Configured(connector, _SETTINGS)}
        replay(self._archive, self._working, sources, lambda what, done, total: None)

    def copy(self, folder: Path) -> House:
        """The same house in another folder, to do something else with."""
        self._working.connection.execute("checkpoint")
        shutil.copytree(self._workspace.folder, folder)
        return House(folder)

    def is_rebuilt_alike(self, connector: Connector, folder: Path) -> bool:
        """Whether the archive alone gives the same rows, in the order they were read."""
        sources = {connector.source: Configured(connector, _SETTINGS)}
        with closing(opened(folder / "rebuilt.duckdb")) as rebuilt:
            replay(self._archive, rebuilt, sources, lambda what, done, total: None)
            return rebuilt.content_hash() == self._working.content_hash()

    @contextmanager
    def published(self) -> Iterator[Snapshot]:
        """The facts that the rows make."""
        fill = partial(build, configuration=Configuration())
        publish(self._workspace, self._working.connection, fill, keep=2)
        reader = SnapshotReader(self._workspace)
        with closing(reader), reader.reading() as snapshot:
            yield snapshot

    def records(self, without: Iterable[str] = ()) -> dict[RowKey, Record]:
        """The rows that came from pages, but those of some streams."""
        left_out = set(without)
        rows = self._rows(f"evidence <> '{STANDING}'")
        return {key: record for stream, key, record in rows if stream not in left_out}

    @property
    def by_stream(self) -> Mapping[str, dict[RowKey, Record]]:
        """The rows that came from pages, by the streams of those."""
        found: dict[str, dict[RowKey, Record]] = defaultdict(dict)
        for stream, key, record in self._rows(f"evidence <> '{STANDING}'"):
            found[stream][key] = record
        return found

    def of_stream(self, stream: str) -> dict[RowKey, Record]:
        """The rows that came from the pages of one stream."""
        return self.by_stream[stream]

    def standing(self, stream: str) -> list[Gap]:
        """What the last reading of a stream told about it as a whole."""
        rows = self._rows(f"evidence = '{STANDING}'")
        return [row for name, _, row in rows if name == stream and isinstance(row, Gap)]

    @property
    def incomplete(self) -> set[str]:
        """The streams that were told to lack something as a whole."""
        return {name for name, _, _ in self._rows(f"evidence = '{STANDING}'")}

    def gaps(self) -> list[Gap]:
        """All that is known to be missing."""
        return [row for _, _, row in self._rows("true") if isinstance(row, Gap)]

    def pages(self) -> list[tuple[str, bytes]]:
        """Stream and payload of every page ever read, in order, each once."""
        read = [
            (event.stream, event.detail["sha256"])
            for event in self._archive.events()
            if event.type is EventType.PAGE
        ]
        return [(stream, self._archive.get(digest)) for stream, digest in dict.fromkeys(read)]

    @property
    def cursors(self) -> dict[str, Json]:
        """The cursor of each stream."""
        found = self._query(
            "select stream, cursor from stream where cursor is not null"
        ).to_pylist()
        return {row["stream"]: json.loads(row["cursor"]) for row in found}

    def set_cursors(self, cursors: Mapping[str, Json]) -> None:
        """Sends the streams back to where they were; those not named, to their start."""
        for stream in self.cursors:
            self._working.connection.execute(
                "update stream set cursor = ? where stream = ?",
                [json.dumps(cursors[stream]) if stream in cursors else None, stream],
            )

    def everything(self) -> str:
        """All that is stored, as text."""
        tables = self._query("select table_name from duckdb_tables()").to_pylist()
        rows = [self._query(f'select * from "{t["table_name"]}"').to_pylist() for t in tables]
        return str(rows) + str(list(self._archive.events())) + str(self.pages())

    def _rows(self, condition: str) -> Iterator[tuple[str, RowKey, Record]]:
        filled = self._query("select table_name from duckdb_tables() where estimated_size > 0")
        names = set(filled["table_name"].to_pylist())
        for name, entity in ((n, e) for n, e in ENTITIES.items() if n in names):
            for row in self._query(f'select * from "{name}" where {condition}').to_pylist():
                fields = {column.name: _value(row[column.name]) for column in entity.columns}
                yield row["stream"], (name, row["id"]), entity.record(**fields)

    def _query(self, query: str) -> Any:
        return self._working.connection.sql(query).to_arrow_table()


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class _Watched(Connector):
    """A connector whose pages are counted and checked, and at one of which the process dies."""

    def __init__(
        self, watched: Connector, kill: Kill | None, between: Callable[[int], None]
    ) -> None:
        self.source = watched.source
        self.is_live = watched.is_live
        self.is_newest_first = watched.is_newest_first
        self._watched = watched
        self._kill = kill
        self._between = between
        self._pages = 0
        self._mapped = 0
        self._entities: dict[str, tuple[str, ...]] = {}

    def discover(self) -> Sequence[Stream]:
        streams = self._watched.discover()
        self._entities = {stream.name: stream.entities for stream in streams}
        return streams

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        for item in self._watched.pull(stream, cursor):
            yield item
            if isinstance(item, Batch):
                self._die_if_asked(self._pages, is_committed=True)
                self._pages += 1
                self._between(self._pages)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        # The driver asks for rows when the page is archived and nothing is committed.
        self._die_if_asked(self._mapped, is_committed=False)
        self._mapped += 1
        records = self._watched.rows(stream, payload)
        for record in records:
            self._check(stream, record)
        keys = [(type(record), record.id) for record in records]
        assert len(set(keys)) == len(keys), f"a page of {stream} has a row twice"
        return records

    def check(self) -> Sequence[Finding]:
        return self._watched.check()

    def _die_if_asked(self, page: int, *, is_committed: bool) -> None:
        if self._kill == Kill(page, is_committed):
            raise Killed

    def _check(self, stream: str, record: Record) -> None:
        """Refuses what the store would take without noticing."""
        entity = ENTITY_OF[type(record)]
        # What a killed sync left in the log is mapped before anything is announced.
        is_announced = not self._entities or entity.name in self._entities[stream]
        assert is_announced, f"{stream} announces no {entity.name}"
        assert record.source == self.source, f"{record.id} names another source"
        for column in entity.columns:
            value = getattr(record, column.name)
            assert column.is_nullable or value is not None, f"{record.id} has no {column.name}"
            assert not isinstance(value, datetime) or value.tzinfo, f"{record.id}: {column.name}"

"""The in-memory DuckDB that snapshots are attached to, read-only, for queries to run on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from threading import Event, Timer
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa

from data.errors import CairnError
from data.store.manifest import snapshot_damaged, verified_manifest
from data.store.quoting import quoted
from data.store.refusal import first_line, is_damage
from data.store.statement import TookTooLong, refused_statement
from data.store.workspace import Workspace

Parameters = Mapping[str, object] | Sequence[object]

_PATIENCE_SECONDS = 120.0
"""How long a statement that is not ours may take: one that never ends must not hold anybody up."""


class SnapshotOutdated(CairnError):
    """A snapshot was published by a version of Cairn that knew less."""


@dataclass(frozen=True)
class Snapshot:
    """One published snapshot, open for reading."""

    id: str
    manifest: dict[str, Any]
    alias: str
    """Its name among the attached databases."""
    path: Path
    _connection: duckdb.DuckDBPyConnection = field(repr=False)
    _remembered: dict[str, list[dict[str, Any]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def as_of(self) -> datetime:
        """The time up to which its sources had been read, in UTC."""
        return datetime.fromisoformat(self.manifest["as_of"])

    def query(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """Runs one SELECT on a cursor of its own and returns all rows.

        Raises:
            SnapshotDamaged: if its file was damaged after it was opened.
            SnapshotOutdated: if it lacks a table or a column that this version asks for.
        """
        try:
            return self._run(sql, parameters, {})
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise SnapshotOutdated(
                f"lacks what is asked of it ({first_line(error)})",
                str(self.path),
                "another version of Cairn published it: run `cairn sync` to publish it anew",
            ) from error

    def attempt(
        self,
        sql: str,
        parameters: Parameters | None = None,
        beside: Mapping[str, pa.Table] = MappingProxyType({}),
    ) -> pa.Table:
        """Runs one SELECT that is not ours, and may be wrong.

        Args:
            sql: the statement.
            parameters: the values it names.
            beside: tables it may read beside those of the snapshot, and before them.

        Raises:
            TookTooLong: if it does not end in time.
            StatementRefused: saying what is wrong with it, and in which of its lines.
            SnapshotDamaged: if its file was damaged after it was opened.
        """
        try:
            return self._run(sql, parameters, beside, _PATIENCE_SECONDS)
        except duckdb.Error as error:
            told = self._told_with_line(sql, parameters, beside) or error
            raise refused_statement(told) from error

    def _told_with_line(
        self, sql: str, parameters: Parameters | None, beside: Mapping[str, pa.Table]
    ) -> duckdb.Error | None:
        """What the database says of a statement that it refuses when it only plans it.

        It names the line then, and not always where it makes a table of it.
        """
        with self._connection.cursor() as cursor:
            try:
                cursor.execute(f"use {self.alias}")
                for name, table in beside.items():
                    cursor.register(name, table)
                cursor.execute(f"explain {sql}", parameters)
            except duckdb.Error as error:
                return error
        return None

    def _run(
        self,
        sql: str,
        parameters: Parameters | None,
        beside: Mapping[str, pa.Table],
        seconds: float | None = None,
    ) -> pa.Table:
        cursor = self._connection.cursor()
        try:
            cursor.execute(f"use {self.alias}")
            for name, table in beside.items():
                cursor.register(name, table)
            with _ended_within(seconds, cursor):
                return cursor.sql(sql, params=parameters).to_arrow_table()
        except duckdb.Error as error:
            if is_damage(error):
                raise snapshot_damaged(self.path, first_line(error)) from error
            raise
        finally:
            cursor.close()

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        """Runs one SELECT and returns its rows as dictionaries; times carry UTC."""
        rows: list[dict[str, Any]] = self.query(sql, parameters).to_pylist()
        return rows

    def remembered(self, sql: str) -> list[dict[str, Any]]:
        """As `rows`, for the little that many ask: a snapshot never changes, so it is asked once.

        Nobody may change what comes back.
        """
        if sql not in self._remembered:
            self._remembered[sql] = self.rows(sql)
        return self._remembered[sql]


@contextmanager
def _ended_within(seconds: float | None, cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Ends what runs on a cursor when its time is over; None: never.

    Raises:
        TookTooLong: if it was ended so.
    """
    if seconds is None:
        yield
        return
    is_over = Event()

    def end() -> None:
        is_over.set()
        cursor.interrupt()

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        if is_over.is_set():
            raise TookTooLong(seconds) from error
        raise
    finally:
        timer.cancel()


class Hub:
    """Attaches and detaches the snapshots of one workspace; safe to share among threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._folder = workspace.snapshots.resolve()
        self._verified: dict[str, tuple[_Signature, dict[str, Any]]] = {}
        self._numbers = count(1)
        self._connection = duckdb.connect(":memory:")
        # Global: a cursor does not take over the settings of the connection it comes from.
        self._connection.execute("set global timezone = 'UTC'")
        # Queries may read what lies here and in the snapshots, so it is a folder of its own.
        self._connection.execute(f"set temp_directory = '{quoted(workspace.spill.absolute())}'")
        self._connection.execute(f"set allowed_directories = ['{quoted(self._folder)}/']")
        self._connection.execute("set enable_external_access = false")

    def open(self, snapshot: str) -> Snapshot:
        """Checks a snapshot against its manifest and attaches it.

        Raises:
            SnapshotDamaged: if it is not what was published.
            StoreRefused: if it may not be read.
        """
        path = self._folder / f"snapshot-{snapshot}.duckdb"
        manifest = self._manifest(path)
        alias = f"snapshot_{next(self._numbers)}"
        try:
            self._execute(f"attach '{quoted(path)}' as {alias} (read_only)")
        except duckdb.Error as error:
            raise snapshot_damaged(path, first_line(error)) from error
        return Snapshot(snapshot, manifest, alias, path, self._connection)

    def detach(self, snapshot: Snapshot) -> None:
        """Detaches an open snapshot that nobody reads any more."""
        self._execute(f"detach {snapshot.alias}")

    def close(self) -> None:
        """Closes everything."""
        self._connection.close()

    def _execute(self, statement: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)

    def _manifest(self, path: Path) -> dict[str, Any]:
        """The manifest; the file is hashed once, and again only if it was touched."""
        signature = _signature(path)
        known = self._verified.get(path.name)
        if known is not None and known[0] == signature:
            return known[1]
        manifest = verified_manifest(path)
        self._verified[path.name] = (signature, manifest)
        return manifest


_Signature = tuple[tuple[int, int, int], ...] | None


def _signature(path: Path) -> _Signature:
    """What changes when a snapshot's files do; None if one is missing."""
    try:
        stats = [file.stat() for file in (path, path.with_suffix(".json"))]
    except OSError:
        return None
    return tuple((stat.st_ino, stat.st_size, stat.st_mtime_ns) for stat in stats)

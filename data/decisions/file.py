"""The file of decisions: a database that takes rows and gives them back, and changes none."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import JSON, URL, Column, Connection, Engine, event, insert
from sqlalchemy.pool import NullPool
from sqlmodel import Field, Session, SQLModel, col, create_engine, select

from data.decisions.decision import Decision, stamp
from data.decisions.refusal import told

WAIT_SECONDS = 5.0
_LOOK_SECONDS = 0.01
_AT_ONCE = 500
"""How many ids one statement asks for: a database takes only so many parameters."""
_NEVER = """
create trigger if not exists decision_is_never_{past} before {verb} on decision
begin select raise(abort, 'a decision is never {past}'); end
"""
_ONCE = """
create trigger if not exists decision_comes_once before insert on decision
when exists (select 1 from decision where number = new.number or id = new.id)
begin select raise(abort, 'a decision comes once'); end
"""
"""What `insert or replace` takes away, no trigger on deletions sees."""


class _Row(SQLModel, table=True):
    """A `Decision` in the database, with its place in the log."""

    __tablename__ = "decision"

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True, index=True)
    kind: str = Field(index=True)
    subject: str
    team: str | None = None
    act: str
    value: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    actor: str
    reason: str
    decided_at: str


_TABLE = SQLModel.metadata.tables[str(_Row.__tablename__)]


class Log:
    """The rows, for as long as the file is open."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self, as_of: datetime | None = None, kind: str | None = None) -> tuple[Decision, ...]:
        """The rows in their order: of a kind, and made until a time, if these are named."""
        wanted = select(_Row).order_by(col(_Row.number))
        if kind is not None:
            wanted = wanted.where(_Row.kind == kind)
        if as_of is not None:
            wanted = wanted.where(_Row.decided_at <= stamp(as_of))
        return tuple(
            Decision(**row.model_dump(exclude={"number"})) for row in self._session.exec(wanted)
        )

    def known(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of the ids that are in the log."""
        parts = [ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE)]
        asked = (select(_Row.id).where(col(_Row.id).in_(part)) for part in parts)
        return frozenset(one for wanted in asked for one in self._session.exec(wanted))

    def add(self, decisions: Sequence[Decision]) -> None:
        """Writes rows, all or none, and waits until they are on the disk."""
        if decisions:
            self._session.execute(insert(_TABLE), [asdict(one) for one in decisions])
            self._session.commit()


class DecisionFile:
    """One file. What its database refuses is told as `DecisionsRefused`."""

    def __init__(self, path: Path, wait_seconds: float) -> None:
        """Names the file; `wait_seconds` is how long another writer is waited for."""
        self.path = path
        self._wait_seconds = wait_seconds

    @contextmanager
    def writing(self) -> Iterator[Log]:
        """The log, held for oneself; makes the file if need be."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        engine = self._engine()
        event.listen(engine, "begin", _begin_immediate)
        with told(self.path):
            with engine.begin() as connection:
                SQLModel.metadata.create_all(connection, tables=[_TABLE])
                for past, verb in (("changed", "update"), ("deleted", "delete")):
                    connection.exec_driver_sql(_NEVER.format(past=past, verb=verb))
                connection.exec_driver_sql(_ONCE)
            with Session(engine) as session:
                yield Log(session)

    @contextmanager
    def reading(self) -> Iterator[Log]:
        """The log, to be read; also where this user may not write."""
        engine = self._engine() if self._may_be_written() else self._only_read()
        with told(self.path), Session(engine) as session:
            yield Log(session)

    def _engine(self) -> Engine:
        """The database: the one place that would take the address of another."""
        engine = create_engine(
            URL.create("sqlite", database=str(self.path)),
            poolclass=NullPool,
            connect_args={"timeout": self._wait_seconds, "isolation_level": None},
        )
        event.listen(engine, "connect", self._set_up)
        return engine

    def _only_read(self) -> Engine:
        """The database where nothing may be written: not even what SQLite puts beside it to read.

        It is taken for unchanging if no write-ahead log lies there: https://sqlite.org/wal.html
        """
        log = self.path.with_name(f"{self.path.name}-wal")
        is_still = not log.exists() or not log.stat().st_size
        address = f"file:{quote(str(self.path))}?mode=ro{'&immutable=1' * is_still}"
        return create_engine(
            "sqlite://",
            poolclass=NullPool,
            creator=lambda: sqlite3.connect(address, uri=True, timeout=self._wait_seconds),
        )

    def _set_up(self, connection: sqlite3.Connection, _record: object) -> None:
        _turn_to_write_ahead(connection, self._wait_seconds)
        connection.execute("pragma synchronous = full")

    def _may_be_written(self) -> bool:
        return os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)


def _turn_to_write_ahead(connection: sqlite3.Connection, wait_seconds: float) -> None:
    """SQLite itself does not wait here: two that make the file at once would refuse each other."""
    until = time.monotonic() + wait_seconds
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(_LOOK_SECONDS)
        else:
            return


def _begin_immediate(connection: Connection) -> None:
    """Takes the lock at once: of two writers the second waits, and sees what the first wrote."""
    connection.exec_driver_sql("begin immediate")

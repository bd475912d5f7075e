"""The file of decisions: a database that takes rows and gives them back, and changes none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import NullPool
from sqlmodel import Session, SQLModel, create_engine

from data.decisions.decision import Decision
from data.decisions.refusal import told

WAIT_SECONDS = 5.0
_TABLE = SQLModel.metadata.tables[str(Decision.__tablename__)]
_NEVER = """
create trigger if not exists decision_is_never_{past} before {verb} on decision
begin select raise(abort, 'a decision is never {past}'); end
"""


class DecisionFile:
    """One file. What its database refuses is told as `DecisionsRefused`."""

    def __init__(self, path: Path, wait_seconds: float) -> None:
        """Names the file; `wait_seconds` is how long another writer is waited for."""
        self.path = path
        self._wait_seconds = wait_seconds

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that holds the file for itself; makes it if need be."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        engine = self._engine()
        event.listen(engine, "begin", _begin_immediate)
        with told(self.path):
            with engine.begin() as connection:
                SQLModel.metadata.create_all(connection, tables=[_TABLE])
                for past, verb in (("changed", "update"), ("deleted", "delete")):
                    connection.exec_driver_sql(_NEVER.format(past=past, verb=verb))
            with Session(engine, expire_on_commit=False) as session:
                yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that reads."""
        with told(self.path), Session(self._engine(), expire_on_commit=False) as session:
            yield session

    def _engine(self) -> Engine:
        """The database: the one place that would take the address of another."""
        engine = create_engine(
            f"sqlite:///{self.path}",
            poolclass=NullPool,
            connect_args={"timeout": self._wait_seconds, "isolation_level": None},
        )
        event.listen(engine, "connect", _set_up)
        return engine


def _set_up(connection: object, _record: object) -> None:
    execute = connection.execute  # type: ignore[attr-defined]
    execute("pragma journal_mode = wal")
    execute("pragma synchronous = full")


def _begin_immediate(connection: Connection) -> None:
    """Takes the lock at once: of two writers the second waits, and sees what the first wrote."""
    connection.exec_driver_sql("begin immediate")

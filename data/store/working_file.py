"""The file of the working database: how it comes to be, and how it is opened."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import uuid4

import duckdb

from data.durable import make_folder, sync_file, sync_folder
from data.model import ENTITIES
from data.store.memory import limit_memory
from data.store.refusal import damaged, first_line, refusal, refused

_TABLES = """
create table stream (
    source varchar not null,
    stream varchar not null,
    cursor varchar,
    settings varchar not null,
    complete_until timestamptz,
    complete_from timestamptz,
    read_at timestamptz not null
);
create table seen (
    source varchar not null,
    stream varchar not null,
    entity varchar not null,
    id varchar not null
);
create table sync_run (
    id varchar not null,
    source varchar not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    status varchar not null,
    pages bigint not null,
    inserted bigint not null,
    updated bigint not null,
    deleted bigint not null,
    error varchar,
    is_finished boolean not null,
    requests bigint,
    counted bigint
);
create table offer (
    source varchar not null,
    kind varchar not null,
    entity varchar not null
);
create table state (
    log_end bigint not null,
    lineage varchar not null,
    changes bigint not null,
    shape varchar not null
);
"""

_DDL = ";\n".join([_TABLES, *(entity.ddl for entity in ENTITIES.values())])
_SHAPE = hashlib.sha256(_DDL.encode()).hexdigest()
"""Tells apart the databases of versions of Cairn whose tables differ."""


def open_file(path: Path) -> duckdb.DuckDBPyConnection:
    """Opens the database, which is made if there is none.

    Raises:
        StoreRefused: if the disk, or another program that has it open, says no.
        WorkingDamaged: if it cannot be read, or another version of Cairn made it.
    """
    make_folder(path.parent)
    if not path.exists():
        _create(path)
    try:
        connection = duckdb.connect(str(path))
        connection.execute("set timezone = 'UTC'")
        limit_memory(connection)
        ((shape,),) = connection.execute("select shape from state").fetchall()
    except duckdb.Error as error:
        told = refusal(error, path) or damaged(f"is damaged ({first_line(error)})", str(path))
        raise told from error
    if shape != _SHAPE:
        connection.close()
        raise damaged("was made by another version of Cairn", str(path))
    return connection


def remove_file(path: Path) -> None:
    """Removes a database and what lies beside it: half-made ones, and the write-ahead file first.

    A database without its write-ahead file is whole, only older.
    """
    half_made = path.parent.glob(f"{_half_made(path).name}*")
    for beside in sorted([*half_made, *path.parent.glob(f"{path.name}.*")]):
        if beside.is_file():
            beside.unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def install_file(new: Path, path: Path) -> None:
    """Puts a closed database in the place of another, on the disk before it returns.

    Raises:
        StoreRefused: if part of it is still in its write-ahead file, for lack of space.
    """
    if new.with_name(f"{new.name}.wal").exists():
        raise refused("it could not be written to its end", str(new))
    sync_file(new)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    new.replace(path)
    sync_folder(path.parent)


def _half_made(path: Path) -> Path:
    return path.with_name(f".new-{path.name}")


def _create(path: Path) -> None:
    """Makes an empty database beside its place and moves it there whole."""
    remove_file(path)
    new = _half_made(path)
    try:
        with duckdb.connect(str(new)) as connection:
            connection.execute(_DDL)
            connection.execute("insert into state values (0, ?, 0, ?)", [uuid4().hex, _SHAPE])
            connection.execute("checkpoint")
    except duckdb.Error as error:
        raise (refusal(error, new) or error) from error
    install_file(new, path)

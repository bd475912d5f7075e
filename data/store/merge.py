"""The statements that bring a page's rows into the working database. None of them commits."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import duckdb
import pyarrow as pa

from data.model import ENTITIES
from data.model.schema import Entity
from data.store.page import Page
from data.store.standing import STANDING
from data.store.together import Part


@dataclass(frozen=True, slots=True)
class Touched:
    """How many rows a write inserted, updated and deleted."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    def __add__(self, other: Touched) -> Touched:
        return Touched(
            self.inserted + other.inserted,
            self.updated + other.updated,
            self.deleted + other.deleted,
        )


def merge_rows(
    connection: duckdb.DuckDBPyConnection, page: Page, entity: Entity, batch: pa.Table
) -> Touched:
    """Inserts new rows and updates changed ones; a row that says the same is not touched.

    Args:
        connection: the working database, in a transaction.
        page: the last of those that the rows come from, all of one reading.
        entity: what they are.
        batch: the rows, in the entity's schema and with `observed_at` and `evidence`, each id
            once.
    """
    # Not unregistered when it fails: in an aborted transaction that would hide the reason.
    connection.register("batch", batch)
    known = _number(connection.execute(_count_known_statement(entity)))
    # Where all rows are new, as in a first reading, a plain insert takes a third of the time.
    statement = _merge_statement(entity) if known else _insert_statement(entity)
    merged = _number(connection.execute(statement, [page.stream]))
    if page.is_complete:
        connection.execute(
            "insert into seen select ?, ?, ?, id from batch",
            [page.source, page.stream, entity.name],
        )
    connection.unregister("batch")
    inserted = len(batch) - known
    return Touched(inserted=inserted, updated=merged - inserted)


def delete_unseen(
    connection: duckdb.DuckDBPyConnection, page: Page, entities: Iterable[str]
) -> Touched:
    """Deletes the rows of a stream that its complete reading, now at its end, did not show.

    Args:
        connection: the working database, in a transaction.
        page: the last of the reading.
        entities: those of which the stream may have rows.
    """
    deleted = sum(
        _number(
            connection.execute(
                f"""
                delete from "{name}"
                where source = $source
                  and stream = $stream
                  and evidence <> $standing
                  and id not in (
                    select id
                    from seen
                    where source = $source
                      and stream = $stream
                      and entity = $entity
                  )
                """,
                {
                    "source": page.source,
                    "stream": page.stream,
                    "standing": STANDING,
                    "entity": name,
                },
            )
        )
        for name in entities
    )
    return Touched(deleted=deleted)


def forget_seen(connection: duckdb.DuckDBPyConnection, page: Page) -> None:
    """Ends the complete reading of a stream, or gives one up that was never finished."""
    connection.execute(
        "delete from seen where source = ? and stream = ?", [page.source, page.stream]
    )


def close_gaps(
    connection: duckdb.DuckDBPyConnection, page: Page, parts: Mapping[str, Sequence[Part]]
) -> Touched:
    """Deletes what pages of a stream could not tell, and now is told.

    Args:
        connection: the working database, in a transaction.
        page: the last of those that the rows come from.
        parts: the rows by their entities; gaps among them stay.
    """
    open_gaps = connection.execute(
        """
        select id, about
        from gap
        where source = ?
          and stream = ?
          and evidence <> ?
          and about is not null
        """,
        [page.source, page.stream, STANDING],
    ).fetchall()
    if not open_gaps:
        return Touched()
    ids = {
        name: [row for _, table in some for row in table["id"].to_pylist()]
        for name, some in parts.items()
    }
    told = set(ids.pop("gap", ()))
    read = sorted(chain.from_iterable(ids.values()))
    closed = [gap for gap, about in open_gaps if gap not in told and _is_read(about, read)]
    answer = connection.execute("delete from gap where list_contains(?, id)", [closed])
    return Touched(deleted=_number(answer))


def _is_read(about: str, read: Sequence[str]) -> bool:
    """Whether a row bears an id, or one of which it is the beginning."""
    place = bisect_left(read, about)
    part = bisect_left(read, f"{about}/")
    is_whole = read[place : place + 1] == [about]
    return is_whole or any(row.startswith(f"{about}/") for row in read[part : part + 1])


def delete_gaps_but(
    connection: duckdb.DuckDBPyConnection, source: str, stream: str, ids: list[str]
) -> Touched:
    """Deletes the standing gaps of a stream, except some."""
    closed = connection.execute(
        """
        delete from gap
        where source = ?
          and stream = ?
          and evidence = ?
          and not list_contains(?, id)
        """,
        [source, stream, STANDING, ids],
    )
    return Touched(deleted=_number(closed))


def delete_source(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    kept: Sequence[str] = (),
    settings: str | None = None,
) -> Touched:
    """Deletes all rows and cursors of a source, but those of the streams that are kept.

    Those go on with other settings, which are given then.
    """
    chosen = "source = ? and not list_contains(?, stream)"
    of = [source, list(kept)]
    deleted = sum(
        _number(connection.execute(f'delete from "{name}" where {chosen}', of)) for name in ENTITIES
    )
    for name in ("stream", "seen"):
        connection.execute(f"delete from {name} where {chosen}", of)
    connection.execute("delete from offer where source = ?", [source])
    if settings is not None:
        connection.execute("update stream set settings = ? where source = ?", [settings, source])
    return Touched(deleted=deleted)


def count_rows(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows a table has."""
    return _number(connection.execute(f'select count(*) from "{table}"'))


def _number(answer: duckdb.DuckDBPyConnection) -> int:
    ((number,),) = answer.fetchall()
    return int(number)


def _count_known_statement(entity: Entity) -> str:
    return f"""
        select count(*)
        from batch s
        where exists (
            select 1
            from "{entity.name}" t
            where t.id = s.id
        )
    """


def _insert_statement(entity: Entity) -> str:
    columns = ", ".join(f'"{column.name}"' for column in entity.columns)
    return f"""
        insert into "{entity.name}" ({columns}, stream, observed_at, evidence)
        select {columns}, $1, observed_at, evidence
        from batch
    """


def _merge_statement(entity: Entity) -> str:
    names = [column.name for column in entity.columns]
    mine = ", ".join(f't."{name}"' for name in names)
    theirs = ", ".join(f's."{name}"' for name in names)
    assignments = ", ".join(f'"{name}" = s."{name}"' for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    read = "observed_at = s.observed_at, evidence = s.evidence"
    return f"""
        merge into "{entity.name}" t
        using batch s
        on t.id = s.id
        when matched and ({mine}) is distinct from ({theirs})
            then update set {assignments}, stream = $1, {read}
        when not matched
            then insert ({columns}, stream, observed_at, evidence)
            values ({theirs}, $1, s.observed_at, s.evidence)
    """

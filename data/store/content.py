"""What the working database says, whatever way it came to say so."""

from __future__ import annotations

import hashlib

import duckdb

from data.model import ENTITIES
from data.model.schema import Entity
from data.store.merge import count_rows

_BATCH_ROWS = 100_000


def content_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """SHA-256 over all canonical rows in id order, without how and when they were read."""
    digest = hashlib.sha256()
    for entity in ENTITIES.values():
        digest.update(f"{entity.name}\n".encode())
        rows = connection.sql(_row_hashes(entity)).to_arrow_reader(_BATCH_ROWS)
        for batch in rows:
            digest.update("".join(batch.column("hash").to_pylist()).encode())
    return digest.hexdigest()


def counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows per entity."""
    return {name: count_rows(connection, name) for name in ENTITIES}


def _row_hashes(entity: Entity) -> str:
    columns = ", ".join(f'"{column.name}"' for column in entity.columns)
    # As JSON, null is not the word null, and a list is not its text.
    return f"""
        select md5(cast(to_json(said) as varchar)) as hash
        from (select {columns} from "{entity.name}") said
        order by said.id
    """

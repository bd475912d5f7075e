"""Which streams have rows in which tables, so that not all tables are asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

import duckdb

from data.model import ENTITIES

# One statement: to ask each of the tables for itself takes twice as long.
_HELD = " union all ".join(
    f"select distinct '{name}' as entity, source, stream from \"{name}\"" for name in ENTITIES
)


class Held:
    """Tells it of a working database; a table may be told that has lost its rows since."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def note(self, source: str, stream: str, entity: str) -> None:
        """Rows of an entity came from a stream."""
        self._entities[source, stream].add(entity)

    def entities(self, source: str, stream: str) -> Sequence[str]:
        """The entities of which a stream may have rows, in the order of the model."""
        found = self._entities.get((source, stream), set())
        return [name for name in ENTITIES if name in found]

    @cached_property
    def _entities(self) -> dict[tuple[str, str], set[str]]:
        """As the database has it when it is first asked."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for name, source, stream in self._connection.execute(_HELD).fetchall():
            found[source, stream].add(name)
        return found

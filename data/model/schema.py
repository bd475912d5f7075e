"""One entity declaration turned into a DuckDB table and an Arrow schema."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from math import isfinite

import pyarrow as pa

_ARROW: Mapping[object, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
    Decimal: pa.decimal128(38, 12),
    tuple[str, ...]: pa.list_(pa.string()),
}
_DUCKDB: Mapping[object, str] = {
    str: "varchar",
    int: "bigint",
    float: "double",
    bool: "boolean",
    datetime: "timestamptz",
    Decimal: "decimal(38, 12)",
    tuple[str, ...]: "varchar[]",
}

_PROVENANCE_TYPES = {"stream": "varchar", "observed_at": "timestamptz", "evidence": "varchar"}

PROVENANCE = tuple(_PROVENANCE_TYPES)
"""Columns that say how a row is known, not what it says: left out when rows are compared."""


@dataclass(frozen=True, slots=True)
class Column:
    """One field of an entity: its name, type, whether it may be null, and what it means."""

    name: str
    kind: object
    is_nullable: bool
    doc: str

    @property
    def python_type(self) -> type:
        """The class of its values."""
        return typing.cast(type, typing.get_origin(self.kind) or self.kind)

    @property
    def duckdb_type(self) -> str:
        """The DuckDB type of the column."""
        return _DUCKDB[self.kind]

    @property
    def arrow_type(self) -> pa.DataType:
        """The Arrow type of the column."""
        return _ARROW[self.kind]


class Entity:
    """A canonical entity: table name, columns, DDL and Arrow schema of one record class."""

    def __init__(self, name: str, record: type) -> None:
        self.name = name
        self.record = record

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The declared fields in their order; `id`, `source` and `url` come first."""
        hints = typing.get_type_hints(self.record, include_extras=True)
        return tuple(_column(f.name, hints[f.name]) for f in dataclasses.fields(self.record))

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema of a batch of rows, without the provenance columns."""
        return pa.schema(
            [pa.field(c.name, c.arrow_type, nullable=c.is_nullable) for c in self.columns]
        )

    @property
    def ddl(self) -> str:
        """The DuckDB statement that creates the entity's table."""
        lines = [
            f'"{c.name}" {c.duckdb_type}{"" if c.is_nullable else " not null"}'
            for c in self.columns
        ]
        lines += [f"{name} {kind} not null" for name, kind in _PROVENANCE_TYPES.items()]
        return f'create table if not exists "{self.name}" (\n  ' + ",\n  ".join(lines) + "\n)"

    def table(self, records: Iterable[object]) -> pa.Table:
        """Turns records into an Arrow table; times become UTC.

        Raises:
            ValueError: naming the record and field: a time without a zone or beyond what UTC
                can tell, a null where none may be, text that is not Unicode.
        """
        rows = list(records)
        arrays = [_array(column, rows) for column in self.columns]
        return pa.Table.from_arrays(arrays, schema=self.schema)

    def misfit(self, record: object) -> str | None:
        """Says which field of a record is not what it must be; null if all are."""
        for column in self.columns:
            try:
                _fitted(column, [record])
            except _UNFIT as error:
                return f"{column.name}: {error}"
        return None


def _array(column: Column, rows: Sequence[object]) -> pa.Array:
    try:
        return _fitted(column, rows)
    except _UNFIT:
        for row in rows:
            try:
                _fitted(column, [row])
            except _UNFIT as error:
                what = f"{column.name} of {getattr(row, 'id', row)!r}: {error}"
                raise ValueError(what) from error
        raise


_UNFIT = (ValueError, TypeError, OverflowError)


def _fitted(column: Column, rows: Sequence[object]) -> pa.Array:
    values = [getattr(row, column.name) for row in rows]
    wanted = column.python_type
    for kind in {type(value) for value in values}:
        if kind is type(None) and not column.is_nullable:
            raise ValueError("must not be null")
        # A truth is a whole number to Python, and Arrow would cut off a fraction.
        is_fit = issubclass(kind, (wanted, type(None))) and (kind, wanted) != (bool, int)
        if not is_fit:
            raise TypeError(f"{kind.__name__} where {wanted.__name__} should be")
    if wanted is float and not all(value is None or isfinite(value) for value in values):
        raise ValueError("is no finite number: a source that gives none is told as null")
    if wanted is datetime:
        values = [value and _utc(value) for value in values]
    return pa.array(values, type=column.arrow_type)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"time without a zone: {moment.isoformat()}")
    return moment.astimezone(UTC)


def _column(name: str, hint: object) -> Column:
    doc = ""
    if typing.get_origin(hint) is typing.Annotated:
        hint, doc, *_ = typing.get_args(hint)
    is_nullable = False
    if isinstance(hint, types.UnionType):
        members = [member for member in typing.get_args(hint) if member is not type(None)]
        is_nullable = len(members) < len(typing.get_args(hint))
        (hint,) = members
    return Column(name, hint, is_nullable, str(doc))

"""Turning the lines of a table into canonical rows, or saying why one is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from connectors.tables.fields import (
    IMPORTED,
    PATTERNS,
    SPANS,
    WORDS,
    fields_of,
    needed_of,
)
from connectors.tables.settings import Cell, Layout, Period
from connectors.tables.table import Line, TableRefused
from connectors.tables.value import Convert, Unfit, conversion, in_zone, limited, matching
from data.configuration import nearest
from data.model import ENTITIES, Column, Record

_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
_DAYS = {Period.DAY: 1, Period.WEEK: 7}
_NESTED = ("list", "large_list", "map", "fixed_size_list", "binary", "large_binary")


class RowRefused(ValueError):
    """A row that is not taken; `column` is where, null if it is the row as a whole."""

    def __init__(self, why: str, column: str | None = None) -> None:
        super().__init__(why)
        self.column = column


class RowMaker:
    """Makes the rows of one file. Pure."""

    def __init__(
        self,
        source: str,
        file: str,
        layout: Layout,
        columns: Sequence[str],
        typed: Mapping[str, str],
    ) -> None:
        """Prepares the conversion of each column.

        Raises:
            TableRefused: if the file has not the columns that the mapping names, or not such.
        """
        self._prefix = f"table:{source}#{layout.entity}/{file}/"
        self._source = source
        self._layout = layout
        self._file = file
        self._columns, self._typed = list(columns), typed
        self._record: Callable[..., Record] = ENTITIES[layout.entity].record
        self._null = frozenset({"", *layout.null})
        fields = fields_of(layout.entity)
        self._reads = [self._read(fields[name], cell) for name, cell in layout.columns.items()]
        self._key = [self._place(name) for name in layout.key]
        self._fixed: dict[str, Any] = {name: None for name, f in fields.items() if f.is_nullable}
        told = {*layout.columns, *layout.constants}
        self._fixed |= {name: self._constant(fields[name]) for name in layout.constants}
        self._has_line = layout.entity == IMPORTED and "row" not in told

    def key(self, line: Line) -> str:
        """What tells the row from the others of the file.

        Raises:
            RowRefused: if it has no key.
        """
        if not self._key:
            return str(line.number)
        parts = [(line.cells[place] or "").strip() for place in self._key]
        if not all(parts):
            column = self._columns[self._key[parts.index("")]]
            raise RowRefused("is empty, though it is part of the key", column)
        return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)

    def row(self, line: Line) -> Record:
        """The row of a line.

        Raises:
            RowRefused: if a cell is not what its field must be.
        """
        values = self.values(line)
        return self._record(id=self._prefix + self.key(line), source=self._source, **values)

    def values(self, line: Line) -> dict[str, Any]:
        """The fields of the row of a line, but for its id.

        Raises:
            RowRefused: if a cell is not what its field must be.
        """
        if line.trouble is not None:
            raise RowRefused(line.trouble)
        values: dict[str, Any] = dict(self._fixed)
        for name, place, convert, is_needed in self._reads:
            text = line.cells[place]
            if text is None or text.strip() in self._null:
                if is_needed:
                    raise RowRefused("is empty", self._columns[place])
                continue
            try:
                values[name] = convert(text)
            except Unfit as unfit:
                raise RowRefused(str(unfit), self._columns[place]) from None
        self._end(values)
        if self._has_line:
            values["row"] = line.number
        return values

    def _read(self, field: Column, cell: Cell) -> tuple[str, int, Convert, bool]:
        place = self._place(cell.column)
        told = self._typed.get(cell.column)
        if told is not None and told.startswith(_NESTED) and field.python_type is not tuple:
            what = f"column `{cell.column}` holds {told}, and `{field.name}` takes one value"
            raise TableRefused(what, self._file, "write a column with one value in it")
        convert = conversion(field, cell, self._layout, is_typed=told is not None)
        is_needed = field.name in needed_of(self._layout.entity)
        return field.name, place, self._strict(field, _replaced(convert, cell.words)), is_needed

    def _constant(self, field: Column) -> Any:
        value = self._layout.constants[field.name]
        text = str(value).lower() if isinstance(value, bool) else str(value)
        plain = conversion(field, Cell(column=""), Layout.model_construct(), is_typed=True)
        try:
            return self._strict(field, plain)(text)
        except (Unfit, ValueError) as unfit:
            what = f"the constant `{field.name}`: {unfit}"
            raise TableRefused(what, self._file, "correct it") from None

    def _strict(self, field: Column, convert: Convert) -> Convert:
        place = (self._layout.entity, field.name)
        if place in WORDS:
            return limited(convert, WORDS[place])
        return matching(convert, PATTERNS[place]) if place in PATTERNS else convert

    def _place(self, column: str) -> int:
        if self._columns.count(column) == 1:
            return self._columns.index(column)
        if column in self._columns:
            what, fix = f"has several columns called `{column}`", "rename all but one"
        else:
            names = [name for name in self._columns if name]
            what, fix = f"has no column `{column}`", nearest(column, names)
        raise TableRefused(what, self._file, fix)

    def _end(self, values: dict[str, Any]) -> None:
        """Tells when the time ends that a row holds for, and refuses one that ends too early."""
        start, end = SPANS.get(self._layout.entity, ("", ""))
        if not start:
            return
        if self._layout.period is not None:
            zone = ZoneInfo(self._layout.time_zone)
            try:
                values[end] = later(values[start], self._layout.period, zone)
            except (Unfit, ValueError, OverflowError) as error:
                raise RowRefused(f"has no end: {error}") from None
        if values[end] <= values[start]:
            raise RowRefused(f"`{end}` is not after `{start}`")


def _replaced(convert: Convert, words: Mapping[str, str]) -> Convert:
    return (lambda text: convert(words.get(text.strip(), text))) if words else convert


@lru_cache(maxsize=10_000)
def later(start: datetime, period: Period, zone: ZoneInfo) -> datetime:
    """The end of the period that begins at a time, by the clocks of a zone.

    Raises:
        Unfit: if the clocks there never show it.
        ValueError: if there is no such day, as a month after 31 January.
    """
    local = start.astimezone(zone).replace(tzinfo=None)
    if period in _DAYS:
        end = local + timedelta(days=_DAYS[period])
    else:
        years, month = divmod(local.month - 1 + _MONTHS[period], 12)
        end = local.replace(year=local.year + years, month=month + 1)
    return in_zone(end, zone, end.isoformat())

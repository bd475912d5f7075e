"""A table as its file tells it: the names of its columns, and its rows as texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.interface import SourceUnavailable

Cells = Sequence[str | None]
"""Texts in the order of the columns; null where the file has nothing."""


class TableRefused(SourceUnavailable):
    """A file that cannot be read as a table at all: a gap of its stream."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row, or what stands where one should be."""

    number: int
    """Line of a text file, where the row begins, from 1; else number of the row."""
    cells: Cells
    trouble: str | None = None
    """Why it is no row."""


@dataclass(frozen=True)
class Table:
    """An open table."""

    columns: Sequence[str]
    lines: Iterator[Line]
    typed: Mapping[str, str] = field(default_factory=dict)
    """Columns whose type the file knows, and that type: their texts are written plainly."""

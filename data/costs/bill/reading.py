"""The one statement that reads a bill: each value in its type, each row with why it is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from data.costs.bill.column import Column, Type, known
from data.costs.bill.form import Form
from data.costs.bill.fragment import (
    MUST_BE,
    counted,
    joined,
    refused,
    rounded,
    text_of,
    told,
    told_of,
    value_of,
)
from data.costs.bill.native.mapping import View
from data.costs.bill.refusal import BillRefused
from data.costs.bill.rule import Rule, refusing, telling
from data.costs.bill.table import ROW, BillFile, Place, identifier
from data.store.quoting import quoted

_TAKEN = (ROW, "bill_line", "refused", "rounded", "filename", "file_row_number")


class Reading(Protocol):
    """How one file is read."""

    @property
    def file(self) -> BillFile:
        """What is read."""

    @property
    def columns(self) -> Sequence[str]:
        """The columns of FOCUS that there are then."""

    @property
    def version(self) -> str:
        """The version of FOCUS, or the export of a provider, that the file is of."""

    @property
    def view(self) -> View:
        """Which of the two amounts it tells."""

    @property
    def others(self) -> Sequence[str]:
        """Columns of the file that it has in a form of its own, and should not."""

    @property
    def missing(self) -> Mapping[str, str | None]:
        """Mandatory columns that there are not, and why, where that is known."""

    @property
    def asked(self) -> Sequence[Rule]:
        """What rows are held against, and taken all the same."""

    @property
    def select(self) -> str:
        """SQL whose rows are the charges of the file, typed, with `refused`.

        `refused` is null, or lists of a row that cannot be counted which column has what against
        it; its amounts are null then, so that no sum can take them in. `rounded` is null, or lists
        the amounts that had more decimals than are kept. Where rows are not those of the file one
        by one, `bill_row` numbers the record that each is of.
        """


def _is_taken(name: str) -> bool:
    """Whether a column of a bill is called as one that reading makes itself."""
    folded = name.casefold()
    return folded in _TAKEN or folded.endswith((" as read", " as written", " as told"))


def writing(reading: Reading, into: Path) -> str:
    """SQL that writes all rows into a Parquet file, in the order of the file."""
    return f"copy ({reading.select}) to '{quoted(into)}' (format parquet, compression zstd)"


@dataclass(frozen=True)
class FocusReading:
    """How a file in the form of FOCUS is read.

    Raises:
        BillRefused: if it lacks a column without which no row can be counted.
    """

    file: BillFile
    form: Form

    def __post_init__(self) -> None:
        lacking = [name for name in known().essential if name not in self.places]
        if lacking:
            what = f"has no column {', '.join(lacking)}"
            fix = "is it a bill in the form of FOCUS, or an export that is known?"
            raise BillRefused(what, str(self.file.path), fix)
        taken = [name for name in self.unknown if _is_taken(name)]
        if taken:
            what = f"has a column {', '.join(taken)}, a name that its lines are kept with"
            raise BillRefused(what, str(self.file.path), "rename it, as `x_…`")

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """The columns of FOCUS that the file has, by their name."""
        found = {name: self.file.place(name) for name in known().columns}
        return {name: place for name, place in found.items() if place and not place.inside}

    @property
    def columns(self) -> Sequence[str]:
        """The columns of FOCUS that there are."""
        return tuple(self.places)

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """The columns that are not FOCUS's own."""
        own = {place.column for place in self.places.values()}
        return tuple(name for name in self.file.names if name not in own)

    @property
    def others(self) -> Sequence[str]:
        """Those of them that do not begin with `x_` as they should."""
        return tuple(name for name in self.unknown if not name.startswith("x_"))

    @property
    def version(self) -> str:
        """The version of FOCUS that the columns are of."""
        return known().version_of(self.columns)

    @property
    def view(self) -> View:
        """FOCUS has both amounts in a row."""
        return View.WHOLE

    @property
    def missing(self) -> Mapping[str, str | None]:
        """Columns that the version must have and the file has not."""
        return {
            name: None
            for name, column in known().of(self.version).items()
            if column.level == "mandatory" and name not in self.places
        }

    @property
    def asked(self) -> Sequence[Rule]:
        """What its version asks for."""
        return telling(self.columns, self.version)

    @property
    def select(self) -> str:
        """SQL whose rows are those of the file."""
        number = f"{ROW}, " if self.file.is_numbered else ""
        return f"""
            with written as (
                select {number}{joined(self._written())} from ({self.file.relation})
            ),
            valued as (select *, {joined(self._valued())} from written),
            judged as (select *, {refused(self._reasons())} as refused from valued)
            select {number}{joined(self._kept())}, {self._rounded()} as rounded, refused
            from judged
        """

    def _written(self) -> Iterator[str]:
        for name, place in self.places.items():
            yield f"{self.file.text(place, self.form)} as {text_of(name)}"
            if self.file.is_native(place):
                yield f"{identifier(place.column)} as {told_of(name)}"
        for called in self.unknown:
            yield f"{self.file.text(Place(called), self.form)} as {identifier(called)}"

    def _valued(self) -> Iterator[str]:
        for name, column in self._typed():
            cell = told_of(name) if self.file.is_native(self.places[name]) else text_of(name)
            value = self.file.value(self.places[name], text_of(name), cell, self.form, column.type)
            yield f"{value} as {value_of(name)}"

    def _typed(self) -> Iterator[tuple[str, Column]]:
        for name in self.places:
            yield name, known().columns[name]

    def _reasons(self) -> Iterator[tuple[str, str]]:
        for name, column in self._typed():
            text, value = text_of(name), value_of(name)
            why = f"case when {text} is null then 'is missing' else '{MUST_BE[column.type]}' end"
            if column.is_essential:
                yield f"{value} is null", told(name, text, why)
            elif column.type is not Type.TEXT:
                yield f"{text} is not null and {value} is null", told(name, text, why)
        for rule in refusing(self.columns):
            yield rule.written(value_of), told(rule.column, text_of(rule.column), f"'{rule.says}'")

    def _rounded(self) -> str:
        amounts = [name for name in known().amounts if name in self.places]
        return rounded(self.form, {name: name for name in amounts})

    def _kept(self) -> Iterator[str]:
        for name, _ in self._typed():
            yield f"{counted(name)} as {identifier(name)}"
        yield from map(identifier, self.unknown)

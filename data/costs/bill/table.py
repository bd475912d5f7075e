"""The table that a bill's file is: which columns it has, and how the database reads each value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data.costs.bill.column import Type
from data.costs.bill.form import Form

_NUMBERS = ("INT", "DECIMAL", "HUGEINT")
_NESTED = ("MAP", "STRUCT", "JSON")
ROW = "bill_row"
"""The column of a table that numbers its records itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in a record."""

    column: str
    inside: str | None = None
    """Path inside of a column that holds records itself, as `cluster` or `labels.team`."""

    @property
    def told(self) -> str:
        """As people know it."""
        return f"{self.column}.{self.inside}" if self.inside else self.column


@dataclass(frozen=True, slots=True)
class BillFile:
    """A file that can be read."""

    path: Path
    names: tuple[str, ...]
    """Its columns, as it names them."""
    relation: str
    """SQL that yields its records, in their order."""
    kinds: Mapping[str, str]
    """What the database takes each column for; of a CSV file all are text."""
    is_numbered: bool = False
    """Whether the relation has `bill_row`, so that order does not matter."""
    lines: int | None = None
    """How many lines a CSV file has, its head and blank ones too; None: it is none."""

    def place(self, called: str) -> Place | None:
        """Where a value is that is called so: a column, or inside of one; None: nowhere."""
        known = {name.strip().casefold(): name for name in self.names}
        if called.casefold() in known:
            return Place(known[called.casefold()])
        outer, _, inside = called.partition(".")
        column = known.get(outer.casefold())
        if inside and column and self._is_nested(column):
            return Place(column, inside)
        return None

    def text(self, place: Place, form: Form) -> str:
        """The SQL of a value as text."""
        cell = identifier(place.column)
        kind = self.kinds[place.column]
        if place.inside:
            steps = "".join(f'."{step}"' for step in place.inside.split("."))
            return form.text(f"(to_json({cell}) ->> {text_literal('$' + steps)})")
        if kind == "VARCHAR":
            return form.text(cell)
        if self._is_nested(place.column) or kind.endswith("[]"):
            return f"cast(to_json({cell}) as varchar)"
        return f"cast({cell} as varchar)"

    def value(self, place: Place, text: str, cell: str, form: Form, kind: Type) -> str:
        """The SQL of a value in its type, null where it cannot be read.

        Args:
            place: where it is.
            text: the SQL of its text.
            cell: the SQL of what the file itself has there.
            form: how the file writes values.
            kind: what it should be.
        """
        found = self.kinds[place.column]
        if place.inside or found == "VARCHAR":
            return form.value(text, kind)
        if kind is Type.DECIMAL:
            # The shortest text of a float is what was meant: 0.1, not 0.1000000000000000055.
            is_exact = found.startswith(_NUMBERS) or "INT" in found
            return f"try_cast({cell if is_exact else text} as {kind.sql})"
        if kind is Type.MOMENT and found.startswith(("TIMESTAMP", "DATE")):
            return f"cast({cell} as timestamptz)"
        return Form().value(text, kind)

    def is_native(self, place: Place) -> bool:
        """Whether the file itself has typed values there."""
        return self.kinds[place.column] != "VARCHAR"

    def _is_nested(self, column: str) -> bool:
        return self.kinds[column].startswith(_NESTED) and not self.kinds[column].endswith("[]")


def identifier(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def text_literal(text: str) -> str:
    """A text as SQL takes it."""
    return "'" + text.replace("'", "''") + "'"


def first_line(error: BaseException) -> str:
    """What an error says first."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__

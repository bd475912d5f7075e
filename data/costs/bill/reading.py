"""The one statement that reads a bill: each value in its type, each row with why it is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from data.costs.bill.column import Column, Type, known
from data.costs.bill.file import BillFile, identifier
from data.costs.bill.form import Form
from data.costs.bill.refusal import BillRefused
from data.costs.bill.rule import Rule, asked_of
from data.store.quoting import quoted

_MUST_BE = {
    Type.DECIMAL: "is no number",
    Type.MOMENT: "is no point in time",
    Type.JSON: "is no JSON object",
    Type.TEXT: "is missing",
}

_SHORTEST_ROUNDED = 13
"""A text with more than twelve decimals has more signs than this."""


@dataclass(frozen=True)
class Reading:
    """How one file is read.

    Raises:
        BillRefused: if it lacks a column without which no row can be counted.
    """

    file: BillFile
    form: Form

    def __post_init__(self) -> None:
        lacking = [name for name in known().essential if name not in self.columns]
        if lacking:
            what = f"has no column {', '.join(lacking)}"
            fix = "is it a bill in the form of FOCUS? other exports need a mapping"
            raise BillRefused(what, str(self.file.path), fix)

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """The columns of FOCUS that the file has: their name, and how the file calls them."""
        found = {name.strip().casefold(): name for name in self.file.names}
        return {
            name: found[name.casefold()] for name in known().columns if name.casefold() in found
        }

    @cached_property
    def others(self) -> tuple[str, ...]:
        """The columns that are not FOCUS's own."""
        own = set(self.columns.values())
        return tuple(name for name in self.file.names if name not in own)

    @property
    def version(self) -> str:
        """The version of FOCUS that the columns are of."""
        return known().version_of(list(self.columns))

    def writing(self, into: Path) -> str:
        """SQL that writes all rows into a Parquet file."""
        return f"copy ({self.select}) to '{quoted(into)}' (format parquet, compression zstd)"

    @property
    def select(self) -> str:
        """SQL whose rows are those of the file, typed, with `bill_row` and `refused`.

        `refused` is null, or lists of a row that cannot be counted which column has what against
        it; its amounts are null then, so that no sum can take them in. `rounded` is null, or lists
        the amounts that had more decimals than are kept.
        """
        return f"""
            with written as (
                select bill_row, {_joined(self._written())} from ({self.file.relation})
            ),
            valued as (select *, {_joined(self._valued())} from written),
            judged as (select *, {self._refused()} as refused from valued)
            select bill_row, {_joined(self._kept())}, {self._rounded()} as rounded, refused
            from judged
        """

    def _written(self) -> Iterator[str]:
        for name, called in self.columns.items():
            yield f"{self.file.text(called, self.form)} as {_text_of(name)}"
            if self._is_native(name):
                yield f"{identifier(called)} as {identifier(called)}"
        for called in self.others:
            yield f"{self.file.text(called, self.form)} as {identifier(called)}"

    def _is_native(self, name: str) -> bool:
        """Whether the file itself has typed values there."""
        return self.file.kinds[self.columns[name]] != "VARCHAR"

    def _valued(self) -> Iterator[str]:
        for name, column in self._typed():
            value = self.file.value(self.columns[name], _text_of(name), self.form, column.type)
            yield f"{value} as {_value_of(name)}"

    def _typed(self) -> Iterator[tuple[str, Column]]:
        for name in self.columns:
            yield name, known().columns[name]

    def _refused(self) -> str:
        reasons = [self._reason(name, column) for name, column in self._typed()]
        reasons += [self._against(rule) for rule in asked_of(self.columns, refuses=True)]
        found = [(when, told) for when, told in reasons if when]
        listed = ", ".join(f"case when {when} then {told} end" for when, told in found)
        is_refused = " or ".join(f"coalesce({when}, false)" for when, _ in found)
        return f"case when {is_refused} then list_filter([{listed}], lambda x: x is not null) end"

    def _rounded(self) -> str:
        """Looked at closely only where a text is long enough for more than twelve decimals."""
        form = self.form
        amounts = [name for name in known().amounts if name in self.columns]
        listed = ", ".join(
            f"case when {_may_be_fine(_text_of(name))} "
            f"and {form.finer(_text_of(name))} <> {_value_of(name)} then '{name}' end"
            for name in amounts
        )
        found = f"list_filter([{listed}], lambda x: x is not null)"
        is_long = " or ".join(_may_be_fine(_text_of(name)) for name in amounts)
        return f"case when {is_long} then nullif({found}, []) end"

    def _reason(self, name: str, column: Column) -> tuple[str, str]:
        text, value = _text_of(name), _value_of(name)
        broken = f"{text} is not null and {value} is null" if column.type is not Type.TEXT else ""
        told = _told(name, text, f"case when {text} is null then 'is missing' "
                                 f"else '{_MUST_BE[column.type]}' end")  # fmt: skip
        return (f"{value} is null" if column.is_essential else broken), told

    def _against(self, rule: Rule) -> tuple[str, str]:
        broken = rule.broken
        for name in rule.needs:
            broken = broken.replace(name, _value_of(name))
        return broken, _told(rule.column, _text_of(rule.column), f"'{rule.says}'")

    def _kept(self) -> Iterator[str]:
        for name, _ in self._typed():
            value = _value_of(name)
            if name in known().amounts:
                value = f"case when refused is null then {value} end"
            yield f"{value} as {identifier(name)}"
        yield from map(identifier, self.others)


def _may_be_fine(text: str) -> str:
    """Whether a text could have more than twelve decimals."""
    return f"(length({text}) > {_SHORTEST_ROUNDED} or {text} ilike '%e-%')"


def _text_of(name: str) -> str:
    return f'"{name} as written"'


def _value_of(name: str) -> str:
    return f'"{name} as read"'


def _told(column: str, text: str, why: str) -> str:
    return f"struct_pack(\"column\" := '{column}', written := {text}, why := {why})"


def _joined(parts: Iterator[str]) -> str:
    return ",\n".join(parts)

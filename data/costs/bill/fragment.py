"""Pieces of the statement that reads a bill, whatever form it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from data.costs.bill.column import Type, known
from data.costs.bill.form import Form

MUST_BE = {
    Type.DECIMAL: "is no number",
    Type.MOMENT: "is no point in time",
    Type.JSON: "is no JSON object",
    Type.LIST: "is no JSON list of objects",
    Type.TEXT: "is missing",
}

_SHORTEST_ROUNDED = 13
"""A text with more than twelve decimals has more signs than this."""


def refused(reasons: Iterator[tuple[str, str]]) -> str:
    """SQL of what is against a row: null, or a list of what is told where a condition holds."""
    found = list(reasons)
    listed = ", ".join(f"case when {when} then {what} end" for when, what in found)
    is_refused = " or ".join(f"coalesce({when}, false)" for when, _ in found)
    return f"case when {is_refused} then list_filter([{listed}], lambda x: x is not null) end"


def rounded(form: Form, amounts: Mapping[str, str]) -> str:
    """SQL of the amounts of a row that had more decimals than are kept; null if none had.

    Looked at closely only where a text is long enough for them.

    Args:
        form: how they are written.
        amounts: what they are told as, by their names.
    """
    listed = ", ".join(
        f"case when {_may_be_fine(text_of(name))} "
        f"and {form.finer(text_of(name))} <> {value_of(name)} then '{called}' end"
        for name, called in amounts.items()
    )
    found = f"list_filter([{listed}], lambda x: x is not null)"
    is_long = " or ".join(_may_be_fine(text_of(name)) for name in amounts)
    return f"case when {is_long} then nullif({found}, []) end"


def counted(name: str) -> str:
    """SQL of a value that is kept: an amount is none where the row is refused."""
    is_amount = name in known().amounts
    return f"case when refused is null then {value_of(name)} end" if is_amount else value_of(name)


def _may_be_fine(text: str) -> str:
    """Whether a text could have more than twelve decimals."""
    return f"(length({text}) > {_SHORTEST_ROUNDED} or {text} ilike '%e-%')"


def text_of(name: str) -> str:
    """The SQL name of a value as it is written."""
    return f'"{name} as written"'


def told_of(name: str) -> str:
    """The SQL name of a value in the type that the file itself has for it."""
    return f'"{name} as told"'


def value_of(name: str) -> str:
    """The SQL name of a value in the type that it should have."""
    return f'"{name} as read"'


def told(column: str, text: str, why: str) -> str:
    """SQL of one thing against a row."""
    name = column.replace("'", "''")
    return f"struct_pack(\"column\" := '{name}', written := {text}, why := {why})"


def joined(parts: Iterator[str]) -> str:
    """Items of a select."""
    return ",\n".join(parts)

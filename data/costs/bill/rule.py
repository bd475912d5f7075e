"""What a row of a bill must be like, as `rules.yaml` and `columns.yaml` say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from data.costs.bill.column import Column, known

_MOST_LISTED = 5
_FILE = Path(__file__).with_name("rules.yaml")
_TIED = ("misplaced", "wanting")
_NO_CORRECTION = "ChargeClass is distinct from 'Correction'"


class Rule(BaseModel):
    """One requirement of a row, or of all rows that have some columns in common."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    refuses: bool = False
    since: str = "1.0"
    """The first version of FOCUS that asks for it."""
    needs: tuple[str, ...]
    over: tuple[str, ...] = ()
    """Columns that the rows have in common which are judged together; empty: each row alone."""
    broken: str
    """SQL over the columns; true of a row against it, or of such rows together."""
    column: str
    """The column whose value is told."""
    says: str

    def written(self, called: Callable[[str], str]) -> str:
        """The SQL of `broken`, with other names for the columns."""
        names = "|".join(sorted(map(re.escape, self.needs), key=len, reverse=True))
        return re.sub(rf"\b({names})\b", lambda found: called(found.group()), self.broken)


@cache
def rules() -> tuple[Rule, ...]:
    """All rules of `rules.yaml`, in their order."""
    told = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Rule, ...]).validate_python(told)


def refusing(names: Collection[str]) -> tuple[Rule, ...]:
    """The rules for which a row with these columns is not taken."""
    return tuple(rule for rule in rules() if rule.refuses and set(rule.needs) <= set(names))


def telling(names: Collection[str], version: str) -> tuple[Rule, ...]:
    """The rules that a bill of FOCUS with these columns is held against, and taken all the same."""
    return tuple(
        rule
        for rule in (*rules(), *_of_columns())
        if not rule.refuses and rule.since <= version and set(rule.needs) <= set(names)
    )


@cache
def _of_columns() -> tuple[Rule, ...]:
    """What `columns.yaml` asks for."""
    return tuple(rule for name, column in known().columns.items() for rule in _of(name, column))


def _of(name: str, column: Column) -> Iterator[Rule]:
    for id_, others, broken, says in _demands(name, column):
        since = column.tied_since if id_ in _TIED else column.since
        yield Rule(id=f"{name}-{id_}", since=since, needs=(name, *others), broken=broken,
                   column=name, says=says)  # fmt: skip


def _demands(name: str, column: Column) -> Iterator[tuple[str, tuple[str, ...], str, str]]:
    """Of each demand: its id, the other columns it needs, SQL of a row against it, and words."""
    if column.nulls == "never" and not column.is_essential:
        yield "missing", (), f"{name} is null", "is missing"
    if column.values and not column.is_essential:
        short = ", ".join(column.values[:_MOST_LISTED])
        says = f"is none of {short}" + (" …" if len(column.values) > _MOST_LISTED else "")
        yield "unknown", (), f"{name} not in ({_listed(column.values)})", says
    if column.is_never_negative:
        yield "negative", (), f"{name} < 0", "is negative"
    if other := column.only_with:
        broken = f"{name} is not null and {other} is null"
        yield "misplaced", (other,), broken, f"is there without {other}"
    if other := column.always_with:
        broken = f"{name} is null and {other} is not null"
        yield "wanting", (other,), broken, f"is missing where {other} is there"
    yield from _by_category(name, column)


def _by_category(name: str, column: Column) -> Iterator[tuple[str, tuple[str, ...], str, str]]:
    if column.never_on:
        broken = f"{name} is not null and ChargeCategory in ({_listed(column.never_on)})"
        yield "unfit", ("ChargeCategory",), broken, f"is there on {' or '.join(column.never_on)}"
    if column.always_on:
        broken = (
            f"{name} is null and ChargeCategory in ({_listed(column.always_on)})"
            f" and {_NO_CORRECTION}"
        )
        says = f"is missing on {' or '.join(column.always_on)}"
        yield "absent", ("ChargeCategory", "ChargeClass"), broken, says


def _listed(values: Collection[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)

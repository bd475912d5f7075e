"""What a row of a bill must be like, as `rules.yaml` says it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from data.costs.bill.column import Column, known

_MOST_LISTED = 5
_FILE = Path(__file__).with_name("rules.yaml")


class Rule(BaseModel):
    """One requirement of a row."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    refuses: bool = False
    needs: tuple[str, ...]
    broken: str
    """SQL over the columns; true of a row against it."""
    column: str
    """The column whose value is told."""
    says: str


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in their order."""
    told = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Rule, ...]).validate_python(told)


def asked_of(names: Collection[str], *, refuses: bool) -> tuple[Rule, ...]:
    """The rules that a file with these columns can be held against."""
    every = rules() if refuses else (*rules(), *_of_columns())
    return tuple(
        rule for rule in every if rule.refuses == refuses and set(rule.needs) <= set(names)
    )


@cache
def _of_columns() -> tuple[Rule, ...]:
    """What `columns.yaml` asks for: a value at all, and one of those there may be."""
    return tuple(rule for name, column in known().columns.items() for rule in _of(name, column))


def _of(name: str, column: Column) -> Iterator[Rule]:
    if column.nulls == "never" and not column.is_essential:
        yield Rule(id=f"{name}-missing", needs=(name,), broken=f"{name} is null", column=name,
                   says="is missing")  # fmt: skip
    if column.values and not column.is_essential:
        listed = ", ".join(f"'{value}'" for value in column.values)
        short = ", ".join(column.values[:_MOST_LISTED])
        says = f"is none of {short}" + (" …" if len(column.values) > _MOST_LISTED else "")
        yield Rule(id=f"{name}-unknown", needs=(name,), broken=f"{name} not in ({listed})",
                   column=name, says=says)  # fmt: skip

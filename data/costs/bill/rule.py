"""What a row of a bill must be like, as `rules.yaml` says it."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

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
    return tuple(
        rule for rule in rules() if rule.refuses == refuses and set(rule.needs) <= set(names)
    )

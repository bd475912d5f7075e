"""The columns of a FOCUS bill, as `columns.yaml` lists them, and which version a file is of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

_FILE = Path(__file__).with_name("columns.yaml")


class Type(StrEnum):
    """What a column holds."""

    DECIMAL = "decimal"
    MOMENT = "moment"
    JSON = "json"
    LIST = "list"
    TEXT = "text"

    @property
    def sql(self) -> str:
        """The type in the database. Twelve places hold what providers charge for one request."""
        kinds = {Type.DECIMAL: "decimal(38, 12)", Type.MOMENT: "timestamptz"}
        return kinds.get(self, "varchar")


class Level(StrEnum):
    """How far a bill must have a column."""

    MANDATORY = "mandatory"
    CONDITIONAL = "conditional"
    RECOMMENDED = "recommended"


class Column(BaseModel):
    """One column."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Type
    level: Level
    since: str
    until: str | None = None
    nulls: Literal["allowed", "never"]
    is_essential: bool = False
    values: tuple[str, ...] = ()
    only_with: str | None = None
    """A column without which it has no value."""
    always_with: str | None = None
    """A column with which it has one."""
    tied_since: str = "1.0"
    """The first version that ties it to those two."""
    never_on: tuple[str, ...] = ()
    """Categories of charges that have none."""
    always_on: tuple[str, ...] = ()
    """Categories of charges that have one, if they are no correction."""
    is_never_negative: bool = False

    def is_in(self, version: str) -> bool:
        """Whether a version of FOCUS has it."""
        return self.since <= version and (self.until is None or version <= self.until)


class Columns(BaseModel):
    """All that there are, by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    versions: tuple[str, ...]
    columns: Mapping[str, Column]

    def of(self, version: str) -> dict[str, Column]:
        """Those of one version."""
        return {name: column for name, column in self.columns.items() if column.is_in(version)}

    @property
    def essential(self) -> tuple[str, ...]:
        """Those without which a row cannot be counted."""
        return tuple(name for name, column in self.columns.items() if column.is_essential)

    @property
    def amounts(self) -> tuple[str, ...]:
        """Those that are money in the currency of the bill, and add up."""
        return ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")

    def version_of(self, names: Collection[str]) -> str:
        """The oldest version that has all of the columns that a file has.

        Nothing in a file says which version it is of; a column that a version brought does. A file
        whose columns never stood in one version together is of the newest among them.
        """
        present = [self.columns[name] for name in names if name in self.columns]
        fitting = [v for v in self.versions if all(column.is_in(v) for column in present)]
        newest = max((column.since for column in present), default=self.versions[0])
        return next(iter(fitting), newest)


@cache
def known() -> Columns:
    """The columns as the file lists them."""
    return Columns.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))

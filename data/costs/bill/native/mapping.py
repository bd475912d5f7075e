"""One export of a provider: how it is known, and where in it the columns of FOCUS are."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from data.costs.bill.column import Type, known
from data.costs.bill.rule import Rule

_FOLDER = Path(__file__).parent
WORD = re.compile(r"'(?:[^']|'')*'|\b[a-z_][a-z0-9_]*\b")
"""A text or a name in an expression."""


class View(StrEnum):
    """Which of the two amounts a bill tells."""

    WHOLE = "whole"
    """Both."""
    BILLED = "billed"
    """What is to be paid: the effective cost is unknown."""
    EFFECTIVE = "effective"
    """What use costs, with commitments spread over it: the billed cost is unknown."""
    ESTIMATE = "estimate"
    """Likewise, by prices that the source knows or was given: nothing is ever billed by it."""

    @property
    def lacks(self) -> str | None:
        """The amount that it does not tell."""
        lacking = {
            View.BILLED: "EffectiveCost",
            View.EFFECTIVE: "BilledCost",
            View.ESTIMATE: "BilledCost",
        }
        return lacking.get(self)


class Read(BaseModel):
    """One value of a record, under the name that expressions have for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    called: tuple[str, ...]
    """What the export calls it, or has called it: the first that is there counts."""
    type: Type = Type.TEXT
    is_needed: bool = False
    """Whether the export is not known without it."""


class Lookup(BaseModel):
    """A value by another one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: str
    """A value that is read."""
    values: Mapping[str, str]
    """What it is by what that one is; anything else has none."""


class Extra(BaseModel):
    """A column beside those of FOCUS."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Type
    value: str


class Prefixed(BaseModel):
    """Tags that are a column each."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prefixes: Mapping[str, str]
    """What such columns begin with, and what the name of the tag begins with instead."""


class Parts(BaseModel):
    """Charges of their own that lie in a list within a record."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: str | None = None
    """The list: a value that is read."""
    each: str | None = None
    """Or SQL of the list of JSON objects, over the texts of values that are read."""
    reads: Mapping[str, Read] = {}
    """Values of each, `called` by one name; of the record itself they are null."""


class Export(BaseModel):
    """One export.

    Expressions are SQL over the names of `reads`, `lookups`, `parts.reads`, and of what always is:
    `is_part` (whether the charge is one of `parts`), `column_tags` (JSON of `tags`), and
    `declared_currency` and `declared_account`, which whoever brings the file says.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    sources: tuple[str, ...]
    """Where the facts were read."""
    view: View = View.WHOLE
    moments: tuple[str, ...] = ()
    """How it writes points in time, where it is not as in ISO 8601."""
    proof: str | None = None
    """SQL of a record that no other export with the same columns has."""
    named: tuple[str, ...] = ()
    """Words in the path of a file that tell it apart where no record does."""
    never: Mapping[str, str] = {}
    """Columns with which the export cannot be counted, and what to do about it."""
    reads: Mapping[str, Read]
    lookups: Mapping[str, Lookup] = {}
    tags: Prefixed | None = None
    parts: Parts | None = None
    gives: Mapping[str, str]
    """The columns of FOCUS, each as an expression."""
    extra: Mapping[str, Extra] = {}
    checks: tuple[Rule, ...] = ()
    """What must hold, beyond what is asked of every bill."""
    cannot: Mapping[str, str]
    """Mandatory columns of FOCUS that it does not tell, and why."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        wanted = set(known().essential) - {self.view.lacks}
        mandatory = {n for n, c in known().of("1.2").items() if c.level == "mandatory"}
        faults = {
            "gives nothing for": wanted - set(self.gives),
            "gives what no column is:": set(self.gives) - set(known().columns),
            "says nothing of": mandatory - set(self.gives) - set(self.cannot),
            "says both of": set(self.cannot) & set(self.gives),
            "reads nowhere": self.words - self.names,
        }
        for fault, names in faults.items():
            if names:
                raise ValueError(f"{self.id} {fault} {', '.join(sorted(names))}")
        return self

    @property
    def names(self) -> set[str]:
        """What expressions can name, and words of SQL that they do."""
        parts = set(self.parts.reads) if self.parts else set()
        return {*self.reads, *self.lookups, *parts, *_ALWAYS, *_SQL}

    @property
    def words(self) -> set[str]:
        """What its expressions name."""
        told = [*self.gives.values(), *(one.value for one in self.extra.values())]
        told += [self.proof or "", (self.parts and self.parts.each) or ""]
        return {word for one in told for word in words(one)}

    def money(self) -> frozenset[str]:
        """What is read of amounts."""
        told = [self.gives[name] for name in known().amounts if name in self.gives]
        return frozenset(word for one in told for word in words(one))


_ALWAYS = ("is_part", "column_tags", "declared_currency", "declared_account")
_SQL = frozenset(
    """
    and array_to_string as between case cast coalesce concat_ws date_trunc day else end escape
    false from_json greatest in interval is json labelled like list_filter list_transform lower
    month not null nullif or regexp_replace replace starts_with then to_json trim true try_strptime
    upper varchar when
    """.split()  # noqa: SIM905 - words read best as words
)


def words(expression: str) -> Collection[str]:
    """The names in an expression, without its texts."""
    return {found for found in WORD.findall(expression) if not found.startswith("'")}


@cache
def exports() -> Mapping[str, Export]:
    """All exports that are known, by their ids."""
    told: dict[str, dict[str, Any]] = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(_FOLDER.glob("*.yaml"))
    }
    return {
        id_: Export.model_validate({"id": id_, **_whole(one, told)}) for id_, one in told.items()
    }


def kind(version: str) -> str:
    """What a bill is, in words, by its version."""
    export = exports().get(version)
    return export.title if export else f"FOCUS {version}"


def _whole(one: Mapping[str, Any], every: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """With what it has from the export that it is `like`; `gives: null` takes a column away."""
    base = every[one["like"]] if "like" in one else {}
    whole = {**base, **{key: value for key, value in one.items() if key != "like"}}
    for key in ("reads", "gives"):
        merged = {**base.get(key, {}), **one.get(key, {})}
        whole[key] = {name: value for name, value in merged.items() if value is not None}
    return whole

"""A metric's definition: a reviewed YAML file, its hash, and what it must say."""

from __future__ import annotations

import hashlib
import json
import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from data.errors import CairnError, WrongQuestion
from data.facts.catalogue import fact_sql
from data.metrics.reason import NoValue
from data.metrics.subject import Subject

_FOLDER = Path(__file__).parent
_OWN_FILTER = re.compile(r"\bfilter\s*\(", re.IGNORECASE)


class UnknownMetric(WrongQuestion):
    """A metric was asked for that is not defined."""


class DefinitionRefused(CairnError):
    """A metric's file says what cannot be evaluated."""


class Unit(StrEnum):
    """What a value counts in."""

    SECONDS = "seconds"
    PER_DAY = "per day"
    PER_WEEK = "per week"
    DAYS_PER_WEEK = "days per week"
    FRACTION = "fraction"
    RATIO = "ratio"
    """So many times as much."""
    AMOUNT_PER_DAY = "amount per day"
    """Of money, in the currency that the rows name."""
    COUNT = "count"
    """Of parts alone: how many."""
    AMOUNT = "amount"
    """Of money for one of what is counted, in the currency that the rows name."""


class Basis(StrEnum):
    """How directly a metric is measured."""

    EXACT = "exact"
    PROXY = "proxy"
    SELF_REPORTED = "self_reported"


class Target(BaseModel):
    """What a metric should come to, as a framework asks for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^T\d\d$", description="id of the target")]
    value: Annotated[float, Field(description="the value that is to be reached, in the unit")]
    is_strict: Annotated[bool, Field(description="whether the value itself misses it")] = False

    def is_met(self, value: float, better: str) -> bool:
        """Whether a value reaches it."""
        if value == self.value:
            return not self.is_strict
        return (value > self.value) == (better == "higher")


class Exclusion(BaseModel):
    """Rows that a metric leaves out on purpose, counted wherever it is shown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    when: Annotated[str, Field(description="SQL condition on a row of the fact")]
    why: str


class Definition(BaseModel):
    """One metric. Field descriptions are the reference of the file format."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(description="stable name, used in addresses and exports")]
    title: Annotated[str, Field(description="name on pages")]
    short: Annotated[str | None, Field(description="shorter name; default: the title")] = None
    question: Annotated[str, Field(description="the question it answers")]
    explanation: Annotated[str, Field(description="how to read it, in a few sentences")]
    source: Annotated[str, Field(description="where the definition comes from")]
    version: Annotated[int, Field(ge=1, description="raised when the meaning changes")]
    subject: Annotated[Subject, Field(description="what each row is about")] = Subject.SERVICE
    fact: Annotated[str, Field(description="fact whose rows are measured")]
    is_daily: Annotated[
        bool, Field(description="whether a row is a whole day, the same in every time zone")
    ] = False
    watch: Annotated[
        str | None,
        Field(description="table of when each subject is known; default: that of the subject"),
    ] = None
    watched: Annotated[
        str | None, Field(description="SQL condition: rows of that table that are of the metric")
    ] = None
    of: Annotated[str | None, Field(description="metric that is compared; its rows count")] = None
    against: Annotated[
        str | None, Field(pattern="^baseline$", description="what it is compared with: `baseline`")
    ] = None
    alike: Annotated[
        tuple[str, ...],
        Field(description="parts that have to be the same in both, for figures to be compared"),
    ] = ()
    at_least: Annotated[
        dict[str, float],
        Field(description="what parts have to come to in both, for figures to be compared"),
    ] = {}
    absent: Annotated[
        str | None, Field(description="what is said where no source ever told of any row")
    ] = None
    unknown: Annotated[
        str | None, Field(description="what is said where there are rows and none is known")
    ] = None
    counts: Annotated[tuple[str, str], Field(description="what one row is called, and several")]
    population: Annotated[str, Field(description="SQL condition: rows the figure is about")]
    known: Annotated[str, Field(description="SQL condition: rows of it whose value is known")]
    weight: Annotated[
        str | None,
        Field(description="SQL expression: how many a row counts as, in n and coverage; else one"),
    ] = None
    void: Annotated[
        dict[NoValue, str],
        Field(description="SQL conditions by reason: one row like that, and there is no value"),
    ] = {}
    least: Annotated[
        int, Field(ge=0, description="of fewer known ones there is no value at all")
    ] = 0
    assured: Annotated[
        str | None, Field(description="SQL condition: rows that nothing hides; else `known`")
    ] = None
    measure: Annotated[str, Field(description="SQL aggregate over the known rows")]
    divided_by: Annotated[
        str | None,
        Field(description="SQL aggregate that the measure is divided by: a weighted share"),
    ] = None
    less: Annotated[
        str | None,
        Field(description="SQL aggregate: the measure divided by it is taken off the value"),
    ] = None
    measured_as: Annotated[
        str | None, Field(description="what the measure counts: `failed`, `days with a deployment`")
    ] = None
    spread: Annotated[str | None, Field(description="SQL aggregate: the slow tail")] = None
    parts: Annotated[dict[str, str], Field(description="named SQL aggregates: its stages")] = {}
    part_units: Annotated[
        dict[str, Unit], Field(description="units of parts that count in something else")
    ] = {}
    per: Annotated[str | None, Field(description="`day` or `week`: the measure is a rate")] = None
    unit: Unit
    better: Annotated[str, Field(pattern="^(higher|lower)$")]
    kind: Basis
    min_n: Annotated[int, Field(ge=1, description="below it no band is shown")] = 5
    min_coverage: Annotated[float, Field(description="below it no band is shown")] = 0.5
    material_change: Annotated[float, Field(description="smaller relative changes are noise")] = 0.1
    target: Annotated[Target | None, Field(description="what it should come to")] = None
    excluded: tuple[Exclusion, ...] = ()
    columns: Annotated[tuple[str, ...], Field(description="columns shown of the rows behind it")]
    covers: tuple[str, ...]
    owner: str
    sha256: str = ""

    def unit_of(self, part: str) -> Unit:
        """What a part counts in."""
        return self.part_units.get(part, self.unit)

    @property
    def name(self) -> str:
        """What it is called where there is little room."""
        return self.short or self.title

    @property
    def watched_in(self) -> str:
        """The table that says between when each subject is known."""
        return self.watch or f"{self.subject}_watch"

    @property
    def assured_condition(self) -> str:
        """SQL condition of the rows that count towards coverage."""
        return self.assured or self.known


@cache
def definitions() -> dict[str, Definition]:
    """Loads all metrics by id, in the order of their file names."""
    loaded = (load(path) for path in sorted(_FOLDER.glob("*.yaml")))
    return {definition.id: definition for definition in loaded}


def definition(metric: str) -> Definition:
    """Looks a metric up.

    Raises:
        UnknownMetric: naming those there are.
    """
    try:
        return definitions()[metric]
    except KeyError as error:
        known = ", ".join(definitions())
        raise UnknownMetric(f"there is no metric `{metric}`", "", f"use one of: {known}") from error


def load(path: Path) -> Definition:
    """Reads one file; the hash covers all it says but its cases, and the SQL of its fact.

    Raises:
        DefinitionRefused: if an aggregate chooses its own rows.
    """
    fields = _said(path)
    fields.pop("cases", None)
    said = json.dumps(fields, sort_keys=True) + fact_sql(fields["fact"])
    loaded = Definition(**fields, sha256=hashlib.sha256(said.encode()).hexdigest())
    _refuse_own_filters(loaded, path)
    return loaded


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Says the same as the one in Python, in an eighth of the time: each command reads all metrics."""

_OWN = ("short", "spread", "parts", "part_units", "per", "measured_as", "target", "material_change")
"""What a comparison does not take over from the metric that it compares."""


def _said(path: Path) -> dict[str, Any]:
    """All that a file says; one that compares a metric says the rest as that does."""
    fields: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - both are safe
    if (fields.get("of") is None) != (fields.get("against") is None):
        raise DefinitionRefused(
            "`of` and `against` go together", str(path), "write both, or neither"
        )
    if fields.get("of") is None:
        return fields
    base = _said(path.with_name(f"{fields['of']}.yaml"))
    kept = {name: told for name, told in base.items() if name not in (*_OWN, "cases")}
    return {**kept, **fields}


def _refuse_own_filters(metric: Definition, path: Path) -> None:
    """Each aggregate is evaluated over rows that a filter chooses; SQL knows no second one."""
    aggregates = {
        "measure": metric.measure,
        "divided_by": metric.divided_by or "",
        "less": metric.less or "",
        "spread": metric.spread or "",
        **metric.parts,
    }
    for name, sql in aggregates.items():
        if _OWN_FILTER.search(sql):
            raise DefinitionRefused(
                f"`{name}` chooses its own rows with `filter (`",
                str(path),
                "choose them in `population` or `known`, or count with `case when`",
            )

"""A control's definition: what its YAML file must say. Field descriptions are its reference."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt

ID = r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$"


class Severity(StrEnum):
    """How much harm a failure can do."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Frequency(StrEnum):
    """How often a control is performed: evidence older than that is stale."""

    CONTINUOUS = "continuous"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"

    @property
    def stale_after_days(self) -> int:
        """Days after which a source that was not read again says nothing of today."""
        return _STALE_AFTER[self]


_STALE_AFTER = {
    Frequency.CONTINUOUS: 2,
    Frequency.DAILY: 3,
    Frequency.WEEKLY: 9,
    Frequency.MONTHLY: 35,
    Frequency.QUARTERLY: 100,
    Frequency.YEARLY: 380,
}


class Kind(StrEnum):
    """Who answers: the data, or a person."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class Over(StrEnum):
    """What the members of a population are."""

    EVENTS = "events"
    """What happened in the period, by the clock of the team: `local_at`."""
    STATES = "states"
    """What held at some time of the period: from `began_at` until `ended_at`."""


class Absence(StrEnum):
    """What it would look like if the evidence were not told."""

    FAILS = "fails"
    PASSES = "passes"
    UNKNOWN = "unknown"
    """What it is: null where it is not told, and the test says so."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Parameter(_Part):
    """A value that an organisation may set otherwise, in `[control.ID]` of `cairn.toml`."""

    value: Annotated[
        StrictBool | StrictInt | StrictFloat | str | tuple[str, ...],
        Field(description="the default"),
    ]
    unit: Annotated[str | None, Field(description="what it counts in")] = None
    meaning: Annotated[str, Field(description="what it decides")]


class Exclusion(_Part):
    """Rows that are no members on purpose, counted wherever the control is shown."""

    name: Annotated[str, Field(description="what they are called")]
    when: Annotated[str, Field(description="SQL condition on a row of the population")]
    why: Annotated[str, Field(description="why they are no members")]


class Control(_Part):
    """One control."""

    id: Annotated[str, Field(pattern=ID, description="stable name, also that of the file")]
    title: Annotated[str, Field(min_length=1, description="what holds, in one line")]
    version: Annotated[int, Field(ge=1, description="raised when the meaning changes")]
    area: Annotated[str, Field(min_length=1, description="what it belongs to on pages")]
    statement: Annotated[str, Field(min_length=1, description="what must hold, exactly")]
    why: Annotated[str, Field(min_length=1, description="why it matters")]
    fix: Annotated[str, Field(min_length=1, description="what to do about a failure")]
    source: Annotated[str, Field(min_length=1, description="where the rule comes from")]
    severity: Annotated[Severity, Field(description="how much harm a failure can do")]
    frequency: Annotated[Frequency, Field(description="how often it is performed")]
    owner: Annotated[str, Field(min_length=1, description="who answers for the rule")]
    kind: Annotated[Kind, Field(description="who answers: the data, or a person")] = Kind.AUTOMATIC
    counts: Annotated[tuple[str, str], Field(description="what a member is called, and several")]
    over: Annotated[
        Over, Field(description="whether members happen, or hold for a stretch of time")
    ]
    rows_from: Annotated[
        tuple[str, ...],
        Field(description="entities that the population is made of: where a source refuses one, "
                          "a member stands for what cannot be seen"),
    ]  # fmt: skip
    needs: Annotated[
        tuple[str, ...], Field(description="entities that a member's own source must tell")
    ] = ()
    needs_any: Annotated[
        tuple[str, ...], Field(description="entities that some source must tell")
    ] = ()
    absence: Annotated[
        Absence, Field(description="what a member looks like whose evidence is not told")
    ] = Absence.FAILS
    parameters: Annotated[
        dict[str, Parameter], Field(description="values that an organisation may set otherwise")
    ] = {}
    population: Annotated[str, Field(description="SELECT of the members")]
    excluded: Annotated[
        tuple[Exclusion, ...], Field(description="rows that are no members on purpose")
    ] = ()
    test: Annotated[
        str | None,
        Field(description="SELECT from `population`: id, state, reason, detail; none of a manual"),
    ] = None
    columns: Annotated[tuple[str, ...], Field(description="columns shown of a member")] = ()
    names: Annotated[
        tuple[str, ...],
        Field(description="those of them, or `title`, that hold names of people"),
    ] = ()
    person: Annotated[
        str | None,
        Field(description="of members that are people: SQL of a row of the population that says "
                          "whose it is, null of nobody's; else each title is somebody's"),
    ] = None  # fmt: skip
    clauses: Annotated[
        dict[str, tuple[str, ...]], Field(description="clauses it serves, by framework")
    ]
    covers: Annotated[tuple[str, ...], Field(description="requirements it serves")] = ()
    sha256: str = ""
    """Of all that the file says but its cases, and of the facts it reads."""
    cases: tuple[dict[str, Any], ...] = Field(
        (), exclude=True, repr=False, description="rows of facts, and what the control says of them"
    )
    """Example cases: rows of facts, and what the control must say of them."""

    @property
    def is_about_people(self) -> bool:
        """Whether its members are people: title, address and id of one then name it."""
        return "title" in self.names

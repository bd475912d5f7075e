"""What an evaluation of a control came to: of each member of its population, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from data.controls.definition import Control
from data.controls.state import Reason, State, whole
from data.period import Window

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a control says of one member of its population."""

    id: str
    source: str | None
    """Name of the source that tells of it."""
    title: str
    url: str | None
    """Where a person can see it at its source."""
    team: str | None
    """None: it belongs to no team, but to the organisation."""
    happened_at: datetime | None
    """When it happened, or since when it is so; UTC."""
    state: State
    reason: Reason | None = None
    """Of a state that is unknown: why."""
    detail: str | None = None
    """What is missing or wrong, in words; none for a pass."""
    repository: str | None = None
    service: str | None = None
    model: str | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    """What the control shows of it beside."""
    waiver: str | None = None
    """Id of the waiver in force that covers it. Its state is the same without."""
    attestation: str | None = None
    """Id of the attestation that its state rests on."""
    is_place: bool = False
    """Whether it is no member, but stands for a place where members cannot be seen."""
    person: int | None = None
    """Who it is about, as a number that counts in its outcome alone; None: nobody."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is no member of the population on purpose."""

    id: str
    title: str
    url: str | None
    team: str | None
    reason: str
    """Name of the exclusion."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many members of a population have which state."""

    by_state: Mapping[State, int] = field(default_factory=dict)
    waived: int = 0
    """Members that fail and have a waiver in force; they count as failing all the same."""
    unknown_by: Mapping[Reason, int] = field(default_factory=dict)
    excluded: Mapping[str, int] = field(default_factory=dict)
    """Rows that the control leaves out on purpose, by reason. They are no members."""

    def of(self, state: State) -> int:
        """How many have a state."""
        return int(self.by_state.get(state, 0))

    @property
    def total(self) -> int:
        """All members."""
        return sum(self.by_state.values())

    @property
    def in_scope(self) -> int:
        """Members to which the control applies."""
        return self.total - self.of(State.NOT_APPLICABLE)

    @property
    def judged(self) -> int:
        """Members of which it is known whether they pass."""
        return self.of(State.PASS) + self.of(State.FAIL)

    @property
    def pass_rate(self) -> float | None:
        """Passes by passes and fails; None where neither is known."""
        return self.of(State.PASS) / self.judged if self.judged else None

    @property
    def pass_rate_with_waivers(self) -> float | None:
        """The same without the fails that are waived."""
        judged = self.judged - self.waived
        return self.of(State.PASS) / judged if judged else None

    @property
    def coverage(self) -> float | None:
        """The share of members in scope of which it is known; None where none is in scope."""
        return self.judged / self.in_scope if self.in_scope else None

    @property
    def state(self) -> State:
        """The state of the control as a whole."""
        return whole(state for state, count in self.by_state.items() if count)

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(
            _sum(self.by_state, other.by_state),
            self.waived + other.waived,
            _sum(self.unknown_by, other.unknown_by),
            _sum(self.excluded, other.excluded),
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its parameters: what an auditor runs again."""

    sql: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a control came to, for a part of the organisation and a period."""

    control: Control
    snapshot: str
    as_of: datetime
    """Until when the sources were read."""
    team: str | None
    """The team, with those below it; None: the whole organisation."""
    window: Window
    parameters: Mapping[str, Any]
    """Those that the control was evaluated with."""
    results: tuple[Result, ...]
    excluded: Mapping[str, int]
    statement: Statement
    error: str | None = None
    """Why it could not be evaluated."""
    left_out: tuple[LeftOut, ...] = ()
    """The rows that `excluded` counts."""
    is_withheld: bool = False
    """Whether it is about too few people to be told: then no member is in it, and none counted."""
    _counted: dict[str, Counts] = field(default_factory=dict, repr=False, compare=False)

    @property
    def counts(self) -> Counts:
        """How many have which state."""
        if "all" not in self._counted:
            self._counted["all"] = counted(self.results, self.excluded, self.error is not None)
        return self._counted["all"]

    @property
    def state(self) -> State:
        """The state of the control as a whole."""
        return self.counts.state

    @property
    def coverage(self) -> float | None:
        """The share of members in scope of which it is known; None also where it is withheld."""
        return None if self.is_withheld else self.counts.coverage

    def told(self, count: int) -> int | None:
        """One of its counts; None: it is withheld, which is not zero."""
        return None if self.is_withheld else count


def counted(
    results: Iterable[Result], excluded: Mapping[str, int] = NOTHING, is_error: bool = False
) -> Counts:
    """Counts results; a control that could not be evaluated is one error."""
    states: Counter[State] = Counter({State.ERROR: 1} if is_error else {})
    reasons: Counter[Reason] = Counter()
    waived = 0
    for one in results:
        states[one.state] += 1
        waived += one.state is State.FAIL and one.waiver is not None
        if one.reason is not None:
            reasons[one.reason] += 1
    return Counts(dict(states), waived, dict(reasons), dict(excluded))


def _sum(one: Mapping[Any, int], other: Mapping[Any, int]) -> dict[Any, int]:
    return dict(Counter(one) + Counter(other))

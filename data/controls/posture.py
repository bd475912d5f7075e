"""How an organisation stands against frameworks: by team, by clause, and as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from data.controls.framework import Clause, Framework
from data.controls.outcome import Counts
from data.controls.state import State, whole
from data.controls.tally import NOBODY, Tally


@dataclass(frozen=True, slots=True)
class Stand:
    """Several controls together."""

    by_state: Mapping[State, int]
    """How many controls have which state."""
    counts: Counts
    """The members of all their populations together."""
    with_waivers: int
    """Controls with at least one waived failure."""
    withheld: int
    """Controls that are about fewer than three people, and are in none of the numbers."""

    @property
    def controls(self) -> int:
        """How many are counted."""
        return sum(self.by_state.values())

    @property
    def state(self) -> State:
        """The worst of their states."""
        return whole(state for state, count in self.by_state.items() if count)

    @property
    def is_empty(self) -> bool:
        """Whether none of them applies to anything."""
        return set(self.by_state) <= {State.NOT_APPLICABLE}


def stand(tallies: Iterable[Tally], members: Collection[str | None] | None) -> Stand:
    """How controls stand for a team with those below it; None: for the whole organisation."""
    found = [tally.of(members) for tally in tallies]
    told = [counts for counts in found if counts is not None]
    return Stand(
        by_state=Counter(counts.state for counts in told),
        counts=sum(told, NOBODY),
        with_waivers=sum(counts.waived > 0 for counts in told),
        withheld=len(found) - len(told),
    )


def serving(framework: Framework, tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    """The controls that serve a clause of a framework."""
    return {name: one for name, one in tallies.items() if one.control.clauses.get(framework.id)}


class Met(StrEnum):
    """Whether a clause is met, as far as controls can show it."""

    MET = "met"
    """All its controls pass, and all that is in scope could be judged."""
    NOT_MET = "not_met"
    """One of its controls fails."""
    NOT_KNOWN = "not_known"
    """None fails, and not all could be judged."""
    ATTESTED = "attested"
    """None fails, all else passes, and a person answered for the rest."""
    NOT_APPLICABLE = "not_applicable"
    """Nothing is there that its controls look at."""
    NOT_IN_EFFECT = "not_in_effect"
    """It has no effect on the last day of the period."""


@dataclass(frozen=True, slots=True)
class Short:
    """A control that keeps a clause from being met."""

    control: str
    state: State
    counts: Counts


@dataclass(frozen=True, slots=True)
class ClauseStand:
    """A clause, and what its controls show."""

    clause: Clause
    met: Met
    short: tuple[Short, ...]
    """The controls because of which it is not met, in their order."""
    controls: tuple[str, ...]
    withheld: tuple[str, ...] = ()
    """Those that are about fewer than three people."""


def clauses(
    framework: Framework,
    tallies: Mapping[str, Tally],
    members: Collection[str | None] | None,
    day: date,
) -> list[ClauseStand]:
    """The clauses of a framework that controls serve.

    Args:
        framework: the standard or law.
        tallies: all controls.
        members: the team and those below it; None: the whole organisation.
        day: the last day of the period: a clause may not be in effect yet.
    """
    found = []
    for clause in framework.clauses:
        serve = {
            name: tally.of(members)
            for name, tally in tallies.items()
            if clause.id in tally.control.clauses.get(framework.id, ())
        }
        if serve:
            found.append(_judged(clause, serve, day))
    return found


def uncovered(framework: Framework, tallies: Mapping[str, Tally]) -> list[Clause]:
    """Clauses that no control looks at, nor any of their parts."""
    mapped = (tally.control.clauses.get(framework.id, ()) for tally in tallies.values())
    served = {clause for clauses in mapped for clause in clauses}
    above: set[str | None] = set()
    for clause in served:
        parent = framework.parent(clause)
        while parent is not None:
            above.add(parent)
            parent = framework.parent(parent)
    return [one for one in framework.clauses if one.id not in served and one.id not in above]


def _judged(clause: Clause, serve: Mapping[str, Counts | None], day: date) -> ClauseStand:
    told = {name: counts for name, counts in serve.items() if counts is not None}
    short = tuple(
        Short(name, counts.state, counts) for name, counts in told.items() if not _is_shown(counts)
    )
    withheld = tuple(name for name, counts in serve.items() if counts is None)
    met = _met(clause, [one.counts for one in short], list(told.values()), day)
    if withheld and met in (Met.MET, Met.ATTESTED, Met.NOT_APPLICABLE):
        met = Met.NOT_KNOWN
    return ClauseStand(clause, met, short, tuple(serve), withheld)


def _is_shown(counts: Counts) -> bool:
    """Whether a control keeps no clause from being met."""
    if counts.state is State.NOT_APPLICABLE:
        return True
    return counts.state is State.PASS and counts.judged == counts.in_scope


def _met(clause: Clause, short: Sequence[Counts], told: Sequence[Counts], day: date) -> Met:
    if not clause.is_in_effect(day):
        return Met.NOT_IN_EFFECT
    states = {counts.state for counts in short}
    if State.FAIL in states:
        return Met.NOT_MET
    if states - {State.MANUAL}:
        return Met.NOT_KNOWN
    if states:
        return Met.ATTESTED
    if all(counts.state is State.NOT_APPLICABLE for counts in told):
        return Met.NOT_APPLICABLE
    return Met.MET

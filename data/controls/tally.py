"""What a control came to, counted: all that pages about many controls keep of an evaluation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from data.controls.definition import Control
from data.controls.outcome import Counts, Outcome, Result, counted
from data.controls.state import Reason, State
from data.few import FEWEST_PEOPLE, are_few

_UNSEEN = frozenset({Reason.NO_PERMISSION, Reason.NO_DATA})
NOBODY = Counts()


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is that cannot be seen."""

    source: str | None
    repository: str | None
    """None: of all that the source has."""
    team: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """One control, counted by team."""

    control: Control
    by_team: Mapping[str | None, Counts]
    """Of the rows of each team alone; None: of rows that belong to the organisation."""
    everywhere: Counts
    """Places that cannot be seen and may hold rows of any team."""
    unseen: Mapping[Place, int]
    """Members that are unknown since something is refused or was not told, by where they are."""
    untold: Mapping[Place, int]
    """Members that are unknown since their source never tells what is needed, likewise."""
    people: Mapping[str | None, frozenset[int]]
    """Of each team some of the people that its rows are about: all, if they are few."""
    error: str | None = None
    hides_few: bool = False
    """Whether counts of a team that tell of too few people are withheld."""

    def of(self, members: Collection[str | None] | None) -> Counts | None:
        """What it came to for teams; None: withheld, since it is about too few people.

        Args:
            members: the team and those below it; None: the whole organisation.
        """
        if self.error is not None:
            return counted((), is_error=True)
        chosen = [each for team, each in self.by_team.items() if members is None or team in members]
        found = sum(chosen, NOBODY)
        if self.is_withheld(members):
            return None
        return found + self.everywhere

    def is_withheld(self, members: Collection[str | None] | None) -> bool:
        """Whether nothing is told of teams, since it is about too few people."""
        if self.error is not None or not self.hides_few or members is None:
            return False
        return are_few(self._people(members))

    def _people(self, members: Collection[str | None]) -> Iterator[int]:
        return (one for team, some in self.people.items() if team in members for one in some)


def tallied(outcome: Outcome, *, sees_names: bool = False) -> Tally:
    """Counts the outcome of the whole organisation by team."""
    rows: dict[str | None, list[Result]] = {}
    everywhere = []
    for one in outcome.results:
        if one.is_place and one.team is None:
            everywhere.append(one)
        else:
            rows.setdefault(one.team, []).append(one)
    return Tally(
        control=outcome.control,
        by_team={team: counted(results) for team, results in rows.items()},
        everywhere=counted(everywhere),
        unseen=Counter(
            Place(one.source, one.repository, one.team)
            for one in _unknown(outcome)
            if one.reason in _UNSEEN
        ),
        untold=Counter(
            Place(one.source, one.repository, one.team)
            for one in _unknown(outcome)
            if one.reason is Reason.NOT_SUPPORTED
        ),
        people={team: _some(results) for team, results in rows.items()},
        error=outcome.error,
        hides_few=not sees_names,
    )


def _some(results: Iterable[Result]) -> frozenset[int]:
    """The people that rows are about, up to as many as are not few any more."""
    people = {one.person for one in results if one.person is not None}
    return frozenset(sorted(people)[:FEWEST_PEOPLE])


def _unknown(outcome: Outcome) -> list[Result]:
    """Members that are unknown; no places."""
    return [one for one in outcome.results if one.state is State.UNKNOWN and not one.is_place]

"""What a control came to, counted: all that pages about many controls keep of an evaluation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from data.controls.definition import Control
from data.controls.outcome import Counts, Outcome, Result, counted
from data.controls.state import Reason, State

FEWEST_PEOPLE = 3
"""Of fewer people than these no count is told to a reader who may not see names."""
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
    error: str | None = None
    least: int = 0
    """Counts of a team with fewer rows are withheld: they would tell of single people."""

    def of(self, members: Collection[str | None] | None) -> Counts | None:
        """What it came to for teams; None: withheld, since it is about fewer than three people.

        Args:
            members: the team and those below it; None: the whole organisation.
        """
        if self.error is not None:
            return counted((), is_error=True)
        chosen = [each for team, each in self.by_team.items() if members is None or team in members]
        found = sum(chosen, NOBODY)
        if members is not None and 0 < found.total < self.least:
            return None
        return found + self.everywhere


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
        error=outcome.error,
        least=least(outcome.control, sees_names=sees_names),
    )


def least(control: Control, *, sees_names: bool) -> int:
    """The fewest rows of a team that are counted for a reader."""
    return FEWEST_PEOPLE if control.is_about_people and not sees_names else 0


def _unknown(outcome: Outcome) -> list[Result]:
    """Members that are unknown; no places."""
    return [one for one in outcome.results if one.state is State.UNKNOWN and not one.is_place]

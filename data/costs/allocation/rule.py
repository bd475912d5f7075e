"""Whose charges are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field

from data.configuration.section import Slug
from data.costs.allocation.dated import Fault
from data.costs.allocation.matched import Matched, no_name, twice


class Rule(Matched):
    """Which charges, and whose they are. The first that matches holds."""

    team: Slug | None = Field(None, description="team that has it")
    team_from: str | None = Field(None, description="column or `tag.NAME` that names the team")
    teams: Mapping[str, Slug] = Field({}, description="team for values that are no team's name")
    pool: Slug | None = Field(None, description="pool that it falls into, to be split")
    unallocatable: str | None = Field(None, description="why nobody can have it")
    exclude: str | None = Field(None, description="why it is not our cost at all")

    def faults(self) -> Iterator[Fault]:
        """What in it cannot be meant."""
        yield from super().faults()
        said = [name for name in _ACTS if getattr(self, name) is not None]
        if len(said) != 1:
            listed = ", ".join(f"`{name}`" for name in _ACTS)
            what = f"`{self.id}` says {' and '.join(said) or 'nothing'} of whose a charge is"
            yield what, f"write one of {listed}", tuple(said[1:2])
        if self.team_from is not None:
            yield from no_name(self.team_from, ("team_from",))
        if self.teams and self.team_from is None:
            yield "`teams` without `team_from`", "write `team_from`", ("teams",)
        yield from twice(self.teams, "teams")

    @property
    def act(self) -> str:
        """The key that says whose a charge is."""
        return next(name for name in _ACTS if getattr(self, name) is not None)


_ACTS = ("team", "team_from", "pool", "unallocatable", "exclude")

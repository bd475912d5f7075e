"""The rules by which charges are allocated, as they hang together."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from string import ascii_lowercase, ascii_uppercase

from pydantic import Field, ValidationInfo, model_validator

from data.configuration.mistake import mistake, nearest
from data.configuration.place import Step
from data.configuration.section import Section
from data.costs.allocation.activity import Activity
from data.costs.allocation.dated import Dated, Fault, Words
from data.costs.allocation.dimension import OWN, TAG, Dimension, dimension
from data.costs.allocation.matched import Matched, no_name
from data.costs.allocation.pool import EVERY_TEAM, Pool, way_back
from data.costs.allocation.rule import Rule

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


class Book(Section):
    """All rules, in the order in which they are tried."""

    version: str = Field(min_length=1, description="name of this state of the rules")
    tag: Mapping[str, Words] = Field(
        {}, description='`team = ["team", "owner"]`: how a tag is also called in bills'
    )
    initiative_from: str | None = Field(
        None, description="column or `tag.NAME` that names the initiative of a charge"
    )
    rule: tuple[Rule, ...] = ()
    pool: tuple[Pool, ...] = ()
    activity: tuple[Activity, ...] = ()

    @model_validator(mode="after")
    def _each_can_be_meant(self) -> Book:
        if self.initiative_from is not None:
            for what, fix, steps in no_name(self.initiative_from, ("initiative_from",)):
                raise mistake(what, fix, *steps)
        for kind, some in self._lists():
            for index, one in enumerate(some):
                for what, fix, steps in one.faults():
                    raise mistake(what, fix, kind, index, *steps)
        return self

    @model_validator(mode="after")
    def _ids_are_one_at_a_time(self) -> Book:
        for kind, some in self._lists():
            for index, one in enumerate(some):
                twin = next((o for o in some[:index] if o.id == one.id and o.overlaps(one)), None)
                if twin is not None:
                    what = f"a second {kind} `{one.id}` for the same days"
                    raise mistake(what, "give it another id, or other days", kind, index, "id")
        return self

    @model_validator(mode="after")
    def _pools_are_there(self) -> Book:
        names = {pool.id for pool in self.pool}
        for index, rule in enumerate(self.rule):
            if rule.pool is not None and rule.pool not in names:
                what = f"there is no pool `{rule.pool}`"
                raise mistake(what, nearest(rule.pool, names), "rule", index, "pool")
        return self

    @model_validator(mode="after")
    def _pools_pass_downwards(self) -> Book:
        last = {pool.id: index for index, pool in enumerate(self.pool)}
        for index, pool in enumerate(self.pool):
            back = next((name for name in pool.targets if last.get(name, index + 1) <= index), None)
            if back is not None:
                way = " → ".join(way_back(self.pool, back, pool.id))
                what = f"`{pool.id}` passes on to `{back}`, which is not below it ({way})"
                fix = "pools are split in their order: leave one of the two ways out"
                key = "shares" if pool.shares else "to"
                raise mistake(what, fix, "pool", index, key)
        return self

    @model_validator(mode="after")
    def _teams_are_there(self, info: ValidationInfo) -> Book:
        """Only where teams are known: a book that is kept outlives a team."""
        teams = (info.context or {}).get("teams")
        if teams is not None:
            for what, fix, steps in self.team_faults(teams):
                raise mistake(what, fix, *steps)
        return self

    def team_faults(self, teams: Collection[str]) -> Iterator[Fault]:
        """Yields each name that is no team's, and each pool that is called as a team."""
        for name, steps in self._named_teams():
            if name not in teams:
                yield f"there is no team `{name}`", nearest(name, teams), steps
        for index, pool in enumerate(self.pool):
            if pool.id in teams:
                what = f"`{pool.id}` is a team already"
                yield what, "give the pool another id", ("pool", index, "id")

    def _named_teams(self) -> Iterator[tuple[str, tuple[Step, ...]]]:
        for index, rule in enumerate(self.rule):
            if rule.team is not None:
                yield rule.team, ("rule", index, "team")
            for value, team in rule.teams.items():
                yield team, ("rule", index, "teams", value)
        pools = {EVERY_TEAM, *(pool.id for pool in self.pool)}
        for index, pool in enumerate(self.pool):
            for name in pool.targets:
                if name not in pools:
                    yield name, ("pool", index, "shares" if pool.shares else "to")

    @property
    def sha256(self) -> str:
        """Changes when any rule does."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What rules look at: columns of bills, keys of those that hold JSON, and tags."""
        found = (dimension(name) for name in _alike(self._looked_at()))
        return tuple(one for one in found if one is not None)

    @property
    def own_columns(self) -> tuple[str, ...]:
        """Those columns of them that are not FOCUS's."""
        return tuple(one.column for one in self.dimensions if one.name.startswith(OWN))

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that rules look at, by their names here."""
        return tuple(one.name.removeprefix(TAG) for one in self.dimensions if one.is_tag)

    def aliases(self, tag: str) -> tuple[str, ...]:
        """What a tag is called in bills, what counts first first."""
        called = {name.lower(): words for name, words in self.tag.items()}
        return tuple(dict.fromkeys((*called.get(tag.lower(), ()), tag)))

    def _lists(self) -> tuple[tuple[str, Sequence[Dated]], ...]:
        return ("rule", self.rule), ("pool", self.pool), ("activity", self.activity)

    def _looked_at(self) -> Iterator[str]:
        matched: tuple[Matched, ...] = (*self.rule, *self.activity)
        for one in matched:
            yield from one.match
            yield from one.unless
        naming = (
            self.initiative_from,
            *(rule.team_from for rule in self.rule),
            *(activity.subject_from for activity in self.activity),
        )
        yield from (name for name in naming if name is not None)


def _alike(names: Iterator[str]) -> tuple[str, ...]:
    """Each once, as the database tells columns apart: of A to Z alone case has no meaning."""
    return tuple(sorted({name.translate(_LOWER): name for name in sorted(names)}.values()))

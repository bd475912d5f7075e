"""The rules by which charges are allocated: a TOML file; a mistake in it is told with its line."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from data.configuration.costs import CostSettings
from data.configuration.load import load_as
from data.configuration.mistake import mistake, nearest
from data.configuration.place import Step
from data.configuration.section import Section, Slug
from data.costs.bill.column import Type, known

TAG = "tag."
"""What stands before the name of a tag where a column could stand."""
EVERY_TEAM = "*"


class Method(StrEnum):
    """How a pool is split."""

    EVEN = "even"
    FIXED = "fixed"
    DIRECT_COST = "direct_cost"
    DRIVER = "driver"


class Fallback(StrEnum):
    """What is done where a split has nothing to go by."""

    PREVIOUS = "previous"
    """The ratios of the month before."""
    EVEN = "even"
    UNALLOCATED = "unallocated"
    """It stays in sight as what nobody has."""


class Bucket(StrEnum):
    """What a charge is to those who get it."""

    DIRECT = "direct"
    SHARED = "shared"
    IDLE = "idle"
    UNALLOCATED = "unallocated"
    UNALLOCATABLE = "unallocatable"
    EXCLUDED = "excluded"


def _as_words(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_as_words), Field(min_length=1)]
"""A text, or a list of texts; one at least."""


Fault = tuple[str, str, tuple[Step, ...]]
"""What is wrong, what to do, and the keys that lead to it."""


class Dated(Section):
    """Something that holds for charges from one day until before another."""

    id: Slug = Field(description="name, which each allocated row carries")
    from_: date | None = Field(None, alias="from", description="first day; none: always did")
    until: date | None = Field(None, description="day after the last; none: still holds")

    def faults(self) -> Iterator[Fault]:
        """What in it cannot be meant."""
        if self.from_ and self.until and self.until <= self.from_:
            yield f"`{self.id}` ends before it begins", "mend `from` or `until`", ("until",)

    def overlaps(self, other: Dated) -> bool:
        """Whether both hold on some day."""
        first, last = date.min, date.max
        return (self.from_ or first) < (other.until or last) and (other.from_ or first) < (
            self.until or last
        )


class Matched(Dated):
    """Something that is said of the charges that it matches."""

    match: Mapping[str, Words] = Field(
        description="columns of FOCUS and `tag.NAME`: patterns with `*` and `?`, of which one must "
        'fit; `""` is no value; upper and lower case are alike'
    )
    unless: Mapping[str, Words] = Field({}, description="likewise: whatever fits is left out")

    def faults(self) -> Iterator[Fault]:
        """What in it cannot be meant."""
        yield from super().faults()
        for key in ("match", "unless"):
            for name in getattr(self, key):
                yield from _no_column(name, (key, name))


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
            yield from _no_column(self.team_from, ("team_from",))
        if self.teams and self.team_from is None:
            yield "`teams` without `team_from`", "write `team_from`", ("teams",)
        yield from _twice(self.teams, "teams")

    @property
    def act(self) -> str:
        """The key that says whose a charge is."""
        return next(name for name in _ACTS if getattr(self, name) is not None)


_ACTS = ("team", "team_from", "pool", "unallocatable", "exclude")


class Activity(Matched):
    """What charges were for, whoever has them. The first that matches holds."""

    activity: Slug = Field(
        description="what they were for: `build`, `data`, `training`, `serving`, `tooling` or "
        "another word; metrics know the first four"
    )
    subject_from: str | None = Field(
        None, description="column or `tag.NAME` that names the service, model or pipeline"
    )
    subjects: Mapping[str, str] = Field(
        {}, description="service, model or pipeline for values that are not its name"
    )
    initiative: Slug | None = Field(None, description="initiative that they belong to")

    def faults(self) -> Iterator[Fault]:
        """What in it cannot be meant."""
        yield from super().faults()
        if self.subject_from is not None:
            yield from _no_column(self.subject_from, ("subject_from",))
        if self.subjects and self.subject_from is None:
            what = f"`{self.id}`: `subjects` without `subject_from`"
            yield what, "write `subject_from`", ("subjects",)
        yield from _twice(self.subjects, "subjects")


class Pool(Dated):
    """Shared charges, and how they are split. A pool may pass on to those below it alone."""

    title: str | None = Field(None, description="shown instead of the id")
    is_idle: bool = Field(False, description="whether it holds what nobody used")
    split: Method = Field(description="how")
    to: Words = Field((EVERY_TEAM,), description="teams and pools below; `*` is every team")
    shares: Mapping[Slug, Decimal] = Field({}, description="of a fixed split; they add up to 1")
    driver: Slug | None = Field(None, description="what was used, of a split by driver")
    fallback: tuple[Fallback, ...] = Field(
        (Fallback.UNALLOCATED,), description="what is done in turn where there is nothing to go by"
    )

    @field_validator("shares", mode="before")
    @classmethod
    def _is_exact(cls, given: Any) -> Any:
        if isinstance(given, dict) and any(isinstance(one, float) for one in given.values()):
            raise ValueError('write shares as texts, which are exact: "0.25"')
        return given

    def faults(self) -> Iterator[Fault]:
        """What in it cannot be meant."""
        yield from super().faults()
        if (self.split is Method.FIXED) != bool(self.shares):
            what = f"`{self.id}`: a fixed split has `shares`, and no other has"
            yield what, "write both or none", ("shares" if self.shares else "split",)
        if (self.split is Method.DRIVER) != (self.driver is not None):
            what = f"`{self.id}`: a split by driver has a `driver`, and no other has"
            yield what, "write both or none", ("driver" if self.driver else "split",)
        total = sum(self.shares.values())
        if self.shares and total != 1:
            what = f"the shares of `{self.id}` add up to {total}, not to 1"
            yield what, "change one of them", ("shares",)
        for name, share in self.shares.items():
            if share < 0:
                yield f"the share of `{name}` is negative", "mend it", ("shares", name)

    @property
    def targets(self) -> tuple[str, ...]:
        """The teams and pools that it names."""
        return tuple(self.shares) if self.split is Method.FIXED else self.to


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
        for what, fix, steps in _no_column_or_none(self.initiative_from, "initiative_from"):
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
                way = " → ".join(_way(self.pool, back, pool.id))
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
    def columns(self) -> tuple[str, ...]:
        """The columns of FOCUS that rules look at."""
        return _alike(name for name in self._looked_at() if not name.startswith(TAG))

    @property
    def own_columns(self) -> tuple[str, ...]:
        """Those of them that are not FOCUS's."""
        return tuple(name for name in self.columns if name not in known().columns)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that rules look at, by their names here."""
        found = (name.removeprefix(TAG) for name in self._looked_at() if name.startswith(TAG))
        return _alike(found)

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


def book_of(folder: Path, settings: CostSettings, teams: Collection[str]) -> Book:
    """The rules that a configuration names; none if it names none.

    Raises:
        ConfigurationError: as `read_book`.
    """
    if settings.rules is None:
        return Book(version="none")
    return read_book(folder / Path(settings.rules).expanduser(), teams)


def read_book(path: Path, teams: Collection[str] | None = None) -> Book:
    """Reads the rules.

    Args:
        path: the file.
        teams: all that rules may name; None: any.

    Raises:
        ConfigurationError: naming file and line of what cannot be meant.
    """
    return load_as(Book, path, {"teams": teams})


def _no_column(name: str, steps: tuple[Step, ...]) -> Iterator[Fault]:
    if name.startswith(TAG) and name != TAG:
        return
    columns = {one for one, column in known().columns.items() if column.type is Type.TEXT}
    if name not in columns and not name.startswith("x_"):
        fix = f"{nearest(name, columns)}, or write `tag.NAME`"
        yield f"`{name}` is no column of texts in a bill", fix, steps


def _twice(values: Mapping[str, str], key: str) -> Iterator[Fault]:
    """Values that are the same where upper and lower case are alike: each would match."""
    seen: set[str] = set()
    for value in values:
        folded = value.strip().lower()
        if folded in seen:
            what = f"`{value}` stands twice in `{key}`: upper and lower case are alike"
            yield what, "leave one of the two", (key, value)
        seen.add(folded)


def _alike(names: Iterator[str]) -> tuple[str, ...]:
    """Each once, as the database tells columns apart: without regard to case."""
    return tuple(sorted({name.lower(): name for name in sorted(names)}.values()))


def _no_column_or_none(name: str | None, key: str) -> Iterator[Fault]:
    if name is not None:
        yield from _no_column(name, (key,))


def _way(pools: Sequence[Pool], start: str, end: str) -> list[str]:
    """The pools from one to another, over what each names, and back to the start."""
    targets = {pool.id: pool.targets for pool in pools}
    ways = [[start]]
    while ways:
        way = ways.pop(0)
        if way[-1] == end:
            return [end, *way]
        ways += [[*way, t] for t in targets.get(way[-1], ()) if t in targets and t not in way]
    return [end, start]

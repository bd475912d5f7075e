"""The invented organisation as data: who works where, on what, and how well."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from data.model import GapReason

STORY_DAYS = 730
"""Length of the time over which the courses of the teams are told."""

PRODUCTION = "production"
"""What every team calls its last environment."""

_DAY = 86_400


def _course(value: object) -> object:
    return (value,) if isinstance(value, int | float) else value


def _month_day(value: object) -> object:
    return tuple(int(part) for part in value.split("-")) if isinstance(value, str) else value


Course = Annotated[tuple[float, ...], BeforeValidator(_course)]
"""Values spread evenly over the story; see `at`."""

MonthDay = Annotated[tuple[int, int], BeforeValidator(_month_day)]
"""Month and day of every year."""


def at(course: Course, story: float) -> float:
    """The value of a course at a share (0 to 1) of the story, between its two neighbours."""
    reach = story * (len(course) - 1)
    left = min(int(reach), len(course) - 1)
    right = min(left + 1, len(course) - 1)
    return course[left] + (course[right] - course[left]) * (reach - left)


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Merges(StrEnum):
    """How changes reach the mainline of a repository."""

    MERGE = "merge"
    SQUASH = "squash"
    MIXED = "mixed"


class CommitName(StrEnum):
    """How deployments of a repository name the commit they bring."""

    FULL = "full"
    SHORT = "short"
    VERSION = "version"
    """Not at all: they only name the version."""


class Country(_Value):
    """Where a team works: time zone and public holidays of every year."""

    timezone: str
    holidays: frozenset[MonthDay]


class Disruption(_Value):
    """Days on which a team releases less and breaks more; `to` is the last of them."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    release_factor: float
    fail_factor: float


class Work(_Value):
    """What one team does in one repository."""

    name: str
    services: tuple[str, ...]
    merges: Merges
    folder: str | None = None
    weight: float = 1
    direct_share: float = 0
    is_tagged: bool = False
    has_reviews: bool = True
    names_commit: CommitName = CommitName.FULL
    shallow_since: date | None = None
    opened: date | None = None
    closed: date | None = None

    def path_of(self, service: str) -> str | None:
        """The folder of a service in a shared repository."""
        return f"{self.folder}/{service}" if self.folder else None


class Team(_Value):
    """A team: how much it does, how fast, and how often it goes wrong."""

    name: str
    country: str
    environments: tuple[str, ...]
    """In the order a release passes them; the last is production."""
    deploy_hours: tuple[int, int]
    changes_per_day: Course
    """Of all its repositories together."""
    slots_per_day: Course
    """Planned releases of each repository."""
    release_share: Course
    """Share of changes released as soon as they land."""
    coding_hours: Course
    review_hours: Course
    merge_hours: Course
    bake_hours: Course
    """From staging to production."""
    fail_share: Course
    """Share of planned production deployments that go wrong."""
    recovery_hours: Course
    topics: tuple[str, ...]
    repositories: tuple[Work, ...]
    disruption: Disruption | None = None


class KnownIncident(_Value):
    """An incident that is written down because no rule would make it."""

    service: str
    title: str
    severity: str
    started_at: datetime
    resolved_at: datetime | None = None
    reopened_count: int = 0


class KnownGap(_Value):
    """Rows about one thing that the source did not give; `to` is the first day after."""

    stream: str
    about: str
    """Service, model or other thing."""
    environment: str | None = None
    first: date = Field(alias="from")
    end: date = Field(alias="to")
    reason: GapReason
    what: str
    fix: str


class Organisation(_Value):
    """The whole of it."""

    name: str
    git_url: str
    incident_url: str
    founded: date
    freeze_from: MonthDay
    freeze_to: MonthDay
    countries: dict[str, Country] = Field(alias="country")
    teams: tuple[Team, ...] = Field(alias="team")
    incidents: tuple[KnownIncident, ...] = Field(alias="incident")
    gaps: tuple[KnownGap, ...] = Field(alias="gap")

    def repositories(self) -> dict[str, tuple[tuple[Team, Work], ...]]:
        """Each repository by name, with the work of the teams that share it."""
        shared: dict[str, tuple[tuple[Team, Work], ...]] = {}
        for team in self.teams:
            for work in team.repositories:
                shared[work.name] = (*shared.get(work.name, ()), (team, work))
        return shared

    def is_frozen(self, day: date) -> bool:
        """Whether planned production deployments are stopped over the turn of the year."""
        month_day = (day.month, day.day)
        return month_day >= self.freeze_from or month_day <= self.freeze_to


def story_at(organisation: Organisation, course: Course, at_second: int) -> float:
    """The value of a course at an instant (UTC seconds since 1970)."""
    founded = datetime.combine(organisation.founded, time(), tzinfo=UTC).timestamp()
    return at(course, min(max((at_second - founded) / (STORY_DAYS * _DAY), 0.0), 1.0))


@lru_cache(maxsize=1)
def organisation() -> Organisation:
    """The organisation that comes with Cairn."""
    text = files(__package__).joinpath("organisation.toml").read_text(encoding="utf-8")
    return Organisation.model_validate(tomllib.loads(text))

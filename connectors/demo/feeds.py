"""The invented organisation's data as data: its pipelines, what they read and what they make."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files

from pydantic import Field

from connectors.demo.learning import Days, Value
from connectors.demo.organisation import Course


class FeedOutage(Days):
    """Days on which a pipeline fails, and the day on which it makes up for them."""

    made_up_on: date


class BadDays(Days):
    """Days on which a check of what a pipeline makes often fails."""

    check: str
    share: float


class Feed(Value):
    """A data pipeline: it processes a stretch of data each `every_hours`."""

    name: str
    team: str
    purpose: str
    owner: str | None = None
    first: date = Field(alias="from")
    every_hours: int = 24
    start_minutes: int = 20
    """From the end of a stretch of data to the start of its run."""
    minutes: Course
    fail_share: float = 0.008
    flaky_share: float = 0.03
    """Share of runs that succeed only because tasks are tried again."""
    reads: tuple[str, ...]
    makes: str
    checks: tuple[str, ...] = ()
    checked_from: date | None = None
    fresh_minutes: int = 240
    """Age of the newest data from which a freshness check fails."""
    rows: int = 200_000
    missing: tuple[datetime, ...] = ()
    """Ends of stretches of data that nothing ran for."""
    outage: FeedOutage | None = None
    bad: BadDays | None = None


class SourceSet(Value):
    """A dataset that no pipeline makes."""

    name: str
    description: str
    owner: str | None = None
    kind: str = "source"
    is_from_outside: bool = True


class Delivery(Value):
    """A repository whose builds are told, from a day on."""

    repository: str
    first: date = Field(alias="from")


class Feeds(Value):
    """All of it."""

    url: str
    feeds: tuple[Feed, ...] = Field(alias="feed")
    sources: tuple[SourceSet, ...] = Field(alias="dataset")
    deliveries: tuple[Delivery, ...] = Field(alias="delivery")


@lru_cache(maxsize=1)
def feeds() -> Feeds:
    """The pipelines and datasets that come with Cairn."""
    text = files(__package__).joinpath("feeds.toml").read_text(encoding="utf-8")
    return Feeds.model_validate(tomllib.loads(text))

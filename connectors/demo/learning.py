"""The invented organisation's models as data: who trains them, how often, and what befalls them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from connectors.demo.organisation import Course


class Value(BaseModel):
    """Part of a description: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _once(value: object) -> object:
    return (value,) if isinstance(value, date | datetime) else value


class Days(Value):
    """A stretch of days; `to` is the first day after."""

    first: date = Field(alias="from")
    end: date = Field(alias="to")


class Decay(Value):
    """Days on which a model in production gets worse, and by how much a day."""

    first: date = Field(alias="from")
    a_day: float


class LearnedModel(Value):
    """A model, and how its team makes it."""

    name: str
    team: str
    repository: str
    """Of its training code."""
    service: str | None = None
    """Service that serves it."""
    purpose: str
    owner: str | None = None
    """As the registry says."""
    risk_class: str | None = None
    registered: date
    days_between: Course
    """From one training to the next."""
    last_trained: date | None = None
    minutes: float = 40
    """A training lasts."""
    metric: str
    level: float
    """Value of the metric at a usual training."""
    is_higher_better: bool = True
    datasets: tuple[str, ...]
    features: tuple[str, ...] = ()
    """Those that are watched for drift."""
    promoted_share: float = 0.85
    gate_fail_share: float = 0.07
    gate_warned: date | None = None
    """The first gate from this day on ends with a warning."""
    unapproved_share: float = 0.0
    self_approved_share: float = 0.0
    lacks: Mapping[str, float] = {}
    """Share of trainings that do not tell a fact: commit, digest, parameters, packages or seed."""
    rolls_back: Annotated[tuple[date, ...], BeforeValidator(_once)] = ()
    """The first version promoted from such a day on is taken back."""
    stage_since: date | None = None
    """The day on which somebody moves the stage and forgets the alias."""
    deletes: date | None = None
    """The day on which its first version is deleted."""
    compares_groups: bool = False
    """Whether a training also measures how far groups of people are treated alike."""
    card: date | None = None
    """The day its card was written."""
    monitored_from: date | None = None
    """First day of drift checks."""
    evaluated_from: date | None = None
    """First day on which its answers are held against what came true."""
    drift: Days | None = None
    decay: Decay | None = None


class Learning(Value):
    """All models, and how their registry is read."""

    url: str
    read_from: datetime
    """First reading of the registry; then one an hour."""
    unread: tuple[Days, ...] = ()
    """Days on which the registry could not be read."""
    models: tuple[LearnedModel, ...] = Field(alias="model")


@lru_cache(maxsize=1)
def learning() -> Learning:
    """The models that come with Cairn."""
    text = files(__package__).joinpath("learning.toml").read_text(encoding="utf-8")
    return Learning.model_validate(tomllib.loads(text))

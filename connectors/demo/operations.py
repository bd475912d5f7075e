"""What is watched of the invented organisation's services, and what it brings in by a file."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files

from pydantic import Field

from connectors.demo.learning import Days, Value
from connectors.demo.organisation import Course


class Burning(Days):
    """Days on which a service loses a share of its requests."""

    lost_share: float


class Surge(Value):
    """A day on which a service gets so many times its usual requests."""

    on: date
    factor: float


class Watched(Value):
    """A service whose availability is measured each day."""

    service: str
    first: date = Field(alias="from")
    requests_a_day: int
    has_requests: bool = False
    """Whether its requests are told on their own, beside being what its availability is of."""
    processor_share: Course | None = None
    """How much of its processors it uses."""
    burning: Burning | None = None
    unmeasured: Days | None = None
    """Days that nothing was measured on; the half days around them were in part."""
    surges: tuple[Surge, ...] = ()


class Nuisance(Value):
    """An alert that fires again and again without an incident."""

    name: str
    service: str
    pipeline: str | None = None
    summary: str
    severity: str = "warning"
    first: date = Field(alias="from")
    a_month: Course
    minutes: float
    is_remedied_by_machine: bool | None = None


class ModelAlert(Value):
    """An alert about a model."""

    name: str
    model: str
    service: str
    summary: str
    started_at: datetime
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None


class Imported(Value):
    """Values of one measure, period after period."""

    measure: str
    team: str | None = None
    about: str | None = None
    unit: str
    first: date = Field(alias="from")
    months: int
    """Length of a period."""
    values: tuple[float, ...]
    note: str | None = None


class Operations(Value):
    """All of it."""

    alerts_url: str
    metrics_url: str
    imports_url: str
    target: float
    alerts_from: date
    watched: tuple[Watched, ...]
    nuisances: tuple[Nuisance, ...] = Field(alias="nuisance")
    model_alerts: tuple[ModelAlert, ...] = Field(alias="model_alert")
    imports: tuple[Imported, ...] = Field(alias="import")


@lru_cache(maxsize=1)
def operations() -> Operations:
    """What comes with Cairn."""
    text = files(__package__).joinpath("operations.toml").read_text(encoding="utf-8")
    return Operations.model_validate(tomllib.loads(text))

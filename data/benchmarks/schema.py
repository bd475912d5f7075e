"""What a benchmark file holds, and reading it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from data.errors import CairnError

_FOLDER = Path(__file__).parent


class BenchmarkError(CairnError):
    """A benchmark file is missing or says something it cannot mean."""


class Kind(StrEnum):
    """How an edition speaks about a value."""

    CENTROIDS = "centroids"
    DISTRIBUTION = "distribution"
    SCALE = "scale"
    THRESHOLDS = "thresholds"


class Metric(StrEnum):
    """The metrics that benchmarks speak about, by their ids in `data/metrics`."""

    DEPLOYMENT_FREQUENCY = "deployment_frequency"  # deployments per day
    LEAD_TIME = "lead_time"  # seconds
    CHANGE_FAIL_RATE = "change_fail_rate"  # fraction, 0..1
    RECOVERY_TIME = "recovery_time"  # seconds
    REWORK_RATE = "rework_rate"  # fraction, 0..1

    @property
    def is_higher_better(self) -> bool:
        """Whether a larger value is the better one."""
        return self is Metric.DEPLOYMENT_FREQUENCY


class Evidence(StrEnum):
    """How far a stated value could be verified."""

    PUBLICATION = "publication"  # read in the publication itself
    FACSIMILE = "facsimile"  # read in an image of the publication's page
    CORROBORATED = "corroborated"  # two or more accounts of the publication agree
    SINGLE_ACCOUNT = "single_account"  # one account of the publication
    UNVERIFIED = "unverified"  # not asserted: the value is null and `tried` says why
    OWN = "own"  # not published by anyone: our own choice, with a rationale


def _number(value: object) -> object:
    return float(Fraction(value)) if isinstance(value, str) else value


Number = Annotated[float, BeforeValidator(_number)]
"""A number, or a fraction written as text (`1/7`)."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Strict):
    """Where stated values come from, and in what form it was read."""

    title: str
    year: int
    publisher: str
    url: str
    read_as: str


class Stated(_Strict):
    """A published statement: its wording, its sources by id, the place in them, its evidence."""

    says: str
    cite: tuple[str, ...]
    at: str
    evidence: Evidence
    tried: str | None = None

    @model_validator(mode="after")
    def _is_backed(self) -> Stated:
        if not self.cite:
            raise ValueError("cites no source")
        if self.evidence is Evidence.CORROBORATED and len(self.cite) < 2:
            raise ValueError("is corroborated by fewer than two sources")
        if (self.evidence is Evidence.UNVERIFIED) != (self.tried is not None):
            raise ValueError("says what was tried exactly when it is unverified")
        return self


class Share(Stated):
    """A share of the respondents, as a fraction; null when it could not be verified."""

    value: Number | None

    @model_validator(mode="after")
    def _asserts_only_what_is_known(self) -> Share:
        if (self.evidence is Evidence.UNVERIFIED) != (self.value is None):
            raise ValueError("a share is null exactly when it is unverified")
        return self


class Level(Stated):
    """One published cluster value, answer or band on one metric, with its bounds.

    Bounds are in the metric's unit; a missing lower bound is 0, a missing upper one infinity.
    """

    name: str
    at_least: Number | None = None
    above: Number | None = None
    below: Number | None = None
    at_most: Number | None = None
    share: Share | None = None  # distribution
    score: Number | None = None  # scale
    rationale: str | None = None  # thresholds

    @property
    def low(self) -> float:
        """The lower end, included when given by `at_least`."""
        return next((end for end in (self.at_least, self.above) if end is not None), 0.0)

    @property
    def high(self) -> float:
        """The upper end, included when given by `at_most`."""
        return next((end for end in (self.below, self.at_most) if end is not None), math.inf)

    def holds(self, value: float) -> bool:
        """Whether the stated range contains the value."""
        above_low = value > self.low if self.above is not None else value >= self.low
        return above_low and (value <= self.high if self.below is None else value < self.high)


class Cluster(_Strict):
    """A named group of respondents and how large it was."""

    name: str
    share: Share


class Mean(Stated):
    """The mean score of all respondents on one metric, with its standard deviation."""

    edition: int
    metric: Metric
    score: Number
    spread: Number


class Benchmark(_Strict):
    """One edition. Levels stand in the published order, best first."""

    id: str
    title: str
    kind: Kind
    sources: Mapping[str, Source]
    readings: tuple[str, ...]  # how words became numbers
    notes: tuple[str, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    metrics: Mapping[Metric, tuple[Level, ...]]
    means: tuple[Mean, ...] = ()

    @property
    def statements(self) -> tuple[Stated, ...]:
        """Everything the edition states: levels, their shares, cluster shares and means."""
        levels = [level for levels in self.metrics.values() for level in levels]
        shares = [level.share for level in levels if level.share is not None]
        return (*levels, *shares, *(cluster.share for cluster in self.clusters), *self.means)

    @model_validator(mode="after")
    def _is_complete(self) -> Benchmark:
        cited = {source for stated in self.statements for source in stated.cite}
        if unknown := sorted(cited - self.sources.keys()):
            raise ValueError(f"cites sources it does not list: {', '.join(unknown)}")
        needed = _NEEDED.get(self.kind)
        for metric, levels in self.metrics.items():
            if needed and any(getattr(level, needed) is None for level in levels):
                raise ValueError(f"{metric}: each level of a {self.kind} needs a {needed}")
            names = [cluster.name for cluster in self.clusters]
            if self.kind is Kind.CENTROIDS and names != [level.name for level in levels]:
                raise ValueError(f"{metric}: levels are not the clusters in their order")
        return self


_NEEDED = {Kind.DISTRIBUTION: "share", Kind.SCALE: "score", Kind.THRESHOLDS: "rationale"}


def editions() -> list[str]:
    """The ids of all editions that can be loaded, in alphabetical order."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


@cache
def load(edition_id: str) -> Benchmark:
    """Reads one edition, for example `dora_2024`, `dora_2025`, `quick_check` or `cairn`.

    Raises:
        BenchmarkError: if there is no such edition, or its file is not what it should be.
    """
    if edition_id not in editions():
        known = ", ".join(editions())
        raise BenchmarkError(
            f"no benchmark {edition_id!r}", "data/benchmarks", f"use one of {known}"
        )
    return read(_FOLDER / f"{edition_id}.yaml")


def read(path: Path) -> Benchmark:
    """Reads and validates one benchmark file.

    Raises:
        BenchmarkError: naming the file, the place in it and what is wrong.
    """
    try:
        benchmark = Benchmark.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise BenchmarkError(f"not valid YAML: {problem}", str(path), "mend it") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise BenchmarkError(f"{place}: {first['msg']}", str(path), "mend it") from error
    if benchmark.id != path.stem:
        raise BenchmarkError(f"its id is {benchmark.id!r}", str(path), "give it the file's name")
    return benchmark

"""Entities of data: datasets, the checks on them, and what is made from what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from data.model.record import Record


class CheckState(StrEnum):
    """What a check came to. A warning is no failure, and what was skipped did not pass."""

    PASS = "pass"  # noqa: S105 - a state, no secret
    FAIL = "fail"
    WARN = "warn"
    ERROR = "error"
    """The check itself could not be made."""
    SKIPPED = "skipped"


class CheckKind(StrEnum):
    """What is checked."""

    TEST = "test"
    FRESHNESS = "freshness"
    DRIFT = "drift"
    GATE = "gate"
    """A condition that a version of a model must meet."""


class NodeKind(StrEnum):
    """What stands at an end of a lineage edge."""

    DATASET = "dataset"
    PIPELINE = "pipeline"
    RUN = "run"
    MODEL_VERSION = "model_version"
    SERVICE = "service"
    DASHBOARD = "dashboard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset(Record):
    """A table, file, feature set or stream of data."""

    name: Annotated[str, "name that ownership patterns match (`dataset:…`)"]
    kind: Annotated[str | None, "what it is, as the source says: model, seed, source, feature, …"]
    owner: Annotated[str | None, "owner as the source says; ownership is configured"]
    description: Annotated[str | None, "what it is, as the source says"]
    is_source: Annotated[
        bool | None, "whether it comes from outside, so that nothing is above it; null if unknown"
    ]
    digest: Annotated[str | None, "hash of its newest known content; null if none is told"] = None
    path: Annotated[str | None, "file that defines it; null if it has none"] = None
    created_at: Annotated[datetime | None, "when it was made; null if unknown"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCheck(Record):
    """One outcome of one check on data or on a model."""

    dataset: Annotated[str | None, "name of the dataset, if it is about one"]
    name: Annotated[str, "name of the check"]
    kind: Annotated[str, "`test`, `freshness`, `drift` or `gate`"]
    state: Annotated[str, "`pass`, `fail`, `warn`, `error` or `skipped`"]
    checked_at: Annotated[datetime, "when it ended"]
    invocation: Annotated[str, "id of the run of the tool: all outcomes of one run share it"]
    pipeline: Annotated[str | None, "name of the pipeline it ran in, if known"] = None
    model: Annotated[str | None, "name of the model, if it is about one"] = None
    version: Annotated[str | None, "version of the model, if it is about one"] = None
    feature: Annotated[str | None, "column or feature, if it is about one"] = None
    severity: Annotated[str | None, "severity as the tool says it"] = None
    failures: Annotated[int | None, "rows that failed; null if not counted"] = None
    rows: Annotated[int | None, "rows that were looked at; null if not counted"] = None
    value: Annotated[
        float | None, "what was measured: a share, a distance; null if nothing was"
    ] = None
    threshold: Annotated[float | None, "limit it was held against; null if none is told"] = None
    data_at: Annotated[
        datetime | None, "freshness: time of the newest data; null otherwise or if unknown"
    ] = None
    message: Annotated[str | None, "what the tool says of it"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageEdge(Record):
    """One thing is made from another."""

    from_kind: Annotated[str, "kind of what is read: see NodeKind"]
    from_name: Annotated[str, "name of what is read"]
    to_kind: Annotated[str, "kind of what is made: see NodeKind"]
    to_name: Annotated[str, "name of what is made; of a version of a model `model@version`"]
    from_digest: Annotated[str | None, "content that was read; null if not told"] = None
    run: Annotated[str | None, "id of the row of the run that made it, if known"] = None
    seen_at: Annotated[datetime | None, "when the source last said so; null if it has no times"] = (
        None
    )

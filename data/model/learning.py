"""Entities of machine learning: models, their versions, what became of them, how they were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from data.model.record import Record


class ModelEventKind(StrEnum):
    """What happened to a model or to one of its versions."""

    CREATED = "created"
    DELETED = "deleted"
    ALIAS = "alias"
    """An alias was set, moved or removed."""
    STAGE = "stage"
    TAG = "tag"
    """A tag of a version was set, changed or removed: so are approvals and gates told."""
    SERVING = "serving"
    """An environment was told to serve a version, or to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Record):
    """A model as its registry names it: the sum of its versions."""

    name: Annotated[str, "name that ownership patterns match (`model:…`)"]
    description: Annotated[str | None, "what it is for, as the registry says; null: nothing"]
    created_at: Annotated[datetime | None, "when it was registered; null if unknown"]
    owner: Annotated[str | None, "owner as the registry says; ownership is configured"] = None
    risk_class: Annotated[str | None, "class of risk as the registry says; null if it does not"] = (
        None
    )
    is_archived: Annotated[
        bool | None, "whether it is retired; null if the registry knows none"
    ] = None
    gone_after_at: Annotated[datetime | None, "last complete reading that showed it, if gone"] = (
        None
    )
    gone_before_at: Annotated[
        datetime | None, "first complete reading without it; null: it is there"
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion(Record):
    """A version of a model. One that was deleted stays, since it may have been in production."""

    model: Annotated[str, "name of the model"]
    version: Annotated[str, "version as the registry says it"]
    number: Annotated[int | None, "place among the versions of the model, where it has one"]
    created_at: Annotated[datetime | None, "when it was registered; null if unknown"]
    run: Annotated[str | None, "id of the row of the training run that made it; null if not told"]
    artifact: Annotated[str | None, "address of what was trained, without credentials"] = None
    status: Annotated[str | None, "whether it is ready, as the registry says"] = None
    description: Annotated[str | None, "what the registry says of it"] = None
    created_by: Annotated[str | None, "account that registered it; null if unknown"] = None
    gone_after_at: Annotated[datetime | None, "last complete reading that showed it, if gone"] = (
        None
    )
    gone_before_at: Annotated[
        datetime | None, "first complete reading without it; null: it is there"
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEvent(Record):
    """Something that happened to a model, between two times.

    Registries that keep no history are read again and again: what happened lies between the
    reading that showed it otherwise and the first that showed it. Which alias, stage or tag means
    production is for the configuration to say, not for the source.
    """

    model: Annotated[str, "name of the model"]
    version: Annotated[
        str | None, "version it is about; null: of the whole model, or an alias points nowhere"
    ]
    kind: Annotated[str, "`created`, `deleted`, `alias`, `stage`, `tag` or `serving`"]
    name: Annotated[
        str | None, "alias, key of the tag, or environment that serves; null for other kinds"
    ]
    value: Annotated[str | None, "stage, or value of the tag; null: removed, or none"]
    previous: Annotated[
        str | None, "version, stage or value before, as far as is known; null: none or not known"
    ]
    occurred_after_at: Annotated[
        datetime | None, "it happened after this; null: nothing was read before"
    ]
    occurred_before_at: Annotated[datetime, "it happened at this time at the latest"]
    actor: Annotated[str | None, "account that did it; null if unknown"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRun(Record):
    """A run of an experiment, which may have made a version of a model."""

    experiment: Annotated[str, "name of the experiment"]
    name: Annotated[str, "name of the run"]
    result: Annotated[str, "`success`, `failure`, `cancelled`, `skipped` or `running`"]
    started_at: Annotated[datetime | None, "when it began; null if unknown"]
    finished_at: Annotated[datetime | None, "when it ended; null while it runs"]
    started_by: Annotated[str | None, "account that started it; null if unknown"] = None
    repository: Annotated[str | None, "name or address of the repository of its code"] = None
    sha: Annotated[str | None, "commit of its code; null if it logged none"] = None
    is_clean: Annotated[
        bool | None, "whether the code was that commit's, without changes; null if not told"
    ] = None
    datasets: Annotated[
        tuple[str, ...] | None, "`name@digest` of the data it read; null if the source cannot say"
    ] = None
    parameter_count: Annotated[
        int | None, "parameters it logged; null if the source cannot say"
    ] = None
    has_seed: Annotated[bool | None, "whether it logged a seed; null if the source cannot say"] = (
        None
    )
    has_environment: Annotated[
        bool | None, "whether it kept a file of its packages; null if nobody looked"
    ] = None
    image: Annotated[str | None, "digest of the container image it ran in; null if not told"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation(Record):
    """One value of one metric of a training run or of a version of a model."""

    run: Annotated[str | None, "id of the row of the training run, if it belongs to one"]
    model: Annotated[str | None, "name of the model, if it is about one"]
    version: Annotated[str | None, "version of the model, if it is about one"]
    metric: Annotated[str, "name of the metric at its source"]
    value: Annotated[float | None, "the value; null: the source gave no number (NaN, infinite)"]
    dataset: Annotated[str | None, "`name@digest` or role of the data it was measured on"]
    evaluated_at: Annotated[datetime, "when it was measured"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard(Record):
    """What a file says a model is for, as far as an audit asks for it."""

    model: Annotated[str, "name of the model"]
    version: Annotated[str | None, "version it is about; null: all"]
    path: Annotated[str, "the file"]
    title: Annotated[str | None, "its title"]
    owner: Annotated[str | None, "owner it names"]
    risk_class: Annotated[str | None, "class of risk it names"]
    licence: Annotated[str | None, "licence it names"]
    datasets: Annotated[tuple[str, ...], "data it names"]
    sections: Annotated[tuple[str, ...], "its headings, in their order"]
    sha: Annotated[str | None, "commit in which it stands; null outside Git"]
    written_at: Annotated[datetime | None, "when it was last changed; null if unknown"]

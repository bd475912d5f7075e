"""Entities of operation: alerts, what was measured of a service, what lies in registries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from data.model.record import Record


class IndicatorKind(StrEnum):
    """What a measured value says."""

    OBJECTIVE = "objective"
    """The share of good events or good time, held against a target."""
    UTILISATION = "utilisation"
    """The share of a resource that is used."""
    REQUESTS = "requests"
    """How many requests were served."""
    TOKENS = "tokens"
    """How many tokens a language model read and wrote."""

    @property
    def is_count(self) -> bool:
        """Whether values are numbers of something, and no shares."""
        return self in {IndicatorKind.REQUESTS, IndicatorKind.TOKENS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert(Record):
    """One time that an alert fired, from its start to its end."""

    name: Annotated[str, "name of the alert's rule"]
    fingerprint: Annotated[str, "hash of its labels: the same for each time it fires"]
    service: Annotated[str | None, "service it is about, if its labels say"]
    environment: Annotated[str | None, "environment it is about, if its labels say"]
    severity: Annotated[str | None, "severity as its labels say"]
    summary: Annotated[str | None, "what it says to people"]
    started_at: Annotated[datetime, "when its condition began to hold"]
    resolved_at: Annotated[
        datetime | None,
        "when it was first known to hold no more; null while it fires or if unknown",
    ]
    firing_until_at: Annotated[datetime | None, "last time it was seen to fire; null if not told"]
    acknowledged_at: Annotated[datetime | None, "when somebody took it on; null if not known"] = (
        None
    )
    model: Annotated[str | None, "model it is about, if its labels say"] = None
    pipeline: Annotated[str | None, "pipeline it is about, if its labels say"] = None
    incident: Annotated[str | None, "id or address of the incident it belongs to, if told"] = None
    is_remedied_by_machine: Annotated[
        bool | None, "whether a machine mended it; null if not told"
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Record):
    """What was measured of a service over a stretch of time."""

    name: Annotated[str, "name of the objective or of the resource"]
    kind: Annotated[str, "`objective`, `utilisation`, `requests` or `tokens`"]
    service: Annotated[str | None, "service it is about, if the source says"]
    environment: Annotated[str | None, "environment it is about, if the source says"]
    from_at: Annotated[datetime, "start of the stretch"]
    until_at: Annotated[datetime, "end of the stretch, which is not part of it"]
    value: Annotated[
        float | None, "share from 0 to 1, or number of requests or tokens; null if not known"
    ]
    target: Annotated[float | None, "share that is aimed at; null if there is none"]
    known_seconds: Annotated[int, "how much of the stretch was measured: gaps are left out"]
    total: Annotated[float | None, "events the share is of; null if it is a share of time"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact(Record):
    """A container image or another thing in a registry: its digest is what it is."""

    repository: Annotated[str, "name of its repository in the registry"]
    digest: Annotated[str, "hash of its manifest, with the name of the algorithm"]
    media_type: Annotated[str | None, "what kind of thing it is"]
    size_bytes: Annotated[int | None, "size of its layers and configuration; null if not told"]
    created_at: Annotated[datetime | None, "when it was built, as it says; null if it does not"]
    sha: Annotated[str | None, "commit that its labels name; null if they name none"]
    first_seen_at: Annotated[datetime | None, "first reading that showed it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactTag(Record):
    """A tag of a registry came to point to a digest, between two times; or to nothing."""

    repository: Annotated[str, "name of the repository in the registry"]
    tag: Annotated[str, "the tag"]
    digest: Annotated[str | None, "what it points to from then on; null: it is gone"]
    previous: Annotated[str | None, "what it pointed to before; null: nothing, or not known"]
    occurred_after_at: Annotated[
        datetime | None, "it happened after this; null: nothing was read before"
    ]
    occurred_before_at: Annotated[datetime, "it happened at this time at the latest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Record):
    """A piece of infrastructure that code declares or that a state file knows."""

    name: Annotated[str, "address in the code or state"]
    kind: Annotated[str, "type as the tool says it"]
    tool: Annotated[str, "`terraform`, `kubernetes` or another"]
    provider: Annotated[str | None, "provider or API group"]
    repository: Annotated[str | None, "repository that declares it, if known"]
    path: Annotated[str | None, "file that declares it"]
    region: Annotated[str | None, "region, if told"] = None
    resource: Annotated[str | None, "id at its provider, which invoices name too"] = None
    service: Annotated[str | None, "service it is labelled for"] = None
    environment: Annotated[str | None, "environment it is labelled for"] = None
    labels: Annotated[tuple[str, ...], "`key=value` of labels that are let through"] = ()
    image: Annotated[str | None, "container image it runs; null if none"] = None
    change: Annotated[str | None, "what a plan would do to it; null: nothing is planned"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedValue(Record):
    """A value that a company brings in by a file: training attended, adoption, an agreed level."""

    measure: Annotated[str, "what is measured: the name that metrics look for"]
    team: Annotated[str | None, "team it is about; null: the organisation"]
    about: Annotated[str | None, "service, model, pipeline or initiative it is about"]
    value: Annotated[float, "the value"]
    unit: Annotated[str, "what it counts in"]
    from_at: Annotated[datetime, "start of the time it holds for"]
    until_at: Annotated[datetime, "end of that time, which is not part of it"]
    note: Annotated[str | None, "what the file says of it"] = None
    row: Annotated[int | None, "number of the line in the file"] = None

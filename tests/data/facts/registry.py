"""What the stories of models are told with, beside `tests.data.published`."""

from __future__ import annotations

from typing import Any

from data.model import Alert, Commit, DataCheck, Model, ModelEvent, ModelVersion, TrainingRun
from tests.data.published import at, sha

CHURN = Model(
    id="test:model/churn",
    source="test",
    name="churn",
    description=None,
    created_at=at("2026-01-01"),
)


def version(number: int, **fields: Any) -> ModelVersion:
    """A version of `churn`, made by the run of its number."""
    defaults: dict[str, Any] = {
        "id": f"test:model/churn@{number}",
        "source": "test",
        "model": "churn",
        "version": str(number),
        "number": number,
        "created_at": at("2026-04-01"),
        "run": f"test:run/{number}",
    }
    return ModelVersion(**{**defaults, **fields})


def run(number: int, finished_at: str | None = "2026-04-01", **fields: Any) -> TrainingRun:
    """A run from which a model could be made again."""
    defaults: dict[str, Any] = {
        "id": f"test:run/{number}",
        "source": "test",
        "experiment": "churn",
        "name": f"run {number}",
        "result": "success",
        "started_at": at("2026-03-31"),
        "finished_at": finished_at and at(finished_at),
        "sha": sha(100 + number),
        "is_clean": True,
        "datasets": ("customers@1a2b",),
        "parameter_count": 3,
        "has_seed": True,
        "has_environment": True,
    }
    return TrainingRun(**{**defaults, **fields})


def alias(number: int | None, before: str, after: str | None = None, **fields: Any) -> ModelEvent:
    """The alias `champion` came to point to a version between two readings, or to nothing."""
    return event("alias", "champion", before, after, version=number, **fields)


def stage(
    number: int, value: str | None, before: str, after: str | None, **fields: Any
) -> ModelEvent:
    """A version changed its stage between two readings."""
    return event("stage", None, before, after, version=number, value=value, **fields)


def tag(
    number: int, key: str, value: str | None, before: str, after: str, **fields: Any
) -> ModelEvent:
    """A tag of a version was set between two readings."""
    return event("tag", key, before, after, version=number, value=value, **fields)


def event(kind: str, name: str | None, before: str, after: str | None, **fields: Any) -> ModelEvent:
    """Something that happened to `churn` between two readings."""
    number = fields.pop("version")
    defaults: dict[str, Any] = {
        "id": f"test:{kind}/{name}/{number}/{before}",
        "source": "test",
        "model": "churn",
        "version": None if number is None else str(number),
        "kind": kind,
        "name": name,
        "value": None,
        "previous": None,
        "occurred_after_at": after and at(after),
        "occurred_before_at": at(before),
    }
    return ModelEvent(**{**defaults, **fields})


def alert(started_at: str, resolved_at: str | None = None, **fields: Any) -> Alert:
    """An alert about `churn`."""
    defaults: dict[str, Any] = {
        "id": f"test:alert/{started_at}",
        "source": "test",
        "url": "https://alerts.example/1",
        "name": "ModelDriftHigh",
        "fingerprint": "1a2b",
        "service": None,
        "environment": None,
        "severity": "page",
        "summary": None,
        "started_at": at(started_at),
        "resolved_at": resolved_at and at(resolved_at),
        "firing_until_at": None,
        "model": "churn",
    }
    return Alert(**{**defaults, **fields})


def gate(number: int, state: str, checked_at: str, **fields: Any) -> DataCheck:
    """An outcome of the gate of a version."""
    defaults: dict[str, Any] = {
        "id": f"test:gate/{number}/{checked_at}",
        "source": "test",
        "dataset": None,
        "name": "accuracy",
        "kind": "gate",
        "state": state,
        "checked_at": at(checked_at),
        "invocation": checked_at,
        "model": "churn",
        "version": str(number),
    }
    return DataCheck(**{**defaults, **fields})


def committed(number: int, authored_at: str) -> Commit:
    """The commit that the run of a number was made from, off the mainline."""
    return Commit(
        id=f"test:trainer#commit/{number}",
        source="test",
        repository="trainer",
        sha=sha(100 + number),
        parents=(),
        authored_at=at(authored_at),
        committed_at=at(authored_at),
        subject="Train",
        position=None,
        is_mainline=False,
    )

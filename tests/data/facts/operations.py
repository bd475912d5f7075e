"""What stories of pipelines, data and operations are told with, beside `tests.data.published`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from data.model import Alert, DataCheck, Dataset, Indicator, LineageEdge, PipelineRun
from tests.data.published import at


def run(
    number: int, finished_at: str | None, result: str = "success", **fields: Any
) -> PipelineRun:
    """A run of the data pipeline `load` that took ten minutes."""
    end = at(finished_at) if finished_at else None
    defaults: dict[str, Any] = {
        "id": f"test:{fields.get('pipeline', 'load')}/{number}/{fields.get('attempt', 1)}",
        "source": "test",
        "repository": None,
        "pipeline": "load",
        "run": str(number),
        "attempt": 1,
        "event": "schedule",
        "branch": None,
        "sha": None,
        "result": result,
        "created_at": end - timedelta(minutes=10) if end else at("2026-05-01"),
        "started_at": end - timedelta(minutes=10) if end else None,
        "finished_at": end,
        "triggered_by": None,
        "parent": None,
        "kind": "data",
    }
    return PipelineRun(**{**defaults, **fields})


def alert(number: int, started_at: str, resolved_at: str | None = None, **fields: Any) -> Alert:
    """An alert of service `web`."""
    defaults: dict[str, Any] = {
        "id": f"test:alert/{number}",
        "source": "test",
        "name": "TooSlow",
        "fingerprint": "1a2b",
        "service": "web",
        "environment": None,
        "severity": None,
        "summary": None,
        "started_at": at(started_at),
        "resolved_at": resolved_at and at(resolved_at),
        "firing_until_at": None,
    }
    return Alert(**{**defaults, **fields})


def check(number: int, state: str, checked_at: str, **fields: Any) -> DataCheck:
    """An outcome of a check on dataset `orders`."""
    defaults: dict[str, Any] = {
        "id": f"test:check/{number}",
        "source": "test",
        "dataset": "orders",
        "name": "not null",
        "kind": "test",
        "state": state,
        "checked_at": at(checked_at),
        "invocation": str(number),
    }
    return DataCheck(**{**defaults, **fields})


def dataset(name: str, **fields: Any) -> Dataset:
    """A dataset that its source tells of."""
    defaults: dict[str, Any] = {"kind": None, "owner": None, "description": None, "is_source": None}
    return Dataset(**{**defaults, **fields}, id=f"test:dataset/{name}", source="test", name=name)


def edge(source: str, made: str) -> LineageEdge:
    """One dataset is made from another."""
    return LineageEdge(
        id=f"test:edge/{source}/{made}",
        source="test",
        from_kind="dataset",
        from_name=source,
        to_kind="dataset",
        to_name=made,
    )


def day(date: str, value: float | None, **fields: Any) -> Indicator:
    """What was measured of service `web` on a day."""
    start = at(date)
    defaults: dict[str, Any] = {
        "id": f"test:indicator/{fields.get('kind', 'objective')}/{date}",
        "source": "test",
        "name": "availability",
        "kind": "objective",
        "service": "web",
        "environment": None,
        "from_at": start,
        "until_at": start + timedelta(days=1),
        "value": value,
        "target": 0.999,
        "known_seconds": 86_400 if value is not None else 0,
    }
    return Indicator(**{**defaults, **fields})

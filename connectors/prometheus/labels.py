"""What labels say of an alert or a series: which service, which environment, and its hash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Labels = Mapping[str, str]

_FNV_OFFSET = 14695981039346656037
_FNV_PRIME = 1099511628211
_SEPARATOR = b"\xff"

Names = Annotated[tuple[str, ...], Field(description="labels that say it; the first found counts")]


class LabelNames(BaseModel):
    """Which labels say what an alert or a series is about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    service: Names = ("service", "app", "app_kubernetes_io_name", "job")
    environment: Names = ("environment", "env", "stage")
    severity: Names = ("severity",)
    model: Names = ("model", "model_name")
    pipeline: Names = ("pipeline", "dag_id", "dag")


def first_of(names: tuple[str, ...], labels: Labels) -> str | None:
    """The value of the first of some labels that is there and not empty."""
    return next((labels[name] for name in names if labels.get(name)), None)


def fingerprint(labels: Labels) -> str:
    """The hash by which Alertmanager knows an alert: FNV-1a (64 bit) over names and values.

    Names are sorted, and a byte 255 follows each name and each value, as in `LabelSet.Fingerprint`
    of github.com/prometheus/common/model.
    """
    digest = _FNV_OFFSET
    for name in sorted(labels):
        for byte in name.encode() + _SEPARATOR + labels[name].encode() + _SEPARATOR:
            digest = ((digest ^ byte) * _FNV_PRIME) % 2**64
    return f"{digest:016x}"


def checked(told: object) -> Labels:
    """Labels as they must be.

    Raises:
        TypeError: if they are no texts by name.
    """
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise TypeError(f"{told!r} where labels should be")
    return told

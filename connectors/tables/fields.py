"""Which entities a table may fill, and what their fields take."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Mapping
from functools import cache

from data.model import (
    ENTITIES,
    CheckKind,
    CheckState,
    Column,
    DeploymentStatus,
    IndicatorKind,
    NodeKind,
    PipelineKind,
    RunResult,
)

IMPORTED = "imported_value"
"""What a table fills if it does not say otherwise."""

ALLOWED = (
    IMPORTED,
    "alert",
    "data_check",
    "dataset",
    "deployment",
    "evaluation",
    "incident",
    "indicator",
    "lineage_edge",
    "model",
    "model_version",
    "pipeline",
    "pipeline_run",
    "resource",
    "service",
    "training_run",
)
"""Entities a table may fill. What proves a control (reviews, protection, access) is not among
them: a file that anybody writes proves nothing."""

WORDS: Mapping[tuple[str, str], Collection[str]] = {
    ("data_check", "kind"): tuple(CheckKind),
    ("data_check", "state"): tuple(CheckState),
    ("deployment", "status"): tuple(DeploymentStatus),
    ("indicator", "kind"): tuple(IndicatorKind),
    ("lineage_edge", "from_kind"): tuple(NodeKind),
    ("lineage_edge", "to_kind"): tuple(NodeKind),
    ("pipeline", "kind"): tuple(PipelineKind),
    ("pipeline_run", "kind"): tuple(PipelineKind),
    ("pipeline_run", "result"): tuple(RunResult),
    ("training_run", "result"): tuple(RunResult),
}
"""The words a field takes, where it takes no others."""

PATTERNS: Mapping[tuple[str, str], re.Pattern[str]] = {
    (IMPORTED, "measure"): re.compile(r"[a-z0-9][a-z0-9_]*"),
}
"""What the whole text of a field must look like."""

SPANS: Mapping[str, tuple[str, str]] = {
    IMPORTED: ("from_at", "until_at"),
    "indicator": ("from_at", "until_at"),
}
"""Start and end, which is not part of it, of entities that hold for a stretch of time."""

_OURS = ("id", "source")


@cache
def fields_of(entity: str) -> Mapping[str, Column]:
    """The fields of an entity that a table can fill, by name."""
    return {c.name: c for c in ENTITIES[entity].columns if c.name not in _OURS}


@cache
def needed_of(entity: str) -> tuple[str, ...]:
    """The fields without which there is no row."""
    defaults = {
        field.name
        for field in dataclasses.fields(ENTITIES[entity].record)
        if field.default is not dataclasses.MISSING
    }
    fields = fields_of(entity).values()
    return tuple(c.name for c in fields if not c.is_nullable and c.name not in defaults)

"""How JSON of any shape becomes rows: what the settings of a source may say of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from connectors.events.row import defaults_of
from connectors.interface import Json
from data.configuration import nearest
from data.model import (
    ENTITIES,
    CheckKind,
    CheckState,
    DeploymentStatus,
    IndicatorKind,
    ModelEventKind,
    NodeKind,
    PipelineKind,
    RunResult,
)
from data.model.schema import Column

DEFAULTS: Mapping[str, Mapping[str, Json]] = {
    "deployment": {"attempt": 1, "status": DeploymentStatus.SUCCESS.value},
    "incident": {"reopened_count": 0},
    "alert": {},
    "pipeline": {},
    "pipeline_run": {"attempt": 1},
    "task_run": {"attempt": 1},
    "dataset": {},
    "data_check": {},
    "lineage_edge": {},
    "model": {},
    "model_version": {},
    "model_event": {},
    "training_run": {},
    "evaluation": {},
    "artifact": {},
    "indicator": {},
    "imported_value": {},
}
"""The entities that any JSON may tell of, and what is meant where nothing else is said."""

CHOICES: Mapping[tuple[str, str], type[StrEnum]] = {
    ("deployment", "status"): DeploymentStatus,
    ("pipeline", "kind"): PipelineKind,
    ("pipeline_run", "kind"): PipelineKind,
    ("pipeline_run", "result"): RunResult,
    ("task_run", "result"): RunResult,
    ("training_run", "result"): RunResult,
    ("data_check", "kind"): CheckKind,
    ("data_check", "state"): CheckState,
    ("lineage_edge", "from_kind"): NodeKind,
    ("lineage_edge", "to_kind"): NodeKind,
    ("model_event", "kind"): ModelEventKind,
    ("indicator", "kind"): IndicatorKind,
}
"""Columns that hold one of a few words."""

_NOT_MAPPED = ("id", "source")
_COMPUTED = {"deployment": ("title",)}


class Rule(BaseModel):
    """How an event becomes a row of one entity."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entity: Annotated[str, Field(description="what it is about, such as `deployment`")]
    when: Annotated[
        Mapping[str, str],
        Field(description="path = text that the event must have there; all events if empty"),
    ] = {}
    id: Annotated[
        str | None,
        Field(description="path to what tells the row from others; default: the event's id"),
    ] = None
    fields: Annotated[
        Mapping[str, str], Field(description="column = path such as `release.app.name`")
    ] = {}
    constants: Annotated[
        Mapping[str, str | int | float | bool], Field(description="column = value")
    ] = {}
    values: Annotated[
        Mapping[str, Mapping[str, str]],
        Field(description="column = { text that is sent = text that is meant }"),
    ] = {}

    @field_validator("entity")
    @classmethod
    def _is_allowed(cls, entity: str) -> str:
        if entity not in DEFAULTS:
            raise ValueError(f"`{entity}` cannot be mapped: {nearest(entity, DEFAULTS)}")
        return entity

    @model_validator(mode="after")
    def _columns_exist(self) -> Self:
        columns = columns_of(self.entity)
        for name in (*self.fields, *self.constants, *self.values):
            if name not in columns:
                raise ValueError(
                    f"`{self.entity}` has no column `{name}`: {nearest(name, columns)}"
                )
        given = {*self.fields, *self.constants, *DEFAULTS[self.entity]}
        given |= {*_COMPUTED.get(self.entity, ()), *defaults_of(self.entity)}
        for name, column in columns.items():
            if not column.is_nullable and name not in given:
                raise ValueError(f"`{self.entity}` needs `{name}`: give it a path or a constant")
        return self


def columns_of(entity: str) -> Mapping[str, Column]:
    """The columns that may be mapped."""
    return {c.name: c for c in ENTITIES[entity].columns if c.name not in _NOT_MAPPED}

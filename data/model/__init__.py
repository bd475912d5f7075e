"""The canonical entities: one declaration each gives table, Arrow schema, row type and page."""

from __future__ import annotations

from collections.abc import Mapping

from data.model.delivery import (
    Change,
    ChangeKind,
    Commit,
    Deployment,
    DeploymentStatus,
    Incident,
    Repository,
    Service,
    Version,
)
from data.model.provenance import Gap, GapReason
from data.model.record import Record
from data.model.schema import PROVENANCE, Column, Entity

ENTITIES: Mapping[str, Entity] = {
    name: Entity(name, record)
    for name, record in (
        ("repository", Repository),
        ("service", Service),
        ("commit", Commit),
        ("change", Change),
        ("version", Version),
        ("deployment", Deployment),
        ("incident", Incident),
        ("gap", Gap),
    )
}
"""Every canonical entity by its table name."""

ENTITY_OF: Mapping[type, Entity] = {entity.record: entity for entity in ENTITIES.values()}
"""The entity of a record class."""

__all__ = [
    "ENTITIES",
    "ENTITY_OF",
    "PROVENANCE",
    "Change",
    "ChangeKind",
    "Column",
    "Commit",
    "Deployment",
    "DeploymentStatus",
    "Entity",
    "Gap",
    "GapReason",
    "Incident",
    "Record",
    "Repository",
    "Service",
    "Version",
]

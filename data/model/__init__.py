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
from data.model.governance import (
    AuditEvent,
    FindingKind,
    FindingState,
    MemberAccess,
    Organisation,
    Protection,
    SecurityFinding,
    SubjectKind,
)
from data.model.pipeline import (
    Environment,
    Pipeline,
    PipelineRun,
    Reuse,
    ReuseKind,
    RunResult,
    TaskRun,
)
from data.model.provenance import Gap, GapReason
from data.model.record import Record
from data.model.review import ChangeCommit, CheckResult, CheckRun, Review, ReviewState
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
        ("change_commit", ChangeCommit),
        ("review", Review),
        ("check_run", CheckRun),
        ("environment", Environment),
        ("pipeline", Pipeline),
        ("pipeline_run", PipelineRun),
        ("task_run", TaskRun),
        ("reuse", Reuse),
        ("organisation", Organisation),
        ("protection", Protection),
        ("security_finding", SecurityFinding),
        ("member_access", MemberAccess),
        ("audit_event", AuditEvent),
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
    "AuditEvent",
    "Change",
    "ChangeCommit",
    "ChangeKind",
    "CheckResult",
    "CheckRun",
    "Column",
    "Commit",
    "Deployment",
    "DeploymentStatus",
    "Entity",
    "Environment",
    "FindingKind",
    "FindingState",
    "Gap",
    "GapReason",
    "Incident",
    "MemberAccess",
    "Organisation",
    "Pipeline",
    "PipelineRun",
    "Protection",
    "Record",
    "Repository",
    "Reuse",
    "ReuseKind",
    "Review",
    "ReviewState",
    "RunResult",
    "SecurityFinding",
    "Service",
    "SubjectKind",
    "TaskRun",
    "Version",
]

"""The canonical entities: one declaration each gives table, Arrow schema, row type and page."""

from __future__ import annotations

from collections.abc import Mapping

from data.model.costs import Bill, BillPart, Delivery
from data.model.datasets import CheckKind, CheckState, DataCheck, Dataset, LineageEdge, NodeKind
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
from data.model.learning import (
    Evaluation,
    Model,
    ModelCard,
    ModelEvent,
    ModelEventKind,
    ModelVersion,
    TrainingRun,
)
from data.model.operations import (
    Alert,
    Artifact,
    ArtifactTag,
    ImportedValue,
    Indicator,
    IndicatorKind,
    Resource,
)
from data.model.pipeline import (
    Environment,
    Pipeline,
    PipelineKind,
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
        ("model", Model),
        ("model_version", ModelVersion),
        ("model_event", ModelEvent),
        ("training_run", TrainingRun),
        ("evaluation", Evaluation),
        ("model_card", ModelCard),
        ("dataset", Dataset),
        ("data_check", DataCheck),
        ("lineage_edge", LineageEdge),
        ("alert", Alert),
        ("indicator", Indicator),
        ("artifact", Artifact),
        ("artifact_tag", ArtifactTag),
        ("resource", Resource),
        ("imported_value", ImportedValue),
        ("bill", Bill),
        ("bill_part", BillPart),
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
    "Alert",
    "Artifact",
    "ArtifactTag",
    "AuditEvent",
    "Bill",
    "BillPart",
    "Change",
    "ChangeCommit",
    "ChangeKind",
    "CheckKind",
    "CheckResult",
    "CheckRun",
    "CheckState",
    "Column",
    "Commit",
    "DataCheck",
    "Dataset",
    "Delivery",
    "Deployment",
    "DeploymentStatus",
    "Entity",
    "Environment",
    "Evaluation",
    "FindingKind",
    "FindingState",
    "Gap",
    "GapReason",
    "ImportedValue",
    "Incident",
    "Indicator",
    "IndicatorKind",
    "LineageEdge",
    "MemberAccess",
    "Model",
    "ModelCard",
    "ModelEvent",
    "ModelEventKind",
    "ModelVersion",
    "NodeKind",
    "Organisation",
    "Pipeline",
    "PipelineKind",
    "PipelineRun",
    "Protection",
    "Record",
    "Repository",
    "Resource",
    "Reuse",
    "ReuseKind",
    "Review",
    "ReviewState",
    "RunResult",
    "SecurityFinding",
    "Service",
    "SubjectKind",
    "TaskRun",
    "TrainingRun",
    "Version",
]

"""Kinds of events: what they are about, and what they are called in plain words and in CDEvents."""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase


class Group(StrEnum):
    """What an event is about."""

    CODE = "code"
    PIPELINES = "pipelines"
    DEPLOYMENTS = "deployments"
    INCIDENTS = "incidents"
    MODELS = "models"
    PROTECTION = "protection"
    ACCESS = "access"
    DECISIONS = "decisions"
    EXPORTS = "exports"
    LOG = "log"
    OTHER = "other"


TITLES = {
    Group.CODE: "Code and reviews",
    Group.PIPELINES: "Pipelines and artifacts",
    Group.DEPLOYMENTS: "Deployments",
    Group.INCIDENTS: "Incidents",
    Group.MODELS: "Models",
    Group.PROTECTION: "Protection and settings",
    Group.ACCESS: "Access and host records",
    Group.DECISIONS: "Decisions and controls",
    Group.EXPORTS: "Exports",
    Group.LOG: "Log and snapshots",
    Group.OTHER: "Other",
}

_PATTERNS = {
    "change.*": Group.CODE,
    "review.*": Group.CODE,
    "pipelinerun.*": Group.PIPELINES,
    "artifact.*": Group.PIPELINES,
    "deployment.*": Group.DEPLOYMENTS,
    "service.*": Group.DEPLOYMENTS,
    "incident.*": Group.INCIDENTS,
    "model.*": Group.MODELS,
    "protection.*": Group.PROTECTION,
    "environment.*": Group.PROTECTION,
    "host.setting_changed": Group.PROTECTION,
    "host.*": Group.ACCESS,
    "access.*": Group.ACCESS,
    "session.*": Group.ACCESS,
    "decision.*": Group.DECISIONS,
    "waiver.*": Group.DECISIONS,
    "control.*": Group.DECISIONS,
    "export.*": Group.EXPORTS,
    "snapshot.*": Group.LOG,
    "log.*": Group.LOG,
    "ledger.*": Group.LOG,
}

CDEVENTS = frozenset(
    {
        "artifact.published",
        "change.merged",
        "change.reviewed",
        "environment.modified",
        "incident.detected",
        "incident.resolved",
        "pipelinerun.finished",
        "service.deployed",
        "service.rolledback",
        "service.upgraded",
    }
)
"""Kinds that CDEvents has a type for (cdevents.dev, specification 0.5)."""

_WORDS = {
    "change.pushed": "pushed past requests",
    "host.recorded": "recorded by the host",
    "pipelinerun.finished": "pipeline run finished",
    "service.rolledback": "service rolled back",
    "log.verified": "log checked",
    "ledger.pruned": "payloads pruned",
    "ledger.resealed": "log sealed again",
    "ledger.hold_set": "legal hold set",
    "ledger.hold_released": "legal hold released",
    "ledger.person_erased": "person erased",
}


def group_of(kind: str) -> Group:
    """What events of a kind are about; the first pattern that matches tells."""
    found = (group for pattern, group in _PATTERNS.items() if fnmatchcase(kind, pattern))
    return next(found, Group.OTHER)


def words(kind: str) -> str:
    """A kind in plain words: `change merged`."""
    if kind.startswith("decision."):
        return "decision"  # its title tells of what
    return _WORDS.get(kind) or kind.replace(".", " ").replace("_", " ")


def cdevent(kind: str) -> str | None:
    """The type that CDEvents has for a kind, without its version; None if it has none."""
    return f"dev.cdevents.{kind}" if kind in CDEVENTS else None

"""Turns an issue into the incident that GitLab or a rule of the user sees in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from connectors.answers.moment import moment, moment_or_none
from connectors.gitlab.asking import Asking
from connectors.hosting.incident_rule import IncidentRule
from connectors.interface import Json
from data.model import Incident

_OWN = IncidentRule()
"""What labels of GitLab's own incidents say, where no rule is about them."""
_CAUSE = re.compile(r"(?im)^[ \t>*-]*caused by:[ \t*]*<?([^\s<>]+)")
_COMMIT = re.compile(r".+/-/commit/(?P<sha>[0-9a-f]{7,64})")
_JOB = re.compile(r"(?P<project>.+)/-/jobs/(?P<id>\d+)")
_PIPELINE = re.compile(r"(?P<project>.+)/-/pipelines/(?P<id>\d+)")
_SHA = re.compile(r"(?=.*\d)[0-9a-f]{7,64}")
"""A hash, also a short one; a word such as `defaced` is none."""


def rules_of(asking: Asking, project: str) -> Sequence[IncidentRule]:
    """The rules for issues of a project, in their order."""
    return [rule for rule in asking.settings.incidents if rule.fits(project)]


def rule_of(rules: Sequence[IncidentRule], item: Json) -> IncidentRule | None:
    """The rule by which an issue is an incident as it is now; null if it is none."""
    labels = [str(label) for label in item.get("labels") or ()]
    found = (rule for rule in rules if rule.is_incident(item.get("title") or "", labels))
    own = next(iter(rules), _OWN) if item.get("issue_type") == "incident" else None
    return next(found, own)


def incident(asking: Asking, project: str, item: Json, events: Sequence[Json]) -> Incident:
    """The incident that an issue is, or was: then it is withdrawn.

    Args:
        asking: the source.
        project: full path of the project.
        item: the issue as the REST API lists it.
        events: when it was closed and opened again.
    """
    rules = rules_of(asking, project)
    rule = rule_of(rules, item)
    said = (rule or next(iter(rules), _OWN)).read(item["labels"])
    services = asking.services_of(project, None)
    iid = item["iid"]
    return Incident(
        id=asking.row_id(project, "issue", iid),
        source=asking.source,
        url=asking.page(project, f"issues/{iid}"),
        # An issue of a project that holds one service is about that, if it names no other.
        service=said.service or (services[0] if len(services) == 1 else None),
        environment=said.environment,
        title=item["title"],
        severity=_severity(item) or said.severity,
        started_at=moment(item["created_at"]),
        resolved_at=moment_or_none(item["closed_at"]) if item["state"] == "closed" else None,
        deployment=_cause(asking, project, item.get("description") or ""),
        reopened_count=sum(event["state"] == "reopened" for event in events),
        is_withdrawn=rule is None,
    )


def _severity(item: Json) -> str | None:
    """GitLab's own, which only its incidents have."""
    told = str(item.get("severity") or "unknown").lower()
    return None if told == "unknown" or item.get("issue_type") != "incident" else told


def _cause(asking: Asking, project: str, description: str) -> str | None:
    """What a line `caused by: …` names: the id of a deployment, or the hash of a commit.

    A deployment is named by its id, or by the address of the job or pipeline that deployed; a
    commit by its full or short hash, or by its address.
    """
    found = _CAUSE.search(description)
    if found is None:
        return None
    named = found[1].rstrip(".,;)")
    if named.startswith(f"{asking.kind}:"):
        return named
    if named.isdecimal():
        return asking.row_id(project, "deployment", named)
    if _SHA.fullmatch(named.lower()):
        return named.lower()
    return _addressed(asking, named)


def _addressed(asking: Asking, address: str) -> str | None:
    home = f"{asking.site}/"
    path = address.removeprefix(home) if address.startswith(home) else ""
    if commit := _COMMIT.fullmatch(path):
        return commit["sha"]
    if job := _JOB.fullmatch(path):
        return asking.row_id(job["project"], "job", job["id"])
    if pipeline := _PIPELINE.fullmatch(path):
        return asking.row_id(pipeline["project"], "run", pipeline["id"], 1)
    return None

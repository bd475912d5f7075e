"""Turns an issue into the incident that a rule of the user sees in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from connectors.answers.moment import moment, moment_or_none
from connectors.github.asking import KIND, Asking, row_id
from connectors.hosting.incident_rule import IncidentRule
from connectors.interface import Json
from data.model import Gap, GapReason, Incident

_CAUSE = re.compile(r"(?im)^[ \t>*-]*caused by:[ \t*]*<?([^\s<>]+)")
_DEPLOYMENT = re.compile(r"(?:/api/v3)?(?:/repos)?/([^/]+/[^/]+)/deployments/(\d+)")
_COMMIT = re.compile(r"/[^/]+/[^/]+/commit/([0-9a-f]{7,64})")
_RUN = re.compile(r"/([^/]+/[^/]+)/actions/runs/(\d+)(?:/attempts/(\d+)|/jobs?/(\d+))?")
_SHA = re.compile(r"(?=.*\d)[0-9a-f]{7,64}")
"""A hash, also a short one; a word such as `defaced` is none."""


def rules_of(asking: Asking, repository: str) -> Sequence[IncidentRule]:
    """The rules for issues of a repository, in their order."""
    return [rule for rule in asking.settings.incidents if rule.fits(repository)]


def issue_rows(
    asking: Asking, repository: str, node: Json, *, was_told: bool
) -> Iterator[Incident | Gap]:
    """The incident, if the issue is one, or was one by its labels or when it was told before.

    However it was closed it is resolved then, also as `not planned` or as a duplicate: the host
    says that nobody works on it, not that it did not happen. A label that is taken off says that.
    """
    labels, events = labels_of(node), [e for e in node["timelineItems"]["nodes"] if e]
    rules, title = rules_of(asking, repository), node["title"]
    borne = [event["label"]["name"] for event in events if event["__typename"] == "LabeledEvent"]
    now = [rule for rule in rules if rule.is_incident(title, labels)]
    once = rules if was_told else [rule for rule in rules if rule.is_incident(title, borne)]
    if not (now or once):
        return
    said = (now or once)[0].read(labels)
    services = asking.services_of(repository, None)
    yield Incident(
        id=row_id(repository, "issue", node["number"]),
        source=asking.source,
        url=node["url"],
        # An issue of a repository that holds one service is about that, if it names no other.
        service=said.service or (services[0] if len(services) == 1 else None),
        environment=said.environment,
        title=title,
        severity=said.severity,
        started_at=moment(node["createdAt"]),
        resolved_at=moment_or_none(node["closedAt"]) if node["state"] == "CLOSED" else None,
        deployment=_cause(asking, repository, node["body"] or ""),
        reopened_count=sum(event["__typename"] == "ReopenedEvent" for event in events),
        is_withdrawn=not now,
    )
    yield from _cut_off(asking, repository, node)


def labels_of(node: Json) -> list[str]:
    """The labels an issue bears now."""
    return [label["name"] for label in node["labels"]["nodes"] if label]


def _cause(asking: Asking, repository: str, body: str) -> str | None:
    """What a line `caused by: …` names: the id of a deployment, or the hash of a commit.

    A deployment is named by its id, or by its address or that of a run or job that deployed; a
    commit by its full or short hash, or by its address.
    """
    found = _CAUSE.search(body)
    if found is None:
        return None
    named = found[1].rstrip(".,;)")
    if named.startswith(f"{KIND}:"):
        return named
    if named.isdecimal():
        return row_id(repository, "deployment", named)
    if _SHA.fullmatch(named.lower()):
        return named.lower()
    return _addressed(asking, named)


def _addressed(asking: Asking, address: str) -> str | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    hosts = {urlsplit(asking.site).netloc, urlsplit(asking.settings.url).netloc}
    if parts.netloc not in hosts:
        return None
    if found := _DEPLOYMENT.fullmatch(parts.path):
        return row_id(found[1], "deployment", found[2])
    if found := _COMMIT.fullmatch(parts.path):
        return found[1]
    if found := _RUN.fullmatch(parts.path):
        repository, run, attempt, job = found.groups()
        return (
            row_id(repository, "job", job) if job else row_id(repository, "run", run, attempt or 1)
        )
    return None


def _cut_off(asking: Asking, repository: str, node: Json) -> Iterator[Gap]:
    """What GitHub has more of than it was asked for."""
    for name, what in (("timelineItems", "events"), ("labels", "labels")):
        listed = node[name]
        missing = listed["totalCount"] - len(listed["nodes"])
        if missing > 0:
            yield asking.gap(
                repository,
                f"issue/{node['number']}/{what}",
                GapReason.TRUNCATED,
                f"{missing} {what} of #{node['number']} are not read",
                "nothing: how often it was reopened, or what it is called, may be known in part",
                missing,
            )

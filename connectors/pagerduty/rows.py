"""Rows of one incident and its alerts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from connectors.answers.moment import moment, moment_or_none
from connectors.api.fields import name_of, text_of
from connectors.api.source import ApiSource
from connectors.interface import Json
from connectors.pagerduty.settings import Settings
from data.model import Alert, GapReason, Incident, Record

OPTIONAL = ("html_url", "service", "urgency")
"""Fields of an incident that may be null."""
_MERGED = "merge_resolve_reason"
_ACKNOWLEDGED = frozenset({"acknowledge_log_entry", "acknowledgement_log_entry"})
"""The API's description names the type both ways."""
_RESOLVED = "resolve_log_entry"
_MACHINES = {"service_reference": True, "integration_reference": True, "user_reference": False}
"""Whether who resolved an incident is a machine, by the type of reference."""
_TIMEOUT = "timeout"
"""Channel of what PagerDuty does when time is up: nobody mended anything."""


def rows_of(api: ApiSource, settings: Settings, story: Json) -> Iterator[Record]:
    """The rows of a story, and a gap for each part of it that was refused."""
    told = story["incident"]
    for part, what in story["refused"]:
        said = f"{part} of incident {told['id']} cannot be read: {what}"
        fix = "let the key read this incident"
        yield api.gap(f"incident/{told['id']}/{part}", GapReason.NO_PERMISSION, said, fix, 1)
    if "incident" in dict(story["refused"]):
        return
    log = sorted(story.get("log_entries", []), key=_at)
    yield from api.mapped("incident", [told], partial(_incident, api, settings, log))
    alerts = story.get("alerts", [])
    only = _ended_at(told) if len(alerts) == 1 else None
    yield from api.mapped("alert", alerts, partial(_alert, api, settings, story, log, only))


def _incident(
    api: ApiSource, settings: Settings, log: Sequence[Json], told: Json
) -> Iterator[Incident]:
    service = _service_of(told)
    is_open = text_of(told, "status") != "resolved"
    ended_at = None if is_open else _ended_at(told)
    if not is_open and ended_at is None:
        raise ValueError("is resolved, and nobody says when")
    resolves = sum(entry["type"] == _RESOLVED for entry in log)
    yield Incident(
        id=api.row_id("incident", text_of(told, "id")),
        source=api.source,
        url=told.get("html_url"),
        service=settings.service(service),
        environment=settings.environment(service),
        title=text_of(told, "title"),
        severity=told.get("urgency"),
        started_at=moment(told["created_at"]),
        resolved_at=ended_at,
        deployment=None,
        reopened_count=max(0, resolves if is_open else resolves - 1),
        is_withdrawn=(told.get("resolve_reason") or {}).get("type") == _MERGED,
    )


def _alert(
    api: ApiSource,
    settings: Settings,
    story: Json,
    log: Sequence[Json],
    only_ended_at: datetime | None,
    told: Json,
) -> Iterator[Alert]:
    service = _service_of(story["incident"])
    started_at = moment(told["created_at"])
    is_resolved = text_of(told, "status") == "resolved"
    # Where it tells no time of its own: an incident ends when the last of its alerts does.
    ended_at = moment_or_none(told.get("resolved_at")) or only_ended_at
    yield Alert(
        id=api.row_id("alert", text_of(told, "id")),
        source=api.source,
        url=told.get("html_url"),
        name=text_of(told, "summary"),
        fingerprint=told.get("alert_key") or text_of(told, "id"),
        service=settings.service(service),
        environment=settings.environment(service),
        severity=told.get("severity"),
        summary=told.get("summary"),
        started_at=started_at,
        resolved_at=ended_at if is_resolved else None,
        firing_until_at=None,
        acknowledged_at=_acknowledged_at(log, started_at),
        incident=api.row_id("incident", text_of(story["incident"], "id")),
        is_remedied_by_machine=_is_by_machine(log) if is_resolved else None,
    )


def _service_of(incident: Json) -> str | None:
    return name_of(incident.get("service"), "summary")


def _ended_at(incident: Json) -> datetime | None:
    """When a resolved one was; `resolved_at` came to the API later than the change of status."""
    return moment_or_none(incident.get("resolved_at") or incident.get("last_status_change_at"))


def _acknowledged_at(log: Sequence[Json], since: datetime) -> datetime | None:
    """When somebody took the incident on, after an alert joined it."""
    times = (_at(entry) for entry in log if entry["type"] in _ACKNOWLEDGED)
    return next((at for at in times if at >= since), None)


def _is_by_machine(log: Sequence[Json]) -> bool | None:
    """Whether what resolved the incident last is a machine; null if nobody or a timeout did."""
    last: Json = next((entry for entry in reversed(log) if entry["type"] == _RESOLVED), {})
    if (last.get("channel") or {}).get("type") == _TIMEOUT:
        return None
    return _MACHINES.get((last.get("agent") or {}).get("type", ""))


def _at(entry: Json) -> datetime:
    return moment(entry["created_at"])

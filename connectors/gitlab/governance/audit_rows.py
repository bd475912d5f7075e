"""Pure mapping of what GitLab recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connectors.answers.moment import moment
from connectors.gitlab.asking import Asking
from connectors.interface import Json
from data.model import AuditEvent

_ACTIONS = ("add", "change", "remove")
"""What an event of a kind without a name says was done, each with its object."""
_DETAILS = ("custom_message", "change", "add", "remove", "from", "to", "as", "with")
_SUBJECTS = ("target_details", "target_id", "entity_path")
_UNNAMED = "audit_operation"


def audit_row(
    asking: Asking,
    where: str,
    project: str | None,
    item: Mapping[str, Json],
    author: str | None,
) -> AuditEvent:
    """An event.

    Args:
        asking: the source.
        where: project or group whose list it is on.
        project: that of the list; null for the group's.
        item: the event.
        author: account of its author; null if it is not told: then it is the name in the event.
    """
    details: Mapping[str, Json] = item.get("details") or {}
    page = asking.page(where if project else f"groups/{where}", "audit_events")
    of_project = details.get("entity_path") if item["entity_type"] == "Project" else None
    return AuditEvent(
        id=asking.row_id(where, "audit", item["id"]),
        source=asking.source,
        url=page,
        happened_at=moment(item["created_at"]),
        action=_action(item, details),
        actor=author or details.get("author_name"),
        subject=next((str(details[name]) for name in _SUBJECTS if details.get(name)), None),
        repository=project or of_project,
        sha=None,
        detail="; ".join(_told(details)) or None,
    )


def _action(item: Mapping[str, Json], details: Mapping[str, Json]) -> str:
    """The event's name, or else what it says was done: older ones have none."""
    name = item.get("event_name") or details.get("event_name")
    if name and name != _UNNAMED:
        return str(name)
    done = next((f"{verb} {details[verb]}" for verb in _ACTIONS if details.get(verb)), None)
    return done or name or _UNNAMED


def _told(details: Mapping[str, Json]) -> Iterator[str]:
    for name in _DETAILS:
        value = details.get(name)
        if value is not None and not isinstance(value, dict | list):
            yield f"{name}: {value}"

"""All that the API tells of one incident: itself, what happened to it, and its alerts."""

from __future__ import annotations

from connectors.api.fields import name_of, without
from connectors.hosting.placing import key_of
from connectors.http.errors import Forbidden, NotFound
from connectors.http.paging import Ask, PagedList, by_offset
from connectors.http.reply import Reply
from connectors.http.session import Http
from connectors.interface import Json

SIZE = 100
PRIVATE = frozenset(
    {"body", "cef_details", "conference_bridge", "contexts", "details", "event_details", "note"}
)
"""Fields that hold whatever a monitoring tool or a person wrote: they are not archived."""


def story_of(http: Http, incident: Json) -> Json:
    """The story of an incident that a list told.

    Raises:
        HttpError: if it cannot be had, but for one that is refused: its story says so.
    """
    story = {"incident": without(incident, PRIVATE), "refused": []}
    if name_of(incident) is None:
        return story
    names = ["log_entries", "alerts"] if _has_alerts(incident) else ["log_entries"]
    for name in names:
        try:
            story[name] = _whole(http, f"incidents/{incident['id']}/{name}", name)
        except (Forbidden, NotFound) as refused:
            story["refused"].append([name, refused.what])
    return story


def story_by_id(http: Http, incident_id: str) -> Json:
    """The story of an incident as it is now.

    Raises:
        HttpError: as `story_of`.
    """
    try:
        incident = http.get(f"incidents/{incident_id}").json()["incident"]
    except (Forbidden, NotFound) as refused:
        return {"incident": {"id": incident_id}, "refused": [["incident", refused.what]]}
    return story_of(http, incident)


def _has_alerts(incident: Json) -> bool:
    """Whether there may be some: to ask for none costs a request."""
    return bool((incident.get("alert_counts") or {}).get("all") != 0)


def _whole(http: Http, path: str, name: str) -> list[Json]:
    listed = PagedList(
        Ask(path, {"limit": SIZE, "time_zone": "UTC"}),
        by_offset(lambda reply: _known(reply, name)),
        items=lambda page: page[name],
        key=key_of,
    )
    found: dict[str, Json] = {}
    for page in listed.pages(http):
        found |= {key_of(item): without(item, PRIVATE) for item in page.items}
    return list(found.values())


def _known(reply: Reply, name: str) -> int:
    page = reply.json()
    return int(page["offset"]) + len(page[name]) + bool(page["more"])

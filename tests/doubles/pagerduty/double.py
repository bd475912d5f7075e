"""PagerDuty's REST API on loopback, as its OpenAPI description and its developer pages tell it.

Lists take `limit` (25, at most 100) and `offset`, and answer 400 beyond 10,000 rows. Incidents
are those of the last month unless `since`, `until` or `date_range=all` is given; a range of more
than six months is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from tests.connectors.loopback import Answer, Asked, FakeTime
from tests.doubles.api import ApiDouble
from tests.doubles.exchange import Allowance, Given, Json, Problem, Token
from tests.doubles.routes import Routes

ROUTES = Routes()
MONTH, SIX_MONTHS = timedelta(days=30), timedelta(days=184)
USER = {"id": "PUSER01", "type": "user_reference", "summary": "On-call engineer"}
INTEGRATION = {"id": "PINTE01", "type": "integration_reference", "summary": "Monitoring"}


@dataclass
class Entry:
    """One entry of an incident's log."""

    id: str
    type: str
    at: datetime
    agent: Json
    channel: str


@dataclass
class Alert:
    """One alert of an incident."""

    id: str
    at: datetime
    status: str = "triggered"
    extra: dict[str, Json] = field(default_factory=dict)


@dataclass
class Incident:
    """One incident, its log and its alerts."""

    id: str
    at: datetime
    service: str
    title: str
    urgency: str = "high"
    status: str = "triggered"
    resolved_at: datetime | None = None
    resolve_reason: Json = None
    log: list[Entry] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    extra: dict[str, Json] = field(default_factory=dict)


class PagerDutyDouble(ApiDouble):
    """One account."""

    routes: ClassVar[Routes] = ROUTES
    scheme: ClassVar[str] = "Token token="

    def __init__(self, time: FakeTime | None = None) -> None:
        super().__init__(time)
        self.limits = {"": (960, 60)}
        self.most_rows = 10_000
        self.incidents: list[Incident] = []
        self._entries = 0

    # --- what happens ---------------------------------------------------------------------------

    def trigger(self, service: str, title: str, at: datetime, alerts: int = 1) -> Incident:
        """An incident begins."""
        number = len(self.incidents) + 1
        made = Incident(f"PINC{number:04}", at, service, title)
        made.alerts = [Alert(f"{made.id}A{nth}", at) for nth in range(alerts)]
        self.incidents.append(made)
        self.note(made, "trigger_log_entry", at, INTEGRATION, "api")
        return made

    def acknowledge(self, incident: Incident, at: datetime) -> None:
        """Somebody takes it on."""
        incident.status = "acknowledged"
        self.note(incident, "acknowledge_log_entry", at, USER, "website")

    def resolve(
        self, incident: Incident, at: datetime, agent: Json = USER, channel: str = "website"
    ) -> None:
        """It is over, and so are its alerts."""
        incident.status, incident.resolved_at = "resolved", at
        for alert in incident.alerts:
            alert.status = "resolved"
        self.note(incident, "resolve_log_entry", at, agent, channel)

    def reopen(self, incident: Incident, at: datetime) -> None:
        """It is not over after all."""
        incident.status, incident.resolved_at = "triggered", None
        self.note(incident, "assign_log_entry", at, USER, "website")

    def note(
        self, incident: Incident, kind: str, at: datetime, agent: Json = USER, channel: str = "auto"
    ) -> None:
        """Something is written into its log."""
        self._entries += 1
        incident.log.append(Entry(f"R{self._entries:06}", kind, at, agent, channel))

    # --- how it says things ---------------------------------------------------------------------

    def said(self, status: int, message: str) -> Json:
        code = {401: 2006, 403: 2010, 404: 2100, 429: 2020}.get(status, 2001)
        return {"error": {"message": message, "code": code}}

    def allowance_headers(self, name: str, allowance: Allowance) -> dict[str, str]:
        seconds = max(0, int((allowance.reset_at - self.now).total_seconds()))
        return {
            "ratelimit-limit": str(allowance.limit),
            "ratelimit-remaining": str(allowance.remaining),
            "ratelimit-reset": str(seconds),
        }

    def exhausted(self, asked: Asked, allowance: Allowance) -> Answer:
        return self.problem(Problem(429, "Rate Limit Exceeded"))

    def incident_json(self, incident: Incident) -> Json:
        """An incident as lists and single answers tell it."""
        resolved = sum(alert.status == "resolved" for alert in incident.alerts)
        return {
            "id": incident.id,
            "type": "incident",
            "summary": f"[#{incident.id[-4:]}] {incident.title}",
            "html_url": f"https://acme.pagerduty.example/incidents/{incident.id}",
            "title": incident.title,
            "created_at": self.moment(incident.at),
            "updated_at": self.moment(max(entry.at for entry in incident.log)),
            "status": incident.status,
            "service": {"id": "PSERV", "type": "service_reference", "summary": incident.service},
            "resolved_at": self.moment(incident.resolved_at),
            "alert_counts": {
                "all": len(incident.alerts),
                "triggered": len(incident.alerts) - resolved,
                "resolved": resolved,
            },
            "resolve_reason": incident.resolve_reason,
            "urgency": incident.urgency,
            **incident.extra,
        }

    def entry_json(self, incident: Incident, entry: Entry) -> Json:
        """An entry of a log."""
        return {
            "id": entry.id,
            "type": entry.type,
            "created_at": self.moment(entry.at),
            "agent": entry.agent,
            "channel": {"type": entry.channel, "details": "what the tool wrote"},
            "incident": {"id": incident.id, "type": "incident_reference"},
        }

    def alert_json(self, incident: Incident, alert: Alert) -> Json:
        """An alert of an incident."""
        return {
            "id": alert.id,
            "type": "alert",
            "summary": incident.title,
            "html_url": f"https://acme.pagerduty.example/alerts/{alert.id}",
            "created_at": self.moment(alert.at),
            "status": alert.status,
            "alert_key": f"key of {incident.title}",
            "suppressed": False,
            "severity": "critical",
            "body": {"type": "alert_body", "details": "what the tool wrote"},
            **alert.extra,
        }

    def find(self, incident_id: str) -> Incident:
        """One of its incidents.

        Raises:
            Problem: if there is none of this id.
        """
        found = [each for each in self.incidents if each.id == incident_id]
        if not found:
            raise Problem(404, "Not Found")
        return found[0]

    def page(self, asked: Asked, name: str, items: Sequence[Json]) -> Given:
        """The page of a list that was asked for.

        Raises:
            Problem: if it is beyond what may be asked for.
        """
        limit = min(100, int(asked.params.get("limit", 25)))
        offset = int(asked.params.get("offset", 0))
        if offset + limit > self.most_rows:
            raise Problem(400, "Offset must be less than or equal to 10000")
        shown = items[offset : offset + limit]
        total = len(items) if asked.params.get("total") == "true" else None
        more = offset + len(shown) < len(items)
        answer = {name: shown, "limit": limit, "offset": offset, "more": more, "total": total}
        return Given(answer)

    def window(self, asked: Asked) -> tuple[datetime, datetime]:
        """The time that a question is about.

        Raises:
            Problem: if that is more than six months.
        """
        since, until = (asked.params.get(name) for name in ("since", "until"))
        end = datetime.fromisoformat(until) if until else self.now
        begin = datetime.fromisoformat(since) if since else end - MONTH
        if end - begin > SIX_MONTHS:
            raise Problem(400, "Invalid Query Date Range")
        return begin, end


@ROUTES.get("/incidents")
def incidents(double: PagerDutyDouble, asked: Asked, token: Token) -> Given:
    """Lists incidents by when they were triggered."""
    found = sorted(double.incidents, key=lambda incident: incident.at)
    if asked.params.get("date_range") != "all" and "since" not in double.ignored_filters:
        since, until = double.window(asked)
        found = [each for each in found if since <= each.at < until]
    return double.page(asked, "incidents", [double.incident_json(each) for each in found])


@ROUTES.get("/incidents/{incident_id}")
def incident(double: PagerDutyDouble, asked: Asked, token: Token, incident_id: str) -> Given:
    """Tells one incident."""
    return Given({"incident": double.incident_json(double.find(incident_id))})


@ROUTES.get("/incidents/{incident_id}/log_entries")
def log_entries(double: PagerDutyDouble, asked: Asked, token: Token, incident_id: str) -> Given:
    """Lists what happened to an incident, newest first."""
    found = double.find(incident_id)
    entries = [double.entry_json(found, entry) for entry in reversed(found.log)]
    return double.page(asked, "log_entries", entries)


@ROUTES.get("/incidents/{incident_id}/alerts")
def alerts(double: PagerDutyDouble, asked: Asked, token: Token, incident_id: str) -> Given:
    """Lists the alerts of an incident."""
    found = double.find(incident_id)
    told = [double.alert_json(found, alert) for alert in found.alerts]
    return double.page(asked, "alerts", told)


@ROUTES.get("/log_entries")
def account_log(double: PagerDutyDouble, asked: Asked, token: Token) -> Given:
    """Lists what happened to all incidents, newest first."""
    pairs = [(each, entry) for each in double.incidents for entry in each.log]
    if "since" not in double.ignored_filters:
        since, until = double.window(asked)
        pairs = [(each, entry) for each, entry in pairs if since <= entry.at < until]
    pairs.sort(key=lambda pair: (pair[1].at, pair[1].id), reverse=True)
    return double.page(asked, "log_entries", [double.entry_json(*pair) for pair in pairs])

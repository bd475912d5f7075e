"""Alertmanager's webhook, version 4; Grafana sends the same.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import ClassVar

from connectors.events.fields import Misfit, as_text, found, items, needed, needed_time, text, time
from connectors.events.formats.interface import Event, Format, Headers, Scheme
from connectors.events.told import Told
from connectors.interface import Json
from data.model import GapReason

_FIRING, _RESOLVED = "firing", "resolved"


class Alertmanager(Format):
    """Alerts that fire and that are resolved."""

    name: ClassVar[str] = "alertmanager"
    schemes: ClassVar[tuple[Scheme, ...]] = (Scheme.BEARER,)
    entities: ClassVar[tuple[str, ...]] = ("alert",)

    def event_id(self, headers: Headers, body: Json) -> str:  # noqa: ARG002
        """Fingerprint, start and status of all its alerts."""
        alerts = items(body, "alerts")
        if not alerts:
            raise Misfit("`alerts` is missing or empty")
        return hashlib.sha256("\n".join(sorted(map(_id, alerts))).encode()).hexdigest()

    def occurred_at(self, body: Json) -> str | None:
        """The newest start or, if it is over, end of its alerts."""
        told = [
            time(alert, "endsAt" if text(alert, "status") == _RESOLVED else "startsAt")
            for alert in items(body, "alerts")
        ]
        return max(filter(None, told), default=None)

    def tell(self, prefix: str, event: Event) -> Iterator[Told]:
        """Its alerts, and how many of them it left out."""
        at = as_text(event.received_at)
        for alert in items(event.body, "alerts"):
            yield _alert(prefix, alert, at)
        missing = found(event.body, "truncatedAlerts")
        if isinstance(missing, int) and missing > 0:
            facts = {
                "reason": GapReason.TRUNCATED.value,
                "what": f"a notification of {at} leaves {missing} alerts out",
                "fix": "raise `max_alerts` of the receiver, or set it to 0",
                "count": missing,
                "since_at": at,
                "until_at": at,
            }
            yield Told("gap", f"{prefix}gap/truncated/{event.id}", at, facts, is_whole=True)


def _alert(prefix: str, alert: Json, at: str) -> Told:
    fingerprint, began = needed(alert, "fingerprint"), needed_time(alert, "startsAt")
    status = needed(alert, "status")
    facts = {
        "name": needed(alert, "labels.alertname"),
        "fingerprint": fingerprint,
        "service": text(alert, "labels.service"),
        "environment": text(alert, "labels.environment") or text(alert, "labels.env"),
        "severity": text(alert, "labels.severity"),
        "summary": text(alert, "annotations.summary") or text(alert, "annotations.description"),
        "started_at": began,
        "model": text(alert, "labels.model"),
        "pipeline": text(alert, "labels.pipeline"),
        "url": text(alert, "generatorURL"),
    }
    if status == _RESOLVED:
        facts["resolved_at"] = needed_time(alert, "endsAt")
    elif status == _FIRING:
        facts["firing_until_at"] = at
    else:
        raise Misfit(f"`status` is {status[:40]!r}, neither firing nor resolved")
    return Told("alert", f"{prefix}alert/{fingerprint}/{began}", at, facts)


def _id(alert: Json) -> str:
    return "/".join(needed(alert, name) for name in ("fingerprint", "startsAt", "status"))

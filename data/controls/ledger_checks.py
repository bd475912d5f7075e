"""Checks of our own log, which are events of it: what was found, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from data.ledger.entry import Asked
from data.ledger.event import Event
from data.ledger.finding import Report
from data.ledger.ledger import Ledger

KIND = "log.verified"


def verified(report: Report, at: datetime) -> Event:
    """The event of a check."""
    what = report.findings[0].what if report.findings else None
    return Event(
        kind=KIND,
        id=f"{KIND}:{at.isoformat()}",
        observed_at=at,
        happened_at=at,
        subject="log",
        source="cairn",
        after="sound" if what is None else "changed",
        data={
            "title": f"log of {report.size:,} entries checked",
            "size": report.size,
            "what": what,
        },
    )


def ledger_checks(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """One row is one check of the log, oldest first."""
    for entry in ledger.entries(Asked(kind=KIND)):
        event = entry.event
        if event is not None:
            yield {
                "id": event.id,
                "checked_at": event.observed_at,
                "size": event.data["size"],
                "is_sound": event.after == "sound",
                "what": event.data["what"],
            }

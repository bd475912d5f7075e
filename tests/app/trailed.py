"""The small organisation with a log: what the tests of the audit trail begin with."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from data.ledger.database import connected
from data.ledger.event import Event
from data.ledger.ledger import Ledger
from tests.app.organisation import CONFIGURATION, HOSTILE, publish_into, records
from tests.data.published import at

SHOWN = f'[governance]\nnames = "shown"\n\n{CONFIGURATION}'
PERSON = "ada.alder"
MANY = 120
"""Merged changes; after them comes one event of each other sort."""


def logged_into(folder: Path, configuration: str = CONFIGURATION) -> Ledger:
    """Publishes the small organisation and logs what happened in it, in two appends."""
    publish_into(folder, records(), configuration)
    log = Ledger(folder)
    ada = log.people.pseudonym(PERSON)
    log.append([_merged(number, ada) for number in range(MANY)])
    log.append(
        [
            _told("protection.changed", "acme/web main", title="web main", before="web main@1",
                  after="approvals: 0 → 1; signed: no → yes"),
            _told("model.alias_set", "fraud@3", title=HOSTILE, before={"alias": "old", "by": 1},
                  after={"alias": "champion", "by": 1}, url="javascript:alert(1)"),
            _told("access.granted", "acme", title="write in acme", actor=ada, happened_at=None,
                  data={"person": ada}),
            _told("change.merged", "test:web#change/7", number=7, title="Change 7 renamed",
                  actor=ada),
        ]
    )  # fmt: skip
    return log


def _merged(number: int, actor: str) -> Event:
    return _told("change.merged", f"test:web#change/{number}", number=number, actor=actor,
                 title=f"Change {number}", url=f"https://git.example/web/{number}")  # fmt: skip


def _told(kind: str, subject: str, number: int = 200, **told: Any) -> Event:
    happened_at = at("2026-09-20") + timedelta(hours=number % 97)
    data = {"title": told.pop("title"), "team": "web", **told.pop("data", {})}
    told = {"happened_at": happened_at, "source": "test", **told}
    return Event(kind, f"{kind}:{subject}", at("2026-10-01"), subject=subject, data=data, **told)


def spoil(log: Ledger, number: int) -> None:
    """Changes what one entry tells, as somebody could who may write the file."""
    with closing(connected(log.place.database)) as connection:
        connection.execute("drop trigger payload_is_never_changed")
        connection.execute(
            "update payload set content = replace(content, 'Change', 'Chance') where number = ?",
            [number],
        )

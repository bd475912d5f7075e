"""Events and logs that tests begin with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from data.configuration import LedgerSettings
from data.durable import file_hash
from data.ledger.checkpoint import Seal, signed
from data.ledger.custody import By
from data.ledger.event import Event
from data.ledger.ledger import Ledger

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
BY = By("auditor", "asked for by the works council")


def event(number: int, kind: str = "change.merged", **told: Any) -> Event:
    """One event a minute, each told the same whenever it is told."""
    at = NOW - timedelta(days=30) + timedelta(minutes=number)
    told = {"subject": f"github:acme/web#pull/{number}", "source": "github", **told}
    return Event(kind, f"{kind}:{number}", at, at, **told)


def events(*numbers: int) -> list[Event]:
    return [event(number) for number in numbers]


def ledger(folder: Path, **settings: Any) -> Ledger:
    """The log of a folder, at a time that stands still."""
    return Ledger(folder, LedgerSettings(**settings), clock=lambda: NOW, wait_seconds=20)


def filled(folder: Path, sizes: Iterable[int] = (3, 5, 2), **settings: Any) -> Ledger:
    """A log to which so many events were appended one after the other."""
    log = ledger(folder, **settings)
    number = 0
    for size in sizes:
        log.append(events(*range(number, number + size)))
        number += size
    return log


def said(log: Ledger, checkpoint: str | None = None) -> str:
    """All that a check finds wrong, as one text; empty if nothing is."""
    return "; ".join(found.what for found in log.verify(checkpoint).findings)


def seal_anew(log: Ledger) -> None:
    """What somebody can do who changed the file and has the key."""
    seal = Seal("cairn/ledger", log.size, file_hash(log.place.database))
    log.place.seal.write_text(signed(seal, log._key.signer()))

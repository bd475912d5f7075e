"""What is taken out of Cairn, as events: who, what of it, and the hash of the bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from data.ledger.event import Event
from data.ledger.ledger import Appended, Ledger
from data.ledger.people import People
from data.period import Window

KIND = "export.written"


class Through(StrEnum):
    """Which way something was taken."""

    PAGE = "page"
    COMMAND = "command line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What a file is of. What is not known, or does not apply, is None."""

    subject: str
    """Id of what it tells of: a control, a metric, an event."""
    title: str
    """What it is, in words: `rows of CM-03 as CSV`."""
    through: Through
    account: str | None
    """Who takes it; None: nobody had to sign in, so it is not known."""
    definition: str | None = None
    """Id, version and hash of what defines it."""
    filters: Mapping[str, str | None] = field(default_factory=dict)
    period: Window | None = None
    snapshot: str | None = None
    rows: int | None = None


def proof_of(event: str, through: Through, account: str | None) -> Export:
    """The export that the proof of one event is."""
    title = "proof of one event"
    return Export(subject=event, title=title, through=through, account=account)


def log_export(ledger: Ledger, export: Export, content: bytes) -> Appended:
    """Logs that a file was taken. Call it once the bytes are made, for they are hashed.

    Raises:
        LedgerBroken: if the log is not what was signed.
        LedgerRefused: if disk or database say no, or others use the log for too long.
    """
    return ledger.append([exported(export, content, ledger.people, datetime.now(UTC))])


def log_written(ledger: Ledger, export: Export, file: Path) -> Appended:
    """Logs that a file was written, however large it is.

    Raises:
        LedgerBroken: if the log is not what was signed.
        LedgerRefused: if disk or database say no, or others use the log for too long.
    """
    with file.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        size = content.tell()
    return ledger.append([_event(export, (sha256, size), ledger.people, datetime.now(UTC))])


def exported(export: Export, content: bytes, people: People, at: datetime) -> Event:
    """The event of a file that is taken: each time another one, also of the same bytes.

    Args:
        export: what it is of.
        content: its bytes.
        people: gives the account its pseudonym.
        at: when it is taken.

    Raises:
        LedgerRefused: if the pseudonym cannot be made.
    """
    found = hashlib.sha256(content).hexdigest(), len(content)
    return _event(export, found, people, at)


def _event(export: Export, content: tuple[str, int], people: People, at: datetime) -> Event:
    """The same of the hash of a file and its size in bytes."""
    sha256, size = content
    account, period = export.account, export.period
    data: dict[str, Any] = {
        "title": export.title,
        "through": export.through.value,
        "is_account_known": account is not None,
        "definition": export.definition,
        "filters": dict(export.filters),
        "from": period.start.isoformat() if period else None,
        "to": period.end.isoformat() if period else None,
        "snapshot": export.snapshot,
        "row_count": export.rows,
        "byte_count": size,
    }
    return Event(
        kind=KIND,
        id=f"{KIND}:{sha256}@{at.isoformat()}",
        observed_at=at,
        happened_at=at,
        actor=None if account is None else people.pseudonym(account),
        subject=export.subject,
        source="cairn",
        after=sha256,
        data=data,
    )

"""One decision: a row that is written once and never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from data.errors import WrongQuestion


class Act(StrEnum):
    """What a decision does to those before it of the same kind about the same."""

    SET = "set"
    WITHDRAW = "withdraw"
    REQUEST = "request"
    APPROVE = "approve"
    REJECT = "reject"
    START = "start"
    DECIDE = "decide"
    CLOSE = "close"


class NothingDecided(WrongQuestion):
    """A decision is to be ended or answered that there is not."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody decides, before it is in the log."""

    kind: str
    act: Act
    subject: str
    """What it is about: the id of a metric or of a control."""
    value: Mapping[str, Any]
    """What is decided: plain values, as JSON knows them."""
    actor: str
    reason: str
    team: str | None = None
    """Whom it holds for; None: the organisation."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One row is one thing that somebody decided, with its reason.

    Times are UTC as ISO 8601 with microseconds: they sort as text in every database.
    """

    id: str
    """A hash of all that was decided, when, by whom and why."""
    kind: str
    subject: str
    team: str | None
    act: str
    actor: str
    reason: str
    decided_at: str
    value: Mapping[str, Any] = field(default_factory=dict)


def made(entry: Entry, decided_at: datetime) -> Decision:
    """The decision that an entry is at a time, with its id."""
    said = {**asdict(entry), "act": entry.act.value, "decided_at": stamp(decided_at)}
    return Decision(id=_hash(said)[:16], **said)


def digest(decision: Decision) -> str:
    """SHA-256 of all that was decided, when, by whom and why: its id is how it begins."""
    return _hash({name: value for name, value in asdict(decision).items() if name != "id"})


def _hash(said: Mapping[str, Any]) -> str:
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(when: datetime) -> str:
    """A time as it is kept."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """The time that was kept."""
    return datetime.fromisoformat(text)

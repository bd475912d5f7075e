"""One decision: a row that is written once and never changed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel


class Act(StrEnum):
    """What a decision does to the one before it of the same kind about the same."""

    SET = "set"
    WITHDRAW = "withdraw"


class Decision(SQLModel, table=True):
    """One row is one thing that somebody decided, with its reason.

    Times are UTC as ISO 8601 with microseconds: they sort as text in every database.
    """

    number: int | None = Field(default=None, primary_key=True)
    """Its place in the log."""
    id: str = Field(unique=True, index=True)
    kind: str = Field(index=True)
    subject: str
    """What it is about: the id of a metric."""
    team: str | None = None
    """Whom it holds for; None: the organisation."""
    act: str
    value: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    actor: str
    reason: str
    decided_at: str


def stamp(when: datetime) -> str:
    """A time as it is kept."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """The time that was kept."""
    return datetime.fromisoformat(text)


def identity(decision: Decision) -> str:
    """The id: a hash of all that was decided, when, by whom and why."""
    said = decision.model_dump(exclude={"number", "id"})
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]

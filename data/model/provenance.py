"""Entities about the evidence itself: what was read, when, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from data.model.record import Record


class GapReason(StrEnum):
    """Why something that should be there is not."""

    NO_PERMISSION = "no_permission"
    NOT_FOUND = "not_found"
    TRUNCATED = "truncated"
    MISSING_OBJECT = "missing_object"
    UNREADABLE = "unreadable"
    SHALLOW = "shallow"
    FILTER_IGNORED = "filter_ignored"
    UNAVAILABLE = "unavailable"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(Record):
    """Something a source refused, dropped or truncated. It stays until a read closes it."""

    reason: Annotated[str, "why: see GapReason"]
    what: Annotated[str, "what is missing, in words"]
    fix: Annotated[str, "what the reader can do"]
    count: Annotated[int | None, "how many things are missing; null if it cannot be counted"]
    since_at: Annotated[datetime | None, "start of the time it covers"] = None
    until_at: Annotated[datetime | None, "end of the time it covers"] = None
    about: Annotated[
        str | None,
        "id of the row it stands in place of, or begins with: once that is read, it is no more",
    ] = None

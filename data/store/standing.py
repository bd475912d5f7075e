"""Standing gaps: what a stream as a whole lacks, not something inside one of its pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from data.model import Gap
from data.store.log import Event, EventType

STANDING = "standing"
"""Evidence of a standing gap, where a row from a page has the hash of the page."""

_TIMES = ("since_at", "until_at")


def gaps_event(
    source: str, stream: str, gaps: Collection[Gap], told_at: datetime, *, is_whole: bool
) -> Event:
    """The line of the log that tells of standing gaps.

    Args:
        source: name of the source.
        stream: name of the stream; empty for the source itself.
        gaps: one an id.
        told_at: when that was.
        is_whole: whether the stream was read to its end, so that gaps not named are closed.
    """
    detail = {"gaps": [_plain(gap) for gap in gaps], "is_whole": is_whole}
    return Event(EventType.GAPS, source, stream, told_at, detail)


def gaps_of(event: Event) -> list[Gap]:
    """The gaps that a line of the log tells of."""
    return [_gap(fields) for fields in event.detail["gaps"]]


def _plain(gap: Gap) -> dict[str, Any]:
    times = {name: moment.isoformat() for name in _TIMES if (moment := getattr(gap, name))}
    return {**asdict(gap), **times}


def _gap(fields: Mapping[str, Any]) -> Gap:
    times = {name: datetime.fromisoformat(fields[name]) for name in _TIMES if fields[name]}
    return Gap(**{**fields, **times})

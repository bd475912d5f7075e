"""What came after a snapshot was published, told: controls that turned, and a log that began."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from app.cli.output import report, report_error
from data.controls.history import Flip
from data.trail.turn import Followed


def envelope(followed: Followed) -> dict[str, Any]:
    """The same for programs: part of the envelope of a verb that publishes."""
    return {
        "turned": [_turned(flip) for flip in followed.flips],
        "logged": followed.entries,
        "made_key": followed.made_key,
    }


def tell_followed(style: str, followed: Followed) -> None:
    """Tells it as text. A new public key is told in each style: it is told only once."""
    if style == "text":
        for line in _lines(followed):
            click.echo(line)
    if followed.made_key is not None and style == "csv":
        report(_began(followed.made_key))


def tell_troubles(followed: Followed) -> bool:
    """Tells what could not be done; returns whether the next sync has to make up for something."""
    for error in (*followed.troubles, *followed.copies):
        report_error(error)
    return bool(followed.troubles)


def _turned(flip: Flip) -> dict[str, Any]:
    now = flip.evaluated
    return {
        "control": now.control,
        "stood": flip.stood.value,
        "stands": now.standing.value,
        "rows": len(flip.turned),
        "is_redefined": flip.is_redefined,
    }


def _lines(followed: Followed) -> Iterator[str]:
    for flip in followed.flips:
        now = flip.evaluated
        rows = f"{len(flip.turned):,} rows turned" if flip.turned else "no row turned"
        redefined = ", its definition changed" if flip.is_redefined else ""
        yield f"control {now.control}: {flip.stood} → {now.standing} ({rows}{redefined})"
    if followed.made_key is not None:
        yield _began(followed.made_key)


def _began(key: str) -> str:
    return f"the log of events begins; keep its public key elsewhere: {key}"

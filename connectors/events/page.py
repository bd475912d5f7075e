"""One archived page: some lines of the inbox, and what earlier ones told of the same things.

The first line says the format, how it is mapped, and what was known before of the things that the
events are about: so the rows follow from the page alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.answers.fitting import fitted
from connectors.answers.understanding import UNREADABLE
from connectors.events.envelope import read_event
from connectors.events.fields import Misfit, utc
from connectors.events.formats.interface import Event, Format
from connectors.events.formats.known import FormatName, Mapped, format_of
from connectors.events.told import Key, State, Told, facts_of, fold
from data.model import Gap, GapReason, Record

FUTURE = timedelta(hours=1)
"""How far the clock of a sender may be ahead."""
_MOST_LOSSES = 50
"""Of one page that are told one by one."""
_RESEND = "mend the sender and let it send the event again"


@dataclass(frozen=True, slots=True)
class Loss:
    """An event that tells no rows, and why."""

    key: str
    reason: GapReason
    what: str
    fix: str
    about: str | None = None


def write_page(
    name: FormatName, mapped: Mapped, known: Mapping[Key, State], lines: Iterable[bytes]
) -> bytes:
    """Joins lines and what was known before of their things."""
    states = [[kind, id, state] for (kind, id), state in sorted(known.items())]
    head = {"format": name.value, "known": states, "mapped": mapped}
    told = json.dumps(head, separators=(",", ":"), sort_keys=True).encode()
    return b"\n".join([told, *lines])


def damaged_line(where: str) -> bytes:
    """Stands in a page for an event that the disk did not keep."""
    return json.dumps({"damaged": where}).encode()


def told_by(format: Format, prefix: str, line: bytes) -> Sequence[Told] | Loss:
    """What a line tells, or why it tells nothing."""
    try:
        if line.startswith(b'{"damaged":'):
            return _damaged(json.loads(line)["damaged"])
        event = read_event(line)
        occurred_at = format.occurred_at(event.body)
        if occurred_at and utc(occurred_at) > event.received_at + FUTURE:
            return _ahead(event, utc(occurred_at))
        return list(format.tell(prefix, event))
    except UNREADABLE as error:
        return _unreadable(line, error)


def page_rows(source: str, payload: bytes) -> list[Record]:
    """The rows of one page."""
    head, *lines = payload.split(b"\n")
    header = json.loads(head)
    format = format_of(FormatName(header["format"]), header["mapped"])
    states: dict[Key, State] = {(kind, id): state for kind, id, state in header["known"]}
    prefix, losses = prefix_of(source), []
    touched: dict[Key, None] = {}
    for line in lines:
        told = told_by(format, prefix, line)
        if isinstance(told, Loss):
            losses.append(told)
        else:
            fold(states, told)
            touched |= dict.fromkeys((each.kind, each.id) for each in told)
    rows = []
    for kind, id in touched:
        try:
            row = format.row(kind, id, source, facts_of(states[kind, id]))
        except UNREADABLE as error:
            losses.append(_untold(kind, id, error))
        else:
            rows += [row] if row is not None else []
    unique = {(type(row), row.id): row for row in rows}
    gaps = {gap.id: gap for gap in _gaps(source, lines, losses)}
    return [*fitted(unique.values()), *gaps.values()]


def prefix_of(source: str) -> str:
    """How the ids of the rows of a source begin."""
    return f"events:{source}#"


def _damaged(where: str) -> Loss:
    return Loss(
        where,
        GapReason.UNREADABLE,
        f"an event at {where} of the inbox is not what was written: the disk did not keep it",
        "look after the disk, and let the sender send it again if it can",
    )


def _ahead(event: Event, occurred_at: datetime) -> Loss:
    what = (
        f"event {event.id[:200]} tells of {occurred_at:%Y-%m-%d %H:%M} UTC, and was received at "
        f"{event.received_at:%Y-%m-%d %H:%M} UTC"
    )
    fix = "set the clock of its sender, and let it send the event again"
    return Loss(event.id, GapReason.CLOCK, what, fix)


def _unreadable(line: bytes, error: Exception) -> Loss:
    said = str(error) if isinstance(error, Misfit) else type(error).__name__
    try:
        id = str(read_event(line).id)
    except UNREADABLE:
        id = hashlib.sha256(line).hexdigest()[:16]
    what = f"event {id[:200]} is not what its format says: {said}"
    return Loss(id, GapReason.UNREADABLE, what, _RESEND)


def _untold(kind: str, id: str, error: Exception) -> Loss:
    said = str(error) if isinstance(error, Misfit) else type(error).__name__
    what = f"{kind} {id} was told of in part: {said}"
    fix = "let the sender send the event that tells it, if there is one"
    return Loss(f"untold/{id}", GapReason.UNREADABLE, what, fix, about=id)


def _gaps(source: str, lines: Sequence[bytes], losses: Sequence[Loss]) -> Iterator[Gap]:
    """One a loss, and one for all those beyond that can be told one by one."""
    for loss in losses[:_MOST_LOSSES]:
        yield Gap(
            id=f"{prefix_of(source)}gap/{loss.key}",
            source=source,
            reason=loss.reason.value,
            what=loss.what,
            fix=loss.fix,
            count=1,
            about=loss.about,
        )
    if len(losses) > _MOST_LOSSES:
        digest = hashlib.sha256(b"\n".join(lines)).hexdigest()[:16]
        first = next(_gaps(source, lines, losses[_MOST_LOSSES:][:1]))
        rest = len(losses) - _MOST_LOSSES
        what = f"{rest} more events like: {first.what}"
        id = f"{prefix_of(source)}gap/page/{digest}"
        yield replace(first, id=id, what=what, count=rest, about=None)

"""All entries that match as a file that says of itself what it is of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from app.cli.output import harmless
from app.components.trail.asked import Asking
from data.trail.exported import Export, Through
from data.trail.found import Found
from data.trail.kinds import cdevent
from data.trail.search import Trail

_COLUMNS = ("entry", "event", "kind", "cdevents_type", "happened_at", "observed_at", "actor",
            "account", "person", "subject", "source", "team", "title", "before", "after", "url",
            "is_pruned")  # fmt: skip


def name_of(asking: Asking) -> str:
    """The name of the file: what it is of, team and period."""
    group = asking.wanted.group
    parts = ("trail", group.value if group else None, asking.team.team if asking.team else None,
             asking.window.label)  # fmt: skip
    return "_".join(part.replace("/", "_") for part in parts if part) + ".csv"


def csv_of(trail: Trail, asking: Asking, head: Sequence[str]) -> bytes:
    """The entries as CSV in UTF-8, the newest first; the first lines, marked `#`, say of what.

    Args:
        trail: what this reader may see of the log.
        asking: what was asked for.
        head: lines about the log.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([f"# {line}"] for line in preamble(trail, asking, head))
    writer.writerow(_COLUMNS)
    for one in trail.every(asking.wanted):
        writer.writerow([harmless(_text(cell)) for cell in _cells(one)])
    return text.getvalue().encode()


def up_to(asking: Asking, size: int) -> Asking:
    """The same of a log of so many entries: a file has what the page showed when it was offered."""
    return replace(asking, wanted=replace(asking.wanted, below=size))


def export_of(trail: Trail, asking: Asking) -> Export:
    """What the log says of the file when it is taken.

    Not the words that were searched: they may be a name, and nothing is ever taken back from the
    log. They stand in the file, whose hash is logged.
    """
    wanted = asking.wanted
    return Export(
        subject="log",
        title="entries of the log as CSV",
        through=Through.PAGE,
        account=None,
        filters={
            "team": asking.team.team if asking.team else None,
            "kind": wanted.group.value if wanted.group else None,
            "source": wanted.source,
            "who": wanted.actor,
            "search": "yes" if wanted.words or wanted.subject else None,
            "names": "shown" if trail.sees_names else "hidden",
        },
        period=asking.window,
        rows=trail.count(wanted),
    )


def preamble(trail: Trail, asking: Asking, head: Sequence[str]) -> Iterator[str]:
    """What a reader of the file must know to have the same answer again."""
    wanted = asking.wanted
    yield f"entries of the log that match: {trail.count(wanted):,}"
    yield from head
    yield f"team: {asking.team.team if asking.team else 'all'}; with the teams below it"
    window = asking.window
    yield f"period: {window.start} up to, not including, {window.end}; days and times in UTC"
    yield f"search: {' '.join(wanted.words.split()) or 'none'}"
    yield f"kind: {wanted.group.value if wanted.group else 'all'}"
    yield f"source: {wanted.source or 'all'}"
    yield f"subject: {wanted.subject or 'all'}"
    if trail.sees_names:
        yield f"who: {wanted.actor or 'all'}"
    yield f"names of people: {'shown' if trail.sees_names else 'hidden'}"


def _cells(one: Found) -> tuple[object, ...]:
    """What is told of each entry, in the order of the head."""
    return (
        one.number, one.event, one.kind, cdevent(one.kind), one.happened_at, one.observed_at,
        one.actor, one.account, one.person, one.subject, one.source, one.team, one.title,
        one.before, one.after, one.url, one.is_pruned,
    )  # fmt: skip


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat()
    return " ".join(str(value).split())

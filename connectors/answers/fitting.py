"""Rows that a strange answer made unfit are told, one by one, and the others stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from connectors.answers.understanding import LATE
from data.model import ENTITY_OF, Gap, GapReason, Record


def fitted(rows: Iterable[Record]) -> Iterator[Record]:
    """The rows, with a gap in place of each that its entity cannot take."""
    by_kind: dict[type[Record], list[Record]] = defaultdict(list)
    for row in rows:
        by_kind[type(row)].append(row)
    for kind, alike in by_kind.items():
        try:
            ENTITY_OF[kind].table(alike)
        except (ValueError, TypeError):
            yield from map(_told, alike)
        else:
            yield from alike


def _told(row: Record) -> Record:
    problem = ENTITY_OF[type(row)].misfit(row)
    if problem is None:
        return row
    return Gap(
        id=f"{row.id}/misfit",
        source=row.source,
        reason=GapReason.UNREADABLE.value,
        what=f"{row.id} is not as it should be: {problem}",
        fix=LATE,
        count=1,
        about=row.id,
    )

"""Which events of the log are done together, and the rows of such pages as one batch.

Many pages of a hundred rows cost many times what one of their rows all costs. So pages of a stream
that come one after the other are merged at once, wherever that leaves what one by one would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from data.store.log import Event, EventType
from data.store.page import Page

Tables = Mapping[str, pa.Table]
"""Rows by entity name, each id once."""

Part = tuple[Page, pa.Table]
"""A page, and those of its rows that are of one entity."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and what it takes to do what it tells."""

    event: Event
    end: int | None = None
    """The byte of the log at which it ends; None if it is not logged."""
    tables: Tables = field(default_factory=dict)
    """The rows of a page."""


@dataclass(frozen=True, slots=True)
class Paged:
    """A page with its rows."""

    page: Page
    tables: Tables


def together(told: Sequence[Told]) -> Iterator[Event | Sequence[Paged]]:
    """Yields what happened in its order: pages that belong together as one, others alone."""
    waiting: list[Paged] = []
    for each in told:
        paged = _paged(each)
        if waiting and (paged is None or not _goes_on(waiting[-1], paged)):
            yield waiting
            waiting = []
        if paged is None:
            yield each.event
        else:
            waiting.append(paged)
    if waiting:
        yield waiting


def batches(parts: Sequence[Part]) -> Iterator[pa.Table]:
    """Yields the rows of one entity, each with when it was read and on which page.

    A page that tells an id again begins another batch, as the later page counts.
    """
    ids: set[str] = set()
    waiting: list[Part] = []
    for page, table in parts:
        own = table["id"].to_pylist()
        if not ids.isdisjoint(own):
            yield _batch(waiting)
            ids, waiting = set(), []
        ids.update(own)
        waiting.append((page, table))
    if ids:
        yield _batch(waiting)


def _paged(told: Told) -> Paged | None:
    if told.event.type is not EventType.PAGE:
        return None
    return Paged(Page.of(told.event), told.tables)


def _goes_on(before: Paged, after: Paged) -> bool:
    """Whether to merge two pages at once leaves what one after the other would."""
    one, other = before.page, after.page
    is_same_reading = (
        (one.source, one.stream, one.settings, one.is_complete)
        == (other.source, other.stream, other.settings, other.is_complete)
    ) and one.observed_at <= other.observed_at
    is_end = one.complete_until is not None or (one.is_complete and one.is_last)
    # What a page cannot tell, the next one may, and the other way round.
    has_gaps = "gap" in before.tables or "gap" in after.tables
    return is_same_reading and not (is_end or other.is_first or has_gaps)


def _batch(parts: Sequence[Part]) -> pa.Table:
    which = pa.array(np.repeat(np.arange(len(parts)), [len(table) for _, table in parts]))
    times = pa.array([page.observed_at for page, _ in parts], pa.timestamp("us", tz="UTC"))
    pages = pa.array([page.evidence for page, _ in parts], pa.string())
    # In one piece: DuckDB takes three times as long for one of a hundred rows after the other.
    rows = pa.concat_tables([table for _, table in parts]).combine_chunks()
    rows = rows.append_column("observed_at", times.take(which))
    return rows.append_column("evidence", pages.take(which))

"""From counted rows to figures: what has a value, what lacks one and why, and its band."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from data.benchmarks.bands import Benchmark, classify
from data.metrics.definition import Definition
from data.metrics.figure import Figure, NoBand, NoValue
from data.period import Grain, Window


def judged(
    metric: Definition,
    found: Iterable[Mapping[str, Any]],
    whole: Window,
    grain: Grain | None,
    known_at: datetime,
    benchmark: Benchmark,
) -> tuple[Figure, ...]:
    """Makes figures of the rows that a statement of `compose.figures` found.

    Args:
        metric: what was measured.
        found: in group and period order, each group from the period before the window on.
        whole: the window; what lies before it is told as `previous` only.
        grain: how it was cut, if it was.
        known_at: until when anything is known of any source, as wall clock.
        benchmark: that bands are taken from.
    """
    made = [_figure(metric, row, grain, known_at) for row in found]
    linked = _with_previous(made, whole, grain)
    return tuple(_banded(metric, benchmark, figure) for figure in linked)


def first_unknown_day(known_at: datetime) -> date:
    """The day after the last of which anything is known, which may be a part of it."""
    midnight = known_at.time() == time()
    return known_at.date() if midnight else known_at.date() + timedelta(days=1)


def _figure(
    metric: Definition, row: Mapping[str, Any], grain: Grain | None, as_of: datetime
) -> Figure:
    spanned = Window(row["starts_on"], row["ends_on"])
    known_at = min(as_of, row["until_at"] or as_of)
    is_partial, is_over = _is_partial(spanned, known_at), not _is_partial(spanned, as_of)
    is_partly_unread = _is_partly_unread(row, known_at)
    reason = _reason(metric, row, first_unknown_day(known_at))
    if reason is NoValue.NONE_IN_PERIOD:
        reason = _without_rows(
            metric, is_cut_short=is_partial and is_over, is_partly_unread=is_partly_unread
        )
    elif reason in (None, NoValue.NOT_KNOWN):
        reason = _void(metric, row) or reason
    population, n = int(row["population"]), int(row["n"])
    value = None if reason else float(row["value"])
    return Figure(
        period=spanned.label_in(grain) if grain else spanned.label,
        window=spanned,
        is_partial=is_partial,
        is_over=is_over,
        team=row.get("team"),
        item=row.get(metric.subject),
        environment=row.get("environment"),
        value=value,
        spread=_number(row["spread"]),
        parts={name: _number(row[name]) for name in metric.parts},
        n=n,
        population=population,
        days=int(row["days"]),
        is_lower_bound=value is not None
        and _is_lower_bound(metric, row, is_partly_unread=is_partly_unread),
        is_partly_unread=is_partly_unread,
        coverage=int(row["assured"]) / population if population else None,
        unknown=population - int(row["assured"]),
        reason=reason,
        band=None,
        band_reason=None,
        previous=None,
        previous_n=0,
    )


def _is_partial(spanned: Window, known_at: datetime) -> bool:
    """Whether a whole day is to come, or more than a twentieth of the period."""
    if spanned.end > first_unknown_day(known_at):
        return True
    missing = datetime.combine(spanned.end, time()) - known_at
    return missing > timedelta(days=spanned.days) / 20


def _is_partly_unread(row: Mapping[str, Any], known_at: datetime) -> bool:
    """Whether something was not read to the end of what is known of the period, but for a day.

    It is about when sources were read: one that deploys seldom is read like any other.
    """
    end = min(datetime.combine(row["ends_on"], time()), known_at)
    least_until_at: datetime | None = row["least_until_at"]
    return least_until_at is not None and least_until_at + timedelta(days=1) < end


def _is_lower_bound(metric: Definition, row: Mapping[str, Any], *, is_partly_unread: bool) -> bool:
    """Whether rows hide something, or a rate lacks something; a share or a median may go down."""
    has_hidden_rows = metric.assured is not None and row["assured"] < row["population"]
    return has_hidden_rows or (metric.per is not None and is_partly_unread)


def _reason(metric: Definition, row: Mapping[str, Any], until: date) -> NoValue | None:
    if row["value"] is not None and row["n"]:
        # A lower bound of zero, with nothing that would have shown more, says nothing.
        hides_all = metric.assured is not None and not row["assured"] and not row["value"]
        return NoValue.NOT_KNOWN if hides_all else None
    if row["population"]:
        return NoValue.NOT_KNOWN
    if row["starts_on"] >= until:
        return NoValue.NOT_YET
    if row["first_at"] is None:
        return NoValue.NOTHING_DEPLOYED
    if row["first_at"].date() >= row["ends_on"]:
        return NoValue.BEFORE_FIRST
    return NoValue.NONE_IN_PERIOD


def _void(metric: Definition, row: Mapping[str, Any]) -> NoValue | None:
    """Why there is no value though there are rows, if one of them says so or they are too few."""
    found = next((reason for reason in metric.void if row[f"void_{reason.value}"]), None)
    if found is None and row["n"] and row["n"] < metric.least:
        return NoValue.TOO_FEW
    return found


def _without_rows(
    metric: Definition, *, is_cut_short: bool, is_partly_unread: bool
) -> NoValue | None:
    """What a period without a row says: nothing unless all of it is known, else a rate of zero.

    A rate is that of the known days, so it may be zero though the period's end is missing.
    """
    if is_partly_unread:
        return NoValue.NOT_KNOWN
    if metric.per is not None:
        return None
    return NoValue.NOT_KNOWN if is_cut_short else NoValue.NONE_IN_PERIOD


def _are_alike(one: Window, other: Window, grain: Grain | None) -> bool:
    """Whether both are whole calendar periods of a trend, or neither is."""
    return grain is None or one.is_whole(grain) == other.is_whole(grain)


def _with_previous(found: Sequence[Figure], whole: Window, grain: Grain | None) -> list[Figure]:
    linked = []
    before: Figure | None = None
    for figure in found:
        group = (figure.team, figure.item, figure.environment)
        if before is None or group != (before.team, before.item, before.environment):
            before = None
        if figure.window.start >= whole.start:
            if before and not _are_alike(before.window, figure.window, grain):
                before = None
            linked.append(_after(before, figure) if before else figure)
        before = figure
    return linked


def _after(before: Figure, figure: Figure) -> Figure:
    return replace(
        figure,
        previous=before.value,
        previous_n=before.n,
        is_previous_lower_bound=before.is_lower_bound,
    )


def _banded(metric: Definition, benchmark: Benchmark, figure: Figure) -> Figure:
    if figure.value is None:
        return figure
    if figure.n < metric.min_n:
        return replace(figure, band_reason=NoBand.TOO_FEW)
    if figure.coverage is not None and figure.coverage < metric.min_coverage:
        return replace(figure, band_reason=NoBand.LOW_COVERAGE)
    band = classify(benchmark, metric.id, figure.value)
    return replace(figure, band=band, band_reason=None if band else NoBand.NOT_PUBLISHED)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)

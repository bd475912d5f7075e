"""A figure's rows as a file that explains itself: filters, period, snapshot, definition, sum."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

from app.answers import rows_envelope, scope_mark
from app.cli.output import harmless
from app.value import limits, told
from app.wording import NAMES
from data.metrics.definition import Definition
from data.metrics.engine import left_out, rows_behind
from data.metrics.figure import Figure
from data.metrics.scope import Scope
from data.period import Window
from data.store.snapshot import Snapshot
from data.trail.exported import Export, Through


def csv_of(
    snapshot: Snapshot, metric: Definition, scope: Scope, window: Window, figure: Figure
) -> bytes:
    """All rows behind a figure as CSV in UTF-8; the first lines, marked `#`, say of what."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([f"# {line}"] for line in preamble(snapshot, metric, scope, window, figure))
    found = rows_behind(snapshot, metric, scope, window)
    writer.writerow(found.column_names)
    for batch in found.to_batches():
        writer.writerows(
            [harmless(_text(value)) for value in row]
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
        )
    return text.getvalue().encode()


def export_of(
    snapshot: Snapshot, metric: Definition, scope: Scope, window: Window, rows: int
) -> Export:
    """What the log says of such a file."""
    asked = scope_mark(metric, scope, window)
    return Export(
        subject=metric.id,
        title=f"rows of {metric.id} as CSV",
        through=Through.PAGE,
        account=None,
        definition=f"{metric.id}, version {metric.version}, sha256 {metric.sha256}",
        filters={
            name: None if value is None else str(value)
            for name, value in asked.items()
            if name not in ("from", "to")
        },
        period=window,
        snapshot=snapshot.id,
        rows=rows,
    )


def preamble(
    snapshot: Snapshot, metric: Definition, scope: Scope, window: Window, figure: Figure
) -> Iterator[str]:
    """What a reader of the file must know to have the same answer again."""
    mark = rows_envelope(snapshot, metric, scope, window)
    asked, defined = mark["scope"], mark["definition"]
    lacking = "".join(f", {words}" for words in limits(figure))
    yield f"{NAMES[metric.id]}: {_value(metric, figure)} (n = {figure.n}{lacking})"
    alone = ", without the teams below it" if scope.is_own else ""
    yield f"team: {asked['team'] or 'all'}{alone}"
    yield f"{metric.subject}: {asked[metric.subject] or 'all'}"
    if metric.subject.has_environments:
        yield f"environment: {asked['environment']}"
    yield f"period: {asked['from']} up to, not including, {asked['to']}"
    yield f"time zone of the period: {asked['timezone']}; times in the rows: UTC"
    yield f"snapshot: {mark['snapshot']}, complete until {mark['as_of'].isoformat()}"
    yield f"definition: {defined['id']}, version {defined['version']}, sha256 {defined['sha256']}"
    left = left_out(snapshot, metric, scope, window)
    yield "left out: " + (", ".join(f"{n} {name}" for name, n in left.items()) or "nothing")


def _value(metric: Definition, figure: Figure) -> str:
    if figure.value is None:
        return f"no value ({figure.reason})"
    exactly = f"{figure.value!r} {metric.unit.value}"
    bound = "; a lower bound: what is not known could only make it larger"
    return f"{told(figure, metric.unit)}, exactly {exactly}{bound * figure.is_lower_bound}"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)

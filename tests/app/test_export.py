"""The rows of a figure as a file that explains itself."""

from __future__ import annotations

import csv
import statistics
from pathlib import Path

from app.components.export import csv_of
from data.metrics.definition import definition
from data.metrics.engine import evaluate
from data.metrics.scope import Scope
from data.period import parse_window
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace


def exported(harbour: Path, metric: str, scope: Scope) -> tuple[list[str], list[dict[str, str]]]:
    """Preamble and rows of the file of August 2026."""
    asked = definition(metric)
    reader = SnapshotReader(Workspace(harbour))
    with reader.reading() as snapshot:
        window = parse_window("2026-08", snapshot.as_of.date())
        total = evaluate(snapshot, asked, scope, window).figures[0]
        text = csv_of(snapshot, asked, scope, window, total).decode()
    reader.close()
    lines = list(csv.reader(text.splitlines()))
    head = [line[0] for line in lines if line[0].startswith("# ")]
    return head, [dict(zip(lines[len(head)], line, strict=True)) for line in lines[len(head) + 1 :]]


def test_the_first_lines_name_everything_the_rows_depend_on(harbour: Path) -> None:
    head, _ = exported(harbour, "change_fail_rate", Scope("web"))
    names = [line.removeprefix("# ").partition(":")[0] for line in head]
    assert names == [
        "Change fail rate", "team", "service", "environment", "period",
        "time zone of the period", "snapshot", "definition", "left out",
    ]  # fmt: skip
    assert head[1] == "# team: web"
    assert head[4] == "# period: 2026-08-01 up to, not including, 2026-09-01"
    assert definition("change_fail_rate").sha256 in head[7]


def test_the_rows_come_to_the_figure_in_the_first_line(harbour: Path) -> None:
    head, rows = exported(harbour, "lead_time", Scope("web"))
    median = statistics.median(float(row["lead_seconds"]) for row in rows)
    assert f"exactly {median!r} seconds (n = {len(rows)})" in head[0]
    head, rows = exported(harbour, "change_fail_rate", Scope())
    failed = sum(row["is_failed"] == "true" for row in rows)
    assert f"exactly {failed / len(rows)!r} fraction" in head[0]


def test_no_cell_is_a_formula_to_a_spreadsheet(harbour: Path) -> None:
    _, rows = exported(harbour, "lead_time", Scope("web"))
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@")]

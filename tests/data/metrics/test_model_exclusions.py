"""No metric of models leaves out a row without a name for it."""

from __future__ import annotations

from pathlib import Path

from data.metrics.definition import definitions
from data.metrics.subject import Subject
from tests.data.facts.registry import CHURN, alert, alias, gate, run, version
from tests.data.published import published

OF_MODELS = [
    metric
    for metric in definitions().values()
    if metric.subject is Subject.MODEL and metric.of is None
]


def test_each_row_counts_or_is_left_out_for_one_reason(tmp_path: Path) -> None:
    records = [
        CHURN,
        *(version(number) for number in (1, 2, 3)),
        *(run(number) for number in (1, 2)),
        run(3, "2026-10-30"),
        run(4, None, result="running"),
        run(5, result="cancelled"),
        gate(2, "pass", "2026-05-02"),
        alias(1, "2026-05-01"),
        alias(2, "2026-05-10", "2026-05-09"),
        alias(1, "2026-05-12", "2026-05-11"),
        alias(3, "2026-10-30", "2026-10-29"),
        alert("2026-05-11", "2026-05-12"),
        alert("2026-05-11", "2026-05-12", id="webhook:1", source="webhook"),
    ]
    with published(tmp_path, records) as snapshot:
        for metric in OF_MODELS:
            reasons = [metric.population, *(one.when for one in metric.excluded)]
            told = " + ".join(f"(case when {reason} then 1 else 0 end)" for reason in reasons)
            rows = snapshot.rows(f"select id, {told} as reasons from {metric.fact}")
            assert rows, metric.id
            assert [row["id"] for row in rows if row["reasons"] != 1] == [], metric.id

"""When a figure is better than before, worse, or not to be compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.answers import figure_row
from app.components.comparison import Comparison, compare
from app.components.tile import Tile, footing
from data.metrics.definition import definition
from data.metrics.engine import evaluate
from data.metrics.scope import Scope
from tests.app.figures import MAY, figure
from tests.data.published import deployment, published

FREQUENCY, LEAD, FAIL = (
    definition(name) for name in ("deployment_frequency", "lead_time", "change_fail_rate")
)


@pytest.mark.parametrize(
    ("metric", "now", "before", "words", "is_up", "is_better"),
    [
        (FREQUENCY, 1.2, 1.0, "20 % better", True, True),
        (FREQUENCY, 0.8, 1.0, "20 % worse", False, False),
        (LEAD, 86_400, 172_800, "50 % better", False, True),
        (FAIL, 0.2, 0.1, "2.0 × worse", True, False),
        (FAIL, 0.1, 0.0, "from none: worse", True, False),
    ],
)
def test_direction_is_judged_by_what_is_better(
    metric: object, now: float, before: float, words: str, is_up: bool, is_better: bool
) -> None:
    found = compare(metric, figure(now, previous=before))  # type: ignore[arg-type]
    assert (found.words, found.is_up, found.is_better) == (words, is_up, is_better)


def test_a_change_below_the_threshold_is_noise() -> None:
    found = compare(FREQUENCY, figure(1.09, previous=1.0))
    assert (found.words, found.is_better) == ("no material change", None)
    nothing = compare(FAIL, figure(0.0, previous=0.0))
    assert nothing.words == "no material change"


def test_a_period_that_is_not_over_is_not_compared() -> None:
    running = compare(FREQUENCY, figure(0.5, previous=1.0, is_partial=True, is_over=False))
    assert (running.words, running.is_better) == ("not over yet", None)


def test_a_period_that_is_over_and_was_not_read_to_its_end_says_so() -> None:
    found = compare(FREQUENCY, figure(0.5, previous=1.0, is_partial=True, is_over=True))
    assert (found.words, found.is_better) == ("not known to its end", None)


@pytest.mark.parametrize(
    "hidden", ["is_lower_bound", "is_previous_lower_bound", "is_partly_unread"]
)
def test_what_is_hidden_on_either_side_is_not_judged(hidden: str) -> None:
    cut = figure(0.3, previous=1.3, **{hidden: True})
    found = compare(FREQUENCY, cut)
    assert (found.words, found.is_up, found.is_better) == ("in part not known", None, None)
    assert cut.change is None
    assert figure(0.3, previous=1.2).change == -0.75


def test_a_lower_bound_before_is_told_as_one() -> None:
    found = compare(FREQUENCY, figure(2.0, previous=1.0, is_previous_lower_bound=True))
    assert found.before == "≥\u00a01.0 per day in 1 – 30 Apr 2026"


def test_a_source_that_nobody_read_since_makes_nothing_worse(tmp_path: Path) -> None:
    near = [deployment(n, f"2026-{4 + n // 30:02}-{1 + n % 30:02}") for n in range(40)]
    far = [deployment(n, f"2026-04-{n:02}", service="far", id=f"far {n}") for n in range(1, 29)]
    with published(tmp_path, near, as_of="2026-06-01", others={"2026-05-01": far}) as snapshot:
        answer = evaluate(snapshot, FREQUENCY, Scope(), MAY)
    (may,) = answer.figures
    before = "1.9 per day in 1 – 30 Apr 2026"
    assert compare(FREQUENCY, may) == Comparison("in part not known", None, None, before)
    row = figure_row(answer, may)
    assert (row["value"], row["previous"], row["change"]) == (10 / 31, 58 / 30, None)


def test_a_tile_says_that_its_figure_was_not_read_in_part_and_calls_no_median_a_bound() -> None:
    def told(**fields: bool) -> str:
        return footing(Tile(LEAD, figure(7_200, **fields), ())).replace("\u00a0", " ")

    assert told() == "100 changes · coverage 100 % · exact"
    assert told(is_partly_unread=True) == (
        "100 changes · coverage 100 % · exact · in part not read"
    )


def test_few_rows_on_either_side_are_not_compared() -> None:
    few = FAIL.min_n - 1
    assert compare(FAIL, figure(0.5, previous=0.1, n=few)).words == "too few to compare"
    assert compare(FAIL, figure(0.5, previous=0.1, previous_n=few)).words == "too few to compare"


def test_the_value_before_is_told_with_its_dates() -> None:
    assert compare(LEAD, figure(7_200, previous=3_600)).before == "1 h in 1 – 30 Apr 2026"
    nothing = compare(LEAD, figure(7_200))
    assert (nothing.words, nothing.before) == ("nothing to compare with", "")


def test_a_value_that_is_gone_is_not_called_a_change() -> None:
    assert compare(LEAD, figure(None, previous=3_600)).words == "not comparable"

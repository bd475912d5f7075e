"""When a figure is better than before, worse, or not to be compared."""

from __future__ import annotations

import pytest

from app.components.comparison import compare
from data.metrics.definition import definition
from tests.app.figures import figure

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
    found = compare(FREQUENCY, figure(0.5, previous=1.0, is_partial=True))
    assert (found.words, found.is_better) == ("not over yet", None)


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

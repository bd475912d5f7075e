"""Colours that stay readable, drawings that tell the truth, and the words beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import plotly.graph_objects as go
import pytest

from app.components import palette as palettes
from app.components import runs
from app.components.cost.month_axis import name_months
from app.components.palette import palette
from app.components.sparkline import has_line, svg
from app.components.trend import _ticks, describe, scale
from data.metrics.definition import Unit, definition
from data.period import Grain, Window
from tests.app.figures import figure
from tests.test_theme import MARK, TEXT, contrast

FREQUENCY = definition("deployment_frequency")


@dataclass
class Reader:
    """Stands in for what Streamlit knows of a browser."""

    type: str

    @property
    def theme(self) -> Reader:
        return self


@pytest.fixture(params=["light", "dark"])
def mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(palettes.st, "context", Reader(request.param))
    return str(request.param)


@pytest.mark.usefixtures("mode")
def test_text_is_readable_on_every_shade() -> None:
    colours = palette()
    for step in range(11):
        assert contrast(colours.text, colours.tint(step / 10)) >= TEXT


@pytest.mark.usefixtures("mode")
def test_shades_run_one_way() -> None:
    colours = palette()
    shades = [contrast(colours.text, colours.tint(step / 10)) for step in range(11)]
    assert shades == sorted(shades, reverse=True)


@pytest.mark.usefixtures("mode")
def test_ticks_and_lines_of_charts_are_readable() -> None:
    colours = palette()
    assert contrast(colours.muted, colours.surface) >= TEXT
    assert all(contrast(colours.series[i], colours.surface) >= MARK for i in (0, 1))


def test_the_mode_decides_the_colours(mode: str) -> None:
    assert (palette().surface == "#16191c") == (mode == "dark")


def test_a_sparkline_leaves_a_hole_where_a_value_is_unknown() -> None:
    assert svg([1, 2, 3, 4], "#123456").count("<polyline") == 1
    holed = svg([1, 2, None, 3, 4], "#123456")
    assert holed.count("<polyline") == 2
    assert 'points="4.0,32.0 42.0,22.7"' in holed


def test_single_points_between_holes_are_no_line() -> None:
    assert has_line([None, 1, 2, None])
    assert not has_line([1, None, 2])
    assert not has_line([None, 3])


@pytest.mark.parametrize(
    ("first", "count", "told"),
    [
        (date(2024, 11, 1), 24, ["Nov", "Jan<br>2025", "Mar"]),
        (date(2024, 12, 1), 24, ["Dec", "Feb<br>2025", "Apr"]),
        (date(2025, 11, 1), 12, ["Nov<br>2025", "Dec", "Jan<br>2026"]),
        (date(2026, 3, 1), 1, ["Mar<br>2026"]),
    ],
)
def test_an_axis_of_months_tells_each_year_once(first: date, count: int, told: list[str]) -> None:
    at = first.year * 12 + first.month - 1
    drawn = go.Figure()
    name_months(drawn, [date((at + n) // 12, (at + n) % 12 + 1, 1) for n in range(count)])
    assert list(drawn.layout.xaxis.ticktext)[:3] == told


def test_a_flat_sparkline_runs_through_the_middle() -> None:
    assert 'points="4.0,18.0 156.0,18.0"' in svg([5, 5], "#123456")


def weeks(*values: float | None) -> list[object]:
    first = date(2026, 8, 3)
    return [
        figure(value, window=Window(first + timedelta(weeks=i), first + timedelta(weeks=i + 1)))
        for i, value in enumerate(values)
    ]


def test_the_alternative_text_is_written_from_the_data() -> None:
    told = describe(FREQUENCY, weeks(1.0, 3.0, None, 2.0))  # type: ignore[arg-type]
    assert told == (
        "Deployment frequency from 1.0 per day (3 – 9 Aug 2026) to 2.0 per day (24 – 30 Aug 2026); "
        "lowest 1.0 per day (3 – 9 Aug 2026), highest 3.0 per day (10 – 16 Aug 2026). "
        "1 of 4 periods have no value."
    )


@pytest.mark.parametrize(
    ("unit", "highest", "axis"),
    [
        (Unit.PER_DAY, 2.0, "per day"),
        (Unit.PER_DAY, 0.5, "per week"),
        (Unit.PER_DAY, 0.05, "per month"),
        (Unit.SECONDS, 400_000, "days"),
        (Unit.SECONDS, 20_000, "hours"),
        (Unit.SECONDS, 600, "minutes"),
        (Unit.FRACTION, 0.2, "%"),
        (Unit.DAYS_PER_WEEK, 5.0, "days a week"),
    ],
)
def test_an_axis_counts_in_what_its_highest_value_would_be_said_in(
    unit: Unit, highest: float, axis: str
) -> None:
    assert scale(unit, weeks(highest / 10, highest))[1] == axis  # type: ignore[arg-type]


def test_the_last_period_is_always_marked_and_the_year_told_once() -> None:
    starts = [date(2025, 11, 3) + timedelta(weeks=i) for i in range(52)]
    marks = _ticks(starts, Grain.WEEK)
    assert len(marks["tickvals"]) <= 9
    assert marks["tickvals"][-1] == starts[-1].isoformat()
    assert sum("2026" in text for text in marks["ticktext"]) == 1


@pytest.mark.usefixtures("mode")
def test_a_run_of_unknown_length_is_not_drawn_as_one_that_took_no_time() -> None:
    told = [
        {
            "run": str(number),
            "found": 2,
            "happened_at": datetime(2026, 5, number, tzinfo=UTC),
            "duration_seconds": seconds,
            "result": "success",
            "is_flaky": False,
            "excluded": None,
        }
        for number, seconds in ((1, 120), (2, None))
    ]
    (drawn,) = runs.drawing(told, [], palette()).data
    assert drawn.y == (2.0, None)
    assert runs.in_words(told, []) == "2 succeeded, 1 of unknown length, not drawn."

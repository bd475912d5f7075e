"""The page tells the rule, the unusual, the forecast with its error, and a change that adds up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from app.components.explained import headline
from app.components.moved import column, part_at, table
from app.components.overlay import Mark, Marks, add_forecast, add_marks, describe_marks
from app.components.palette import Palette
from app.value import alike, off, possible, say
from data.metrics.definition import Unit, definition
from data.metrics.scope import NO_TEAM
from data.period import Grain, Window
from data.series.anomaly import anomalies, usual_rule
from data.series.change_point import change_points
from data.series.explain import Explained
from data.series.forecast import Forecast, forecast
from data.series.moved import Method
from data.series.points import points
from tests.app.changes import daily, moved
from tests.app.conftest import OpenPage

FREQUENCY = definition("deployment_frequency")
COLOURS = Palette("#000000", "#333333", "#ffffff", "#dddddd", ("#0000ff", "#ff0000"), "#00ff00")


def told(length: int) -> Explained:
    """What is told of a noisy half of a year with one wild Wednesday."""
    figures = daily(length)
    series = points(FREQUENCY, figures, Grain.DAY)
    rule = usual_rule(FREQUENCY)
    window = Window(figures[0].window.start, figures[-1].window.end)
    return Explained(
        FREQUENCY,
        Grain.DAY,
        window,
        window,
        rule,
        anomalies(series, Grain.DAY, rule),
        change_points(series, Grain.DAY, rule),
        forecast(series, Grain.DAY),
    )


@pytest.mark.parametrize("method", [Method.SHARES, Method.COUNTS])
@pytest.mark.parametrize("count", [2, 30])
def test_the_rows_of_the_table_add_up_to_its_last_one(method: Method, count: int) -> None:
    answer = moved(method, count)
    adds = table(answer)[column(answer)]
    assert sum(adds[:-1]) == pytest.approx(adds.iloc[-1], abs=1e-9)
    factor = 100.0 if method is Method.SHARES else adds.iloc[-1] / answer.change
    assert adds.iloc[-1] == pytest.approx(answer.change * factor)
    assert len(adds) == (3 if count == 2 else 14)


def test_parts_are_called_by_their_titles() -> None:
    names = table(moved(Method.COUNTS, 2), {"team-0": "Null"})["team"]
    assert set(names) == {"Null", "team-1", "all together"}


def test_what_belongs_to_no_team_is_called_that_of_the_organisation() -> None:
    answer = moved(Method.COUNTS, 2)
    parts = tuple(replace(p, part=NO_TEAM) if p.part == "team-0" else p for p in answer.parts)
    names = list(table(replace(answer, parts=parts))["team"])
    assert set(names) == {"the organisation", "team-1", "all together"}
    assert part_at(replace(answer, parts=parts), names.index("the organisation")) == NO_TEAM


def test_a_row_of_many_parts_leads_to_no_rows_and_the_last_one_to_all() -> None:
    few, many = moved(Method.COUNTS, 2), moved(Method.COUNTS, 30)
    assert [part_at(few, row) for row in range(3)] == [*(p.part for p in few.parts), ""]
    assert list(table(many)["team"])[12:] == ["18 others", "all together"]
    assert [part_at(many, row) for row in (11, 12, 13)] == [many.parts[11].part, None, ""]


def test_a_bound_beyond_what_can_be_is_told_as_what_can_be() -> None:
    assert say(definition("change_fail_rate"), -0.2) == "0.0 %"
    assert say(definition("system_uptime"), 1.2) == "100.0 %"
    assert possible(definition("change_fail_rate"), 1.4) == 1
    assert possible(definition("lead_time"), 1e9) == 1e9
    assert definition("lead_time").unit is Unit.SECONDS


def test_bounds_of_a_share_that_is_nearly_all_can_be_told_apart() -> None:
    uptime = definition("system_uptime")
    assert [say(uptime, value) for value in (0.9985, 0.9992, 0.99996, 0.96)] == [
        "99.85 %",
        "99.92 %",
        "99.996 %",
        "96.0 %",
    ]


def test_rates_that_stand_in_one_line_have_the_unit_of_the_largest() -> None:
    words = alike(FREQUENCY, 1 / 7, 0.0, 0.02)
    assert [words(value) for value in (1 / 7, 0.0, 0.02)] == [
        "1.0 per week",
        "0 per week",
        "0.1 per week",
    ]
    assert alike(FREQUENCY, 0.0, 0.0)(0.0) == say(FREQUENCY, 0.0) == "0 per day"


def test_what_is_expected_and_its_bounds_have_one_unit() -> None:
    made = told(120).forecast
    assert isinstance(made, Forecast)
    quiet = replace(made.expected[0], value=0.0, low=0.0, high=1 / 7)
    said = headline(replace(told(120), forecast=replace(made, expected=(quiet,))))
    assert said.replace("\\", "").endswith(
        "0 per week expected, 8 of 10 within 0 per week to 1.0 per week"
    )


def test_shares_are_apart_by_points_and_not_by_percents() -> None:
    assert off(definition("change_fail_rate"), 0.021) == "2.1 points"
    assert off(definition("lead_time"), 5400) == "1 h 30 min"


def test_the_band_is_drawn_around_the_forecast() -> None:
    made = forecast(points(FREQUENCY, daily(120), Grain.DAY), Grain.DAY)
    assert isinstance(made, Forecast)
    drawn = go.Figure()
    add_forecast(drawn, FREQUENCY, made, 1.0, COLOURS)
    band, line = drawn.data
    assert len(line.y) == 14
    assert len(band.y) == 28
    assert all(
        low <= at <= high for at, high, low in zip(line.y, band.y[:14], band.y[:13:-1], strict=True)
    )


def test_only_what_is_chosen_is_drawn() -> None:
    explained = told(120)
    every, none = go.Figure(), go.Figure()
    add_marks(every, Marks(explained, frozenset(Mark)), 1.0, COLOURS)
    add_marks(none, Marks(explained, frozenset()), 1.0, COLOURS)
    assert {trace.name for trace in every.data} == {
        "unusual",
        "expected",
        "8 of 10 expected within",
    }
    assert not none.data
    assert describe_marks(Marks(explained, frozenset())) == ""
    assert "2 unusual" in describe_marks(Marks(explained, frozenset(Mark)))


def test_unusual_periods_are_told_apart_by_shape_and_in_words() -> None:
    drawn = go.Figure()
    add_marks(drawn, Marks(told(120), frozenset({Mark.UNUSUAL})), 1.0, COLOURS)
    (rings,) = drawn.data
    assert rings.marker.symbol == "circle-open"
    assert "2026-06-10" in rings.x
    assert "was expected" in rings.hovertemplate


def test_one_line_says_what_is_unusual_and_what_to_expect() -> None:
    said = headline(told(120)).replace("\\", "")
    assert said.startswith("2 of 92 days unusual: ")
    assert "10 Jun 2026" in said
    assert "expected, 8 of 10 within" in said


def test_where_too_little_is_known_the_line_says_so() -> None:
    assert headline(told(20)) == ("Too little is known before these days to say what is unusual")


def opened(open_page: OpenPage, folder: Path, **unfolded: bool) -> AppTest:
    page = open_page(folder, team="web", grain="day")
    for key, is_open in unfolded.items():
        page.session_state[key] = is_open
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def _text(page: AppTest) -> str:
    words = [m.value for m in page.markdown] + [c.value for c in page.caption]
    return "\n".join(words).replace("\\", "")


def test_the_page_tells_rule_numbers_and_error(open_page: OpenPage, harbour: Path) -> None:
    said = _text(opened(open_page, harbour, usual=True))
    assert "Nothing unusual in 90 days" in said
    assert "off the median of the same weekday in the 8 weeks before" in said
    assert "Usual in 31 Oct 2026: 0 per day to 2.0 per day: the median 1.0 per day of the 8" in said
    assert "it was off by 0 per day" in said


def test_the_page_tells_what_moved_and_leads_to_its_rows(
    open_page: OpenPage, harbour: Path
) -> None:
    page = opened(open_page, harbour, moved=True)
    (parts,) = (frame.value for frame in page.dataframe if "adds (per day)" in frame.value)
    assert list(parts["service"])[-1] == "all together"
    assert sum(parts["adds (per day)"][:-1]) == pytest.approx(parts["adds (per day)"].iloc[-1])
    assert "each service adds its own change" in _text(page)


def test_a_time_is_explained_by_its_stages_too(open_page: OpenPage, harbour: Path) -> None:
    page = open_page(harbour, metric="lead_time")
    page.session_state["moved"] = True
    page.run()
    (stages,) = (frame.value for frame in page.dataframe if "stage" in frame.value)
    changes = next(stages[name] for name in stages if name.startswith("change"))
    assert sum(changes[:-1]) == pytest.approx(changes.iloc[-1])


def test_what_is_folded_is_not_asked_for(open_page: OpenPage, harbour: Path) -> None:
    page = opened(open_page, harbour)
    assert not any("adds (per day)" in frame.value for frame in page.dataframe)
    assert "8 weeks before" not in _text(page)


def test_a_mark_that_is_switched_off_stands_in_the_address(
    open_page: OpenPage, harbour: Path
) -> None:
    page = opened(open_page, harbour)
    assert "marks" not in page.query_params
    (switches,) = (group for group in page.button_group if group.key == "marks shown")
    switches.set_value([]).run()
    assert not page.exception
    assert page.query_params["marks"] == "unusual-level"
    (switches,) = (group for group in page.button_group if group.key == "marks shown")
    assert switches.value == []


def test_an_address_chooses_the_marks(open_page: OpenPage, harbour: Path) -> None:
    page = open_page(harbour, team="web", grain="day", marks="none")
    (switches,) = (group for group in page.button_group if group.key == "marks shown")
    assert switches.value == []

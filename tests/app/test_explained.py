"""The page tells the rule, the unusual, the forecast with its error, and a change that adds up."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from app.components.moved import column, table
from app.components.overlay import add_forecast, possible, say
from app.components.palette import Palette
from data.metrics.definition import Unit, definition
from data.metrics.period import Grain
from data.series.forecast import Forecast, forecast
from data.series.moved import Method
from data.series.points import points
from tests.app.changes import daily, moved

FREQUENCY = definition("deployment_frequency")
COLOURS = Palette("#000000", "#333333", "#ffffff", "#dddddd", ("#0000ff", "#ff0000"), "#00ff00")


@pytest.mark.parametrize("method", [Method.SHARES, Method.COUNTS])
@pytest.mark.parametrize("count", [2, 30])
def test_the_rows_of_the_table_add_up_to_its_last_one(method: Method, count: int) -> None:
    answer = moved(method, count)
    adds = table(answer)[column(answer)]
    assert sum(adds[:-1]) == pytest.approx(adds.iloc[-1], abs=1e-9)
    factor = 100.0 if method is Method.SHARES else adds.iloc[-1] / answer.change
    assert adds.iloc[-1] == pytest.approx(answer.change * factor)
    assert len(adds) == (3 if count == 2 else 14)


def test_a_bound_beyond_what_can_be_is_told_as_what_can_be() -> None:
    assert say(definition("change_fail_rate"), -0.2) == "0.0 %"
    assert possible(definition("change_fail_rate"), 1.4) == 1
    assert possible(definition("lead_time"), 1e9) == 1e9
    assert definition("lead_time").unit is Unit.SECONDS


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


def _page() -> None:
    from app.components.explained import explained  # noqa: PLC0415
    from data.metrics.definition import definition  # noqa: PLC0415
    from data.metrics.period import Grain  # noqa: PLC0415
    from data.series.moved import Method  # noqa: PLC0415
    from tests.app.changes import daily, moved  # noqa: PLC0415

    metric = definition("deployment_frequency")
    explained(metric, daily(120), Grain.DAY, moved(Method.COUNTS, 3))


def _short_page() -> None:
    from app.components.explained import explained  # noqa: PLC0415
    from data.metrics.definition import definition  # noqa: PLC0415
    from data.metrics.period import Grain  # noqa: PLC0415
    from data.series.moved import NotExplained  # noqa: PLC0415
    from tests.app.changes import daily  # noqa: PLC0415

    metric = definition("deployment_frequency")
    explained(metric, daily(20), Grain.DAY, NotExplained.NO_VALUE)


def _told(page: AppTest) -> str:
    assert not page.exception, page.exception[0].message
    return "\n".join([m.value for m in page.markdown] + [c.value for c in page.caption])


def test_the_component_tells_the_rule_the_unusual_and_the_error() -> None:
    page = AppTest.from_function(_page, default_timeout=60).run()
    said = _told(page).replace("\\", "")
    assert "off the median of the same weekday in the 8 weeks before" in said
    assert "10 Jun 2026" in said
    assert "Wednesdays of the 8 weeks before were between" in said
    assert "it was off by" in said
    assert "each team adds its own change" in said
    assert list(page.dataframe[0].value["team"])[-1] == "all together"


def test_where_too_little_is_known_it_says_what_is_missing() -> None:
    said = _told(AppTest.from_function(_short_page, default_timeout=60).run()).replace("\\", "")
    assert "it takes 53 known days in a row, or more with gaps" in said
    assert "Not told: one of the two figures is not known" in said
    assert "20 have too little before them to be judged" in said

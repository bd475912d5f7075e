"""The Delivery page: what a link shows, and what each part of the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.components import paint
from tests.app.conftest import OpenPage

TILES = [
    "Deployment frequency",
    "Change lead time",
    "Change fail rate",
    "Recovery time",
    "Rework rate",
]


def texts(page: AppTest) -> str:
    """All that is written as Markdown on a page."""
    found = [*page.markdown, *page.caption, *page.header, *page.title]
    return "\n".join(element.value for element in found)


def test_a_plain_address_shows_all_teams_in_production_for_ninety_days(
    open_page: OpenPage,
) -> None:
    page = open_page()
    assert [metric.label for metric in page.metric] == TILES
    assert "**All teams** · production · 3 Aug – 31 Oct 2026 · against 5 May – 2 Aug 2026" in texts(
        page
    )
    assert page.query_params == {}


def test_a_link_shows_what_it_names(open_page: OpenPage) -> None:
    page = open_page(
        team="web", service="web", env="all", window="2026-Q3", grain="month", bands="cairn",
        metric="lead_time", period="2026-09",
    )  # fmt: skip
    chosen = {box.key: box.value for box in page.selectbox}
    assert chosen == {
        "team": "web",
        "service": "web",
        "env": "all",
        "window": "2026-Q3",
        "grain": "month",
        "bands": "cairn",
        "period": "2026-09",
    }
    assert page.segmented_control(key="metric").value == "lead_time"
    assert "1 Jul – 30 Sep 2026" in texts(page)
    assert page.query_params["team"] == "web"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("team", "nobody-here"),
        ("service", "<script>"),
        ("env", "moon"),
        ("window", "next year"),
        ("window", "99999w"),
        ("grain", "century"),
        ("bands", "dora_1999"),
        ("metric", "velocity"),
        ("group", "nobody-here"),
        ("period", "2019-01"),
        ("unknown", "x"),
    ],
)
def test_what_a_link_should_not_say_falls_back_and_leaves_the_address(
    open_page: OpenPage, key: str, value: str
) -> None:
    page = open_page(**{key: value})
    assert "**All teams** · production · 3 Aug – 31 Oct 2026" in texts(page)
    assert page.query_params == {}


def test_any_window_of_the_command_line_may_stand_in_a_link(open_page: OpenPage) -> None:
    assert "12 – 18 Oct 2026" in texts(open_page(window="2026-W42"))


def test_dates_in_a_link_end_before_the_last_as_on_the_command_line(open_page: OpenPage) -> None:
    page = open_page(window="custom", **{"from": "2026-06-01", "to": "2026-07-01"})
    assert "1 – 30 Jun 2026" in texts(page)
    last = next(field for field in page.date_input if field.key == "last_day")
    assert last.value.isoformat() == "2026-06-30"
    last.set_value(last.value.replace(day=15)).run()
    assert page.query_params["to"] == "2026-06-16"
    assert "1 – 15 Jun 2026" in texts(page)


def test_dates_the_wrong_way_round_are_told_and_not_used(open_page: OpenPage) -> None:
    page = open_page(window="custom", **{"from": "2026-07-01", "to": "2026-06-01"})
    assert "swap the dates" in page.error[0].value
    assert "3 Aug – 31 Oct 2026" in texts(page)


def test_a_filter_ends_in_the_address_and_a_default_does_not(open_page: OpenPage) -> None:
    page = open_page()
    page.selectbox(key="team").select("web").run()
    assert page.query_params == {"team": "web"}
    page.selectbox(key="team").select("").run()
    assert page.query_params == {}


def test_a_service_of_another_team_is_dropped_with_the_team(open_page: OpenPage) -> None:
    page = open_page(team="web", service="web")
    page.selectbox(key="team").select("few").run()
    assert page.selectbox(key="service").value == ""
    assert page.query_params == {"team": "few"}


def test_filters_come_back_from_another_page(open_page: OpenPage) -> None:
    page = open_page(team="web", metric="lead_time")
    page.switch_page("views/admin/sources.py").run()
    page.query_params.clear()
    page.switch_page("views/team/delivery.py").run()
    assert page.selectbox(key="team").value == "web"
    assert page.query_params == {"team": "web", "metric": "lead_time"}


def test_a_tile_tells_value_change_band_and_how_sure_it_is(open_page: OpenPage) -> None:
    page = open_page(bands="cairn")
    frequency, fail = page.metric[0], page.metric[2]
    assert (frequency.value, frequency.delta) == ("1.0 :small[per day]", "no material change")
    assert fail.value == "9.7 %"
    told = texts(page).replace("\u00a0", " ")
    assert "93 deployments · coverage 100 % · exact" in told
    assert "93 deployments · coverage 97 % · 3 unknown · lower bound" in told
    assert "4 failures · coverage 44 % · 5 unknown · exact" in told
    assert "9 of 93 failed" in told
    assert re.search(r"blue-badge\[:material/signal_cellular_\d_bar: elite", told)


def test_too_few_rows_have_a_value_and_no_band(open_page: OpenPage) -> None:
    page = open_page(team="few", metric="lead_time")
    assert "too few for a band" in texts(page)


def test_a_period_that_is_not_over_is_not_compared(open_page: OpenPage) -> None:
    page = open_page(window="2026-W44", team="web")
    assert page.metric[0].delta == "not over yet"
    assert "nothing is known from 1 Nov 2026 on" in texts(page)


def test_a_tile_chooses_the_metric_of_trend_and_rows(open_page: OpenPage) -> None:
    page = open_page(group="web")
    page.button(key="choose lead_time").click().run()
    assert page.query_params == {"metric": "lead_time"}
    assert "Rows behind change lead time" in texts(page)
    assert page.button(key="choose lead_time").disabled


def test_the_trend_lists_what_happened_meanwhile(open_page: OpenPage) -> None:
    assert r"1 – 14 Sep 2026: Freeze of \*everything\* (Web \_team\_)" in texts(open_page())
    assert "Freeze" not in texts(open_page(team="few"))
    assert "Freeze" not in texts(open_page(window="2026-07"))


def test_the_chart_comes_with_words_and_with_numbers(open_page: OpenPage) -> None:
    page = open_page(metric="lead_time")
    assert next(chart.proto.alt for chart in page.get("plotly_chart")).startswith(
        "Change lead time from 20 h (3 – 9 Aug 2026)"
    )
    numbers = page.dataframe[0].value
    assert list(numbers.columns[:4]) == ["period", "change lead time", "9 of 10 within", "n"]
    assert len(numbers) == 13


def test_stages_that_no_source_knows_are_said_to_be_unknown(open_page: OpenPage) -> None:
    told = texts(open_page(metric="lead_time"))
    assert "Not known: waiting for review, review to merge." in told


def test_each_team_has_a_row_in_the_order_of_their_names(open_page: OpenPage) -> None:
    table = open_page().dataframe[1].value
    assert list(table["Team"]) == [
        "Few", "Nobody", "Silent", "Staged", "Web _team_", "Unowned",
    ]  # fmt: skip
    assert list(table.columns[1:]) == TILES
    assert set(table.iloc[1][1:]) == {"owns nothing"}
    assert set(table.iloc[2][1:]) == {"nothing deployed"}
    assert table["Change fail rate"].iloc[4] == "10.0 % · medium"


def test_a_team_is_broken_down_by_its_services(open_page: OpenPage) -> None:
    page = open_page(team="web")
    assert list(page.dataframe[1].value["Service"]) == ["shop", "web"]
    assert "DORA warns against comparing teams" in texts(page)


def test_rows_add_up_to_the_figure_of_a_part_and_a_period(open_page: OpenPage) -> None:
    page = open_page(metric="change_fail_rate", group="web", period="2026-W40")
    assert ":material/check_circle: 1 of 7 deployments failed = **14.3 %**" in texts(page)
    assert len(page.dataframe[2].value) == 7


def test_rows_link_to_the_web_and_to_nothing_else(open_page: OpenPage) -> None:
    links = open_page(group="unowned").dataframe[2].value["url"]
    assert list(links.isna()) == [True]
    links = open_page(group="web").dataframe[2].value["url"]
    assert links.str.startswith("https://").all()


def test_titles_are_shown_as_they_are_and_never_as_markup(open_page: OpenPage) -> None:
    page = open_page(metric="lead_time", group="web")
    assert page.dataframe[2].value["title"].str.contains(r"\[click\]\(javascript").any()
    assert "[click](" not in texts(page)
    assert not re.search(r"(?<!\\)<b>", texts(page))


def test_the_computation_is_told_with_commands_and_runnable_sql(open_page: OpenPage) -> None:
    page = open_page(team="web", metric="lead_time")
    page.session_state["computed"] = True
    page.run()
    commands, sql = page.code[0].value, page.code[1].value
    assert "cairn metric lead_time --team web --environment production" in commands
    assert "--from 2026-08-03 --to 2026-11-01" in commands
    assert "$" not in sql
    assert "'web'" in sql
    assert "Delivered by the first deployment ever seen" in page.table[1].value.to_string()


def test_the_first_run_ends_after_the_figures(
    harbour: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAIRN_DATA", str(harbour))
    page = AppTest.from_file("../../app/main.py", default_timeout=60).run()
    assert [metric.label for metric in page.metric] == TILES
    assert not page.dataframe
    page.run()
    assert page.session_state[paint.PAINTED]
    assert len(page.dataframe) == 3

"""What Operations lists: incidents, budgets of errors, use of resources, and noise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.components.noise import summary
from data.inventory.operations import noisy_alerts
from data.metrics.scope import Scope
from data.period import Window
from tests.app.conftest import OpenPage
from tests.app.organisation import CONFIGURATION, UNTIL, publish_into, records
from tests.data.facts.operations import alert, day
from tests.data.facts.story import Story
from tests.data.published import at, incident


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small organisation in October: an objective, a processor, three alerts, two incidents."""
    folder = tmp_path_factory.mktemp("troubled")
    october = [f"2026-10-{number:02}" for number in range(4, 32)]
    kept = [day(date, 0.998 if date > "2026-10-23" else 1.0) for date in october]
    used = [day(date, 0.9, kind="utilisation", name="processor", target=None) for date in october]
    told = [
        alert(1, "2026-10-05 10:00", "2026-10-05 10:30"),
        alert(2, "2026-10-06 10:00", "2026-10-06 10:30"),
        alert(3, "2026-10-07 10:00", "2026-10-07 10:30", name="DiskFull", fingerprint="3c4d"),
        incident(70, "2026-10-07 10:10", resolved_at=at("2026-10-07 12:10"), severity="major"),
        incident(71, "2026-10-20 10:00", resolved_at=None),
    ]
    publish_into(folder, [*records(), *kept, *used, *told], CONFIGURATION, UNTIL)
    return folder


def opened(open_page: OpenPage, folder: Path, **address: str) -> AppTest:
    page = open_page(folder)
    for key, value in {"service": "web", **address}.items():
        page.query_params[key] = value
    page.switch_page("views/team/operations.py").run()
    assert not page.exception, page.exception[0].message
    return page


def table(page: AppTest, column: str) -> list[dict[str, Any]]:
    """The one table with a column."""
    (found,) = [t.value for t in page.dataframe if column in t.value.columns]
    return list(found.to_dict("records"))


def said(page: AppTest) -> str:
    return " ".join(element.value for element in page.markdown)


def test_incidents_that_are_open_stand_first(open_page: OpenPage, troubled: Path) -> None:
    rows = table(opened(open_page, troubled), "Lasted")
    assert rows[0]["State"] == "open"
    assert rows[0]["Lasted"].endswith("so far")
    (mended,) = [row for row in rows if row["Severity"] == "major"]
    assert (mended["State"], mended["Lasted"]) == ("resolved", "2 h")


def test_the_noisiest_alert_is_named_with_what_came_of_it(
    open_page: OpenPage, troubled: Path
) -> None:
    page = opened(open_page, troubled)
    first, second = table(page, "Led nowhere")
    assert (first["Alert"], first["Fired"], first["Led nowhere"]) == ("TooSlow", 2, 2)
    assert (second["Alert"], second["Led to an incident"], second["Noise"]) == ("DiskFull", 1, 0)
    assert "one makes 100 % of the firings that led to no incident" in said(page)


def test_a_budget_that_is_spent_says_so_and_how_often(open_page: OpenPage, troubled: Path) -> None:
    page = opened(open_page, troubled)
    (row,) = table(page, "Budget left")
    # Eight days at twice what is allowed, of 28 that were measured: 16 of 28 parts are used.
    assert row["Budget left"] == "42.9 %"
    assert row["Last 3 days"] == pytest.approx(2.0)
    assert "1 objective: 1 burning faster than allowed in the last three days" in said(page)


def test_a_resource_is_told_with_the_days_at_what_is_aimed_at(
    open_page: OpenPage, troubled: Path
) -> None:
    page = opened(open_page, troubled)
    (row,) = table(page, "Fullest day")
    assert (row["Used"], row["Days above"]) == (pytest.approx(0.9), 28)
    assert "1 of 1 use 80.0 % or more" in said(page)


def test_where_nothing_is_measured_each_part_says_what_would_tell(
    open_page: OpenPage, tmp_path: Path
) -> None:
    publish_into(tmp_path, [*records(), alert(1, "2026-10-05", "2026-10-06")], CONFIGURATION, UNTIL)
    text = said(opened(open_page, tmp_path))
    assert "No objective was measured in this period" in text
    assert "No use of a resource was measured in this period" in text


@pytest.fixture
def noisy(tmp_path: Path) -> Iterator[list[dict[str, Any]]]:
    """The first of four alerts, each of which fired once and led to no incident."""
    names = ("[Disk](https://example.com) *full*", "B", "C", "D")
    told = Story(tmp_path)
    facts = told(
        incident(1, "2026-04-01"),
        *(
            alert(n, "2026-05-01 10:00", "2026-05-01 10:10", name=name, fingerprint=name)
            for n, name in enumerate(names)
        ),
    )
    may = Window(date(2026, 5, 1), date(2026, 6, 1))
    found = noisy_alerts(facts.snapshot, Scope(), may, 4).to_pylist()
    yield [row for row in found if row["title"] == names[0]]
    told.close()


def test_noise_is_shared_out_among_all_alerts_also_those_that_are_not_listed(
    noisy: list[dict[str, Any]],
) -> None:
    said = summary(noisy)
    assert "4 alerts: one makes 25 % of the firings that led to no incident" in said
    assert "The first 1 are listed." in said


def test_what_a_source_calls_an_alert_is_no_markup(noisy: list[dict[str, Any]]) -> None:
    assert r"\[Disk\]\(https\:\/\/example\.com\) \*full\* of web" in summary(noisy)


def test_an_alert_of_no_service_is_told_without_one(noisy: list[dict[str, Any]]) -> None:
    assert "full\\* of" not in summary([{**noisy[0], "service": None}])

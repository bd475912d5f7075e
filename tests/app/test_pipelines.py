"""What Data lists: pipelines with what befell them, runs through time, and checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.conftest import OpenPage
from tests.app.organisation import CONFIGURATION, UNTIL, publish_into, records
from tests.data.facts.operations import check
from tests.data.facts.operations import run as pipeline_run
from tests.data.published import at

EXPECTED = """
[[team]]
name = "growth"
title = "Growth"
owns = ["pipeline:load", "dataset:*"]

[[pipeline]]
name = "load"
freshness_minutes = 60
"""


@pytest.fixture(scope="module")
def loading(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline of October that failed once, was flaky once, late once and missed a day."""
    folder = tmp_path_factory.mktemp("loading")
    told: list[Any] = []
    for number in range(1, 32):
        fields: dict[str, Any] = {"slot_at": at(f"2026-10-{number:02}"), "retried_tasks": 0}
        hour = "00:30"
        if number == 5:
            fields["retried_tasks"] = 1
        if number == 12:
            continue
        if number == 20:
            hour = "03:00"
        result = "failure" if number == 8 else "success"
        told.append(pipeline_run(number, f"2026-10-{number:02} {hour}", result, **fields))
    checked = [
        check(1, "pass", "2026-10-05", pipeline="load"),
        check(2, "fail", "2026-10-06", pipeline="load"),
        check(3, "skipped", "2026-10-07", pipeline="load"),
        check(4, "pass", "2026-10-08", pipeline="other"),
    ]
    publish_into(folder, [*records(), *told, *checked], CONFIGURATION + EXPECTED, UNTIL)
    return folder


def opened(open_page: OpenPage, folder: Path, **address: str) -> AppTest:
    page = open_page(folder)
    for key, value in {"about": "pipelines", **address}.items():
        page.query_params[key] = value
    page.switch_page("views/team/data.py").run()
    assert not page.exception, page.exception[0].message
    return page


def table(page: AppTest, column: str) -> list[dict[str, Any]]:
    """The one table with a column."""
    (found,) = [t.value for t in page.dataframe if column in t.value.columns]
    return list(found.to_dict("records"))


def test_a_pipeline_is_listed_with_the_figures_of_the_page(
    open_page: OpenPage, loading: Path
) -> None:
    page = opened(open_page, loading)
    (row,) = table(page, "Flaky")
    tiles = {tile.label: tile.value for tile in page.metric}
    assert (row["Pipeline"], row["Team"]) == ("load", "Growth")
    assert (row["Success"], row["On time"]) == (tiles["Success"], tiles["On time"])
    assert (row["Flaky"], row["No run"]) == ("1 of 29", 1)
    assert row["Checks"] == "1 of 2 passed, 1 not made"


def test_one_pipeline_has_its_runs_in_words_and_as_rows(open_page: OpenPage, loading: Path) -> None:
    page = opened(open_page, loading, pipeline="load")
    captions = " ".join(element.value for element in page.caption)
    assert "28 succeeded, 1 succeeded when tried again, 1 failed" in captions
    assert "1 stretch of data that nothing ran for" in captions
    rows = table(page, "took")
    assert [row["what"] for row in rows if row["run"] == "8"] == ["failed"]
    late = {str(row["for data of (UTC)"])[:10]: row["what"] for row in table(page, "due (UTC)")}
    assert late["2026-10-12"] == "nothing ran for it"
    assert late["2026-10-20"] == "not in time"


def test_a_pipeline_has_the_checks_it_makes_and_no_others(
    open_page: OpenPage, loading: Path
) -> None:
    (row,) = table(opened(open_page, loading, pipeline="load"), "Not made")
    assert (row["Passed"], row["Failed"], row["Not made"]) == (0.5, 1, 1)
    assert row["Now"] == "skipped"


def test_datasets_have_all_checks_on_them(open_page: OpenPage, loading: Path) -> None:
    (row,) = table(opened(open_page, loading, about="datasets"), "Not made")
    assert row["Passed"] == pytest.approx(2 / 3)
    assert row["Now"] == "pass"

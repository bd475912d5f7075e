"""Versions of one model side by side: values, differences, and how each was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.components.timeline import _apart
from app.components.versions import compared
from data.model import Evaluation
from tests.app.conftest import OpenPage
from tests.app.organisation import CONFIGURATION, UNTIL, publish_into, records
from tests.data.facts.registry import CHURN, alias, run, stage, version
from tests.data.published import at

EXPECTED = """
[[registry]]

[registry.environments]
production = ["alias:champion"]
pre-production = ["stage:Lab"]

[[team]]
name = "growth"
title = "Growth"
owns = ["model:*"]

[[model]]
name = "churn"
metric = "loss"
is_higher_better = false
"""


def measured(
    number: int, value: float | None, metric: str = "loss", dataset: str | None = None
) -> Evaluation:
    return Evaluation(
        id=f"test:evaluation/{metric}/{number}/{dataset}",
        source="test",
        run=f"test:run/{number}",
        model=None,
        version=None,
        metric=metric,
        value=value,
        dataset=dataset,
        evaluated_at=at("2026-09-01"),
    )


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four versions of one model; the second serves, the third's run cannot be read."""
    folder = tmp_path_factory.mktemp("shelf")
    told = [
        CHURN,
        *(version(number) for number in (1, 2, 3, 4)),
        *(run(number, datasets=(f"orders@d{number}",)) for number in (1, 2, 4)),
        alias(1, "2026-09-01"),
        alias(2, "2026-10-01 06:00", "2026-10-01"),
        measured(1, 0.5),
        measured(2, 0.4),
        measured(4, 0.3),
        measured(4, 7.0, "rows"),
        measured(2, 0.99, "accuracy", "train@a"),
        measured(2, 0.80, "accuracy", "validation@b"),
        measured(4, 0.85, "accuracy", "validation@c"),
        stage(4, "Lab", "2026-10-05", "2026-10-04"),
    ]
    publish_into(folder, [*records(), *told], CONFIGURATION + EXPECTED, UNTIL)
    return folder


def opened(open_page: OpenPage, folder: Path) -> AppTest:
    page = open_page(folder)
    page.query_params["model"] = "churn"
    page.switch_page("views/team/models.py").run()
    assert not page.exception, page.exception[0].message
    return page


def table(page: AppTest, column: str) -> list[dict[str, Any]]:
    """The one table with a column."""
    (found,) = [t.value for t in page.dataframe if column in t.value.columns]
    return list(found.to_dict("records"))


def test_versions_are_held_against_the_one_in_production(open_page: OpenPage, shelf: Path) -> None:
    page = opened(open_page, shelf)
    assert page.selectbox(key="versions held against").value == "2"
    assert page.multiselect(key="versions beside 2").value == ["3", "4"]
    page.multiselect(key="versions beside 2").set_value(["4", "1"]).run()
    told = {(row["Metric"], row["Where"]): row for row in table(page, "Better")}
    loss, rows = told["loss", "training"], told["rows", "training"]
    assert loss["Better"] == "lower"
    assert (loss["4 against 2"], loss["1 against 2"]) == (
        "−0.1, 25.0 % better",
        "+0.1, 25.0 % worse",
    )
    assert (rows["Better"], rows["4 against 2"]) == ("not known", "not known")


def test_a_value_is_held_against_one_that_was_measured_on_the_same_data(
    open_page: OpenPage, shelf: Path
) -> None:
    page = opened(open_page, shelf)
    page.multiselect(key="versions beside 2").set_value(["4"]).run()
    told = {row["Where"]: row for row in table(page, "Better") if row["Metric"] == "accuracy"}
    assert told["training, validation"]["4 against 2"] == "+0.05, 6.2 %"
    assert told["training, train"]["4 against 2"] == "not known"


def test_a_version_tells_its_data_its_commit_and_what_could_not_be_read(
    open_page: OpenPage, shelf: Path
) -> None:
    made = {row["Version"]: row for row in table(opened(open_page, shelf), "Packages")}
    assert made["2"]["Serves"] == "production"
    assert made["2"]["Data"] == "orders@d2"
    assert made["3"]["Data"] == made["3"]["Commit"] == "run not read"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of more versions than can be picked; the tenth serves."""
    folder = tmp_path_factory.mktemp("crowded")
    told = [CHURN, *(version(number) for number in range(1, 701)), alias(10, "2026-10-01")]
    publish_into(folder, [*records(), *told], CONFIGURATION + EXPECTED, UNTIL)
    return folder


def test_of_many_versions_the_newest_and_those_that_serve_can_be_picked_and_others_typed(
    open_page: OpenPage, crowded: Path
) -> None:
    page = opened(open_page, crowded)
    against = page.selectbox(key="versions held against")
    assert against.value == "10"
    assert against.options == [*map(str, range(700, 200, -1)), "12", "11", "10"]
    beside = page.multiselect(key="versions beside 10")
    assert beside.value == ["11", "12"]
    assert any("503 of 700 versions can be picked" in caption.value for caption in page.caption)
    shown = [row["Version"] for row in table(page, "Packages")]
    assert shown == ["12", "11", "10"]
    page.session_state["versions beside 10"] = ["100", "nine"]
    page.run()
    assert [row["Version"] for row in table(page, "Packages")] == ["100", "10"]
    assert any(text.value == "No source tells of version nine." for text in page.text)


@pytest.mark.parametrize(
    ("agreed", "told"),
    [
        (("loss", True), "+0.1, 50.0 % better"),
        (("loss", False), "+0.1, 50.0 % worse"),
        ((None, True), "+0.1, 50.0 %"),
        (("other", True), "+0.1, 50.0 %"),
    ],
)
def test_better_and_worse_are_said_only_of_the_metric_that_is_agreed(
    agreed: tuple[str | None, bool], told: str
) -> None:
    line = compared(("loss", "training"), {"1": 0.2, "2": 0.3}, ["2"], "1", agreed)
    assert line["2 against 1"] == told


@pytest.mark.parametrize(
    ("value", "base", "told"),
    [
        (None, 0.2, "not known"),
        (0.2, None, "not known"),
        (0.2, 0.2, "the same"),
        (0.2, 0.0, "+0.2"),
    ],
)
def test_a_difference_is_no_number_where_a_value_is_missing(
    value: float | None, base: float | None, told: str
) -> None:
    line = compared(("loss", "training"), {"1": base, "2": value}, ["2"], "1", (None, True))
    assert line["2 against 1"] == told


def test_neighbours_on_the_timeline_of_an_environment_have_two_tones() -> None:
    rows = [{"environment": name} for name in ("staging", "production", "staging", "staging")]
    assert _apart(rows) == [0, 0, 1, 0]

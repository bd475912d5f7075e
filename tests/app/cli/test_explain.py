"""`cairn metric --explain`: the rule with its numbers, and a change that its parts add up to."""

from __future__ import annotations

import csv
import io
from math import fsum
from pathlib import Path

import pytest

from app.explanations import Asked
from tests.app.cli.running import answer, run

WINDOW = ("--period", "2026-Q3")


@pytest.mark.parametrize(
    "metric", ["deployment_frequency", "change_fail_rate", "lead_time", "pipeline_success"]
)
def test_the_parts_add_up_to_the_change(demo: Path, metric: str) -> None:
    told = answer(demo, "metric", metric, *WINDOW, "--explain", "moved")
    assert fsum(row["adds"] for row in told["rows"]) == pytest.approx(told["change"], abs=1e-9)
    assert abs(told["rest"]) <= 1e-9
    figure = answer(demo, "metric", metric, *WINDOW)["rows"][0]
    assert told["value"] == [figure["previous"], figure["value"]]


def test_a_part_is_the_figure_of_that_part(demo: Path) -> None:
    told = answer(demo, "metric", "change_fail_rate", *WINDOW, "--explain", "moved")
    teams = answer(demo, "metric", "change_fail_rate", *WINDOW, "--by", "team")["rows"]
    own = {row["team"]: row["value"] for row in teams if row["value"] is not None}
    assert {row["team"]: row["value_after"] for row in told["rows"]} == pytest.approx(own)


def test_a_team_of_which_nothing_is_known_is_no_part(demo: Path) -> None:
    told = answer(demo, "metric", "model_performance_held", "--explain", "moved")
    assert told["rows"]
    assert all(row["weight_before"] or row["weight_after"] for row in told["rows"])


def test_inside_a_team_its_services_explain_the_change(demo: Path) -> None:
    asked = ("metric", "deployment_frequency", "--team", "payments", *WINDOW)
    told = answer(demo, *asked, "--explain", "moved")
    assert all(row["service"].startswith("payments-") for row in told["rows"])


def test_stages_and_their_rest_add_up_to_the_change(demo: Path) -> None:
    rows = answer(demo, "metric", "lead_time", *WINDOW, "--explain", "stages")["rows"]
    assert fsum(row["change"] for row in rows[:-1]) == pytest.approx(rows[-1]["change"])
    assert rows[-2]["stage"].startswith("rest")


@pytest.mark.parametrize("asked", Asked)
def test_text_and_sheets_tell_as_many_rows_as_json(demo: Path, asked: Asked) -> None:
    words = ("metric", "lead_time", "--period", "365d", "--explain", asked.value)
    rows = answer(demo, *words)["rows"]
    sheet = run(demo, *words, "--format", "csv").stdout
    assert len(list(csv.DictReader(io.StringIO(sheet)))) == len(rows)
    text = run(demo, *words)
    assert text.exit_code == 0, text.stderr
    assert text.stdout.startswith("Change lead time: production, 1 Nov 2025")
    assert "nan" not in text.stdout


def test_a_forecast_says_how_far_off_it_was_and_what_it_had_to_beat(demo: Path) -> None:
    words = ("metric", "lead_time", "--explain", "forecast")
    test = answer(demo, *words)["back_test"]
    assert test["beats_naive"] == (test["mean_absolute_error"] < test["naive_error"])
    assert "it was off by" in run(demo, *words).stdout
    assert "carried on would have been off by" in run(demo, *words).stdout


def test_every_unusual_week_lies_outside_of_the_bounds_told(demo: Path) -> None:
    told = answer(demo, "metric", "lead_time", "--period", "365d", "--explain", "unusual")
    assert told["rows"]
    assert all(not row["low"] <= row["value"] <= row["high"] for row in told["rows"])
    assert "3.5 robust standard deviations" in told["rule"]
    assert told["judged"] + told["unjudged"] <= 53


def test_what_is_not_told_has_its_reason(demo: Path) -> None:
    told = answer(demo, "metric", "deployment_days", *WINDOW, "--explain", "moved")
    assert (told["rows"], "do not" in told["reason"] or "not add up" in told["reason"]) == (
        [],
        True,
    )
    asked = ("metric", "governance_compliance", "--explain", "forecast")
    assert "known weeks in a row" in answer(demo, *asked)["reason"]


@pytest.mark.parametrize(
    "words",
    [
        ("lead_time", "--explain", "unusual", "--by", "team"),
        ("lead_time", "--explain", "moved", "--by", "team", "--by", "service"),
        ("change_fail_rate", "--explain", "stages"),
    ],
)
def test_what_does_not_go_together_is_refused(demo: Path, words: tuple[str, ...]) -> None:
    assert run(demo, "metric", *words).exit_code == 2


def test_where_too_little_is_known_it_is_not_said_that_none_is_unusual(demo: Path) -> None:
    asked = ("--period", "2026-Q3", "--explain", "unusual", "--grain", "year")
    said = run(demo, "metric", "lead_time", *asked).output
    assert "Too little is known before these years to say what is unusual." in said
    assert "None of" not in said

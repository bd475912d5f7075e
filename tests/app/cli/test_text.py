"""What people read on a terminal; JSON and CSV are in `test_answers`."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import readable
from app.cli.main import VERBS, cairn
from app.cli.output import table
from data.metrics.definition import definition
from data.metrics.engine import evaluate
from data.metrics.scope import Scope
from data.period import Grain, Window
from tests.app.cli.running import answer, run
from tests.data.published import change, deployment, published


def lines(folder: Path, *arguments: str) -> list[str]:
    """The text answer of a verb that must succeed."""
    result = run(folder, *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout.splitlines()


def test_a_figure_is_told_as_people_say_it(demo: Path) -> None:
    asked = ("metric", "lead_time", "--team", "payments", "--period", "2026-05")
    head, names, _, values = lines(demo, *asked)
    assert head == "Change lead time: team payments, production, 1 – 31 May 2026"
    shown = dict(zip(names.split(), re.split(r"\s{2,}", values), strict=True))
    assert re.fullmatch(r"\d+ (d|h)( \d+ (h|min))?", shown["value"])
    assert re.fullmatch(r"[+-]?\d+\.\d %", shown["change"])
    assert "unit" not in shown
    exact = answer(demo, *asked)["rows"][0]
    assert isinstance(exact["value"], float)
    assert exact["unit"] == "seconds"


@pytest.mark.parametrize(
    ("metric", "form"),
    [
        ("deployment_frequency", r"[\d.]+ per (day|week|month)"),
        ("change_fail_rate", r"[\d.]+ %"),
        ("deployment_days", r"[\d.]+ of 7 days"),
    ],
)
def test_each_unit_is_part_of_its_value(demo: Path, metric: str, form: str) -> None:
    row = lines(demo, "metric", metric, "--team", "payments", "--period", "2026-05")[-1]
    assert re.match(form + r"  ", row)


def test_a_reason_is_told_in_words_beside_a_value_that_is_missing(demo: Path) -> None:
    _, names, _, row = lines(demo, "metric", "lead_time", "--team", "coldchain")
    assert names.split() == ["value", "n", "note"]
    assert re.split(r"\s{2,}", row) == ["–", "0", "nothing deployed"]


def test_what_was_not_read_is_noted_beside_a_value_and_beside_its_lack(tmp_path: Path) -> None:
    ran = [deployment(1, "2026-04-02"), deployment(2, "2026-04-20")]
    near = [*ran, change(1, "2026-04-01"), change(2, "2026-04-19")]
    place = {"service": "far", "repository": "far"}
    far = [deployment(n, f"2026-04-{n:02}", id=f"far {n}", **place) for n in range(1, 11)]
    spring = Window(date(2026, 4, 1), date(2026, 8, 1))
    with published(tmp_path, near, as_of="2026-06-11", others={"2026-04-11": far}) as snapshot:
        told = {
            (metric, service): readable.figures(
                evaluate(snapshot, definition(metric), Scope(None, service), spring, Grain.MONTH)
            )
            for metric in ("deployment_frequency", "lead_time")
            for service in (None, "far")
        }
    assert [(row["value"], row["note"]) for row in told["lead_time", None]] == [
        ("1 d", "too few for a band, in part not read"),
        ("–", "not known, in part not read"),
        ("–", "not known, in part not read, not over yet"),
        ("–", "not known yet"),
    ]
    april, may, *_ = told["deployment_frequency", None]
    assert (april["value"], april["note"]) == ("≥\u00a02.8 per week", "in part not read")
    assert may["previous"] == april["value"]
    assert [row["note"] for row in told["deployment_frequency", "far"]] == [
        "not known to its end",
        *["not known yet"] * 3,
    ]


def test_what_the_heading_says_is_no_column(demo: Path) -> None:
    whole = lines(demo, "metric", "lead_time", "--period", "2026-05")[1].split()
    cut = lines(
        demo, "metric", "lead_time", "--period", "6m", "--grain", "month", "--by", "team"
    )[1].split()  # fmt: skip
    assert whole[0] == "value"
    assert cut[:3] == ["period", "team", "value"]


def test_rows_tell_spans_as_people_say_them_and_links_whole(demo: Path) -> None:
    asked = ("rows", "lead_time", "--team", "payments", "--period", "2026-05", "--limit", "5")
    head, names, _, *rows = lines(demo, *asked)
    assert head.endswith("5 changes, times in UTC")
    assert "lead_seconds" not in names
    assert "is_known" not in names
    assert names.split()[-2:] == ["url", "deployment_url"]
    for row, exact in zip(rows, answer(demo, *asked)["rows"], strict=True):
        assert row.split()[-2:] == [exact["url"], exact["deployment_url"]]
        assert re.search(r"\d+ (d|h|min)\b", row)


def test_no_rows_are_told_as_none(demo: Path) -> None:
    (only,) = lines(demo, "rows", "lead_time", "--team", "coldchain", "--period", "2026-05")
    assert "0 changes" in only


def test_a_column_that_is_empty_everywhere_is_left_out() -> None:
    text = table([{"a": 1, "b": None, "c": ""}, {"a": 2, "b": None, "c": "x"}])
    assert [line.split() for line in text.splitlines()] == [
        ["a", "c"],
        ["-", "-"],
        ["1", "–"],
        ["2", "x"],
    ]


def test_foreign_text_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in table([{"title": "\x1b[2J gone\nand more"}])


def test_every_verb_is_summed_up_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = CliRunner().invoke(cairn, ["--help"]).stdout
    commands = text[text.index("Commands:") :].splitlines()[1:]
    assert [line.split()[0] for line in commands] == list(VERBS)
    assert [line for line in commands if not line.endswith(".") or line.endswith("...")] == []


def test_help_shows_that_a_metric_may_be_left_out(tmp_path: Path) -> None:
    assert "cairn metric [OPTIONS] [METRIC]" in run(tmp_path, "metric", "--help").stdout

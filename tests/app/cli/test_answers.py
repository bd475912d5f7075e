"""The command line as a user and a program meet it, on a small demo organisation."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from data.ledger.ledger import Ledger
from tests.app.cli.running import answer, run


def test_the_envelope_names_snapshot_time_definition_and_scope(demo: Path) -> None:
    document = answer(demo, "metric", "deployment_frequency", "--team", "payments")
    assert list(document) == ["snapshot", "as_of", "definition", "scope", "rows"]
    assert document["definition"]["id"] == "deployment_frequency"
    assert len(document["definition"]["sha256"]) == 64
    assert document["scope"]["team"] == "payments"
    assert document["as_of"].startswith("2026-11-01T00:00:00")


def test_a_metric_row_has_all_that_is_needed_to_judge_it(demo: Path) -> None:
    document = answer(
        demo,
        "metric", "deployment_frequency", "--environment", "production", "--grain", "month",
        "--from", "2026-01-01", "--to", "2026-07-01", "--by", "team",
    )  # fmt: skip
    rows = document["rows"]
    assert {row["period"] for row in rows} == {f"2026-{month:02}" for month in range(1, 7)}
    for row in rows:
        for name in ("period", "team", "service", "environment", "value", "n", "coverage"):
            assert name in row
        for name in ("unknown", "band", "previous"):
            assert name in row
        assert row["environment"] == "production"


def test_teams_add_up_to_the_organisation(demo: Path) -> None:
    window = ("--period", "2026-Q2")
    whole = answer(demo, "metric", "change_fail_rate", *window)["rows"][0]
    teams = answer(demo, "metric", "change_fail_rate", *window, "--by", "team")["rows"]
    assert sum(row["n"] for row in teams) == whole["n"]
    failed = sum(row["n"] * row["value"] for row in teams if row["value"] is not None)
    assert failed / whole["n"] == pytest.approx(whole["value"])


@pytest.mark.parametrize(
    ("metric", "aggregate"),
    [
        ("deployment_frequency", lambda rows: len(rows) / 31),
        ("change_fail_rate", lambda rows: _share(rows, "is_failed")),
        ("rework_rate", lambda rows: _share(rows, "is_rework")),
        ("lead_time", lambda rows: _median(rows, "lead_seconds")),
        ("recovery_time", lambda rows: _median(rows, "recovery_seconds")),
    ],
)
def test_the_rows_add_up_to_the_figure_and_link_to_their_source(
    demo: Path, metric: str, aggregate: Any
) -> None:
    asked = (metric, "--team", "payments", "--period", "2026-05")
    figure = answer(demo, "metric", *asked)["rows"][0]
    result = run(demo, "rows", *asked, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(rows) == figure["n"] + figure["unknown"]
    assert aggregate(rows) == pytest.approx(figure["value"])
    assert all(row["url"].startswith("https://") for row in rows)
    assert metric not in ("change_fail_rate", "lead_time") or "link_method" in rows[0]


def _share(rows: list[dict[str, str]], column: str) -> float:
    return sum(row[column] == "true" for row in rows) / len(rows)


def _median(rows: list[dict[str, str]], column: str) -> float:
    values = sorted(float(row[column]) for row in rows if row[column])
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def test_the_team_without_data_is_unknown_and_says_why(demo: Path) -> None:
    row = answer(demo, "metric", "deployment_frequency", "--team", "coldchain")["rows"][0]
    assert (row["value"], row["reason"], row["band"]) == (None, "nothing_deployed", None)


def test_the_same_question_gives_the_same_answer(demo: Path) -> None:
    asked = ("metric", "lead_time", "--by", "service", "--period", "2026-Q1")
    assert answer(demo, *asked) == answer(demo, *asked)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("metric", "lead_tim"), 2, "lead_time"),
        (("metric", "lead_time", "--team", "paymnts"), 2, "did you mean `payments`"),
        (("metric", "lead_time", "--period", "soon"), 2, "2026-Q2"),
        (("metric", "lead_time", "--timezone", "Mars/Base"), 2, "time zone"),
        (("metric", "lead_time", "--timezone", "localtime"), 2, "time zone"),
        (("metric", "lead_time", "--snapshot", "20200101T000000-00000000"), 3, "snapshot"),
        (("metric", "lead_time", "--period", "30d", "--from", "2026-05-01"), 2, "--period goes"),
        (("metric", "lead_time", "--period", "9999"), 2, "is no period"),
        (("metric", "lead_time", "--own"), 2, "--own goes with --team"),
        (("rows", "lead_time", "--from", "2026-05-01", "--to", "2026-04-01"), 2, "no day"),
        (("demo", "--frmat", "json"), 2, "No such option"),
    ],
)
def test_wrong_use_ends_in_one_line_that_says_what_to_do(
    demo: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    result = run(demo, *arguments)
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_an_empty_folder_says_how_to_begin(tmp_path: Path) -> None:
    result = run(tmp_path, "metric", "lead_time")
    assert result.exit_code == 3
    assert "cairn demo" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_demo_does_not_overwrite_a_configuration(tmp_path: Path) -> None:
    (tmp_path / "cairn.toml").write_text('[organisation]\nname = "Ours"\n', encoding="utf-8")
    result = run(tmp_path, "demo")
    assert result.exit_code == 3
    assert "not the demo's" in result.stderr
    assert "Ours" in (tmp_path / "cairn.toml").read_text(encoding="utf-8")


def test_a_sync_without_news_touches_no_row_and_keeps_the_snapshot(demo: Path) -> None:
    before = answer(demo, "metric", "lead_time")["snapshot"]
    document = answer(demo, "sync")
    assert document["snapshot"] == before
    assert {row["inserted"] + row["updated"] + row["deleted"] for row in document["rows"]} == {0}


@pytest.mark.parametrize("style", ["text", "json", "csv"])
def test_the_key_of_a_log_that_begins_is_told_in_each_style(tmp_path: Path, style: str) -> None:
    (tmp_path / "cairn.toml").write_text('[organisation]\nname = "Ours"\n', encoding="utf-8")
    result = run(tmp_path, "sync", "--format", style)
    assert result.exit_code == 0, result.stderr
    key = str(Ledger(tmp_path).key())
    if style == "json":
        document = json.loads(result.stdout)
        assert (document["made_key"], document["turned"]) == (key, [])
        assert document["logged"] == Ledger(tmp_path).size
        assert answer(tmp_path, "sync")["made_key"] is None, "it began before"
    else:
        (line,) = [one for one in result.output.splitlines() if key in one]
        assert "keep its public key elsewhere" in line


def test_rebuild_gives_the_same_figures(demo: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(demo, tmp_path / "demo"))
    before = answer(copied, "metric", "lead_time", "--by", "team")["rows"]
    document = answer(copied, "rebuild")
    assert (document["turned"], document["made_key"]) == ([], None)
    assert document["logged"] >= 1, "that it was published, at least"
    assert answer(copied, "metric", "lead_time", "--by", "team")["rows"] == before

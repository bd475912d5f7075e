"""`cairn baseline`: what is recorded counts, and every target of the demo is told or explained."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.components.discipline import AMBITIONS
from app.components.targets import missing
from data.decisions.baseline import baselines
from data.decisions.book import FILE, Book
from data.metrics.board import board
from data.metrics.definition import definition
from data.metrics.scope import Scope
from data.period import Grain, parse_window
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.app.cli.running import run

REDUCTION = ("metric", "infrastructure_cost_reduction", "--format", "json")


@pytest.fixture
def folder(demo: Path, tmp_path: Path) -> Path:
    """The demo organisation, whose decisions a test may add to."""
    copied = tmp_path / "demo"
    copied.mkdir()
    shutil.copy(demo / "cairn.toml", copied)
    shutil.copy(demo / FILE, copied)
    (copied / "store").symlink_to(demo / "store")
    return copied


def answer(folder: Path, *words: str) -> dict[str, Any]:
    result = run(folder, *words)
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_baseline_makes_a_figure_that_names_the_decision(folder: Path) -> None:
    before = answer(folder, *REDUCTION)
    assert before["rows"][0]["reason"] == "no_baseline"
    assert before["decisions"] == []
    made = answer(
        folder, "baseline", "set", "infrastructure_cost", "--from", "2025-01-01",
        "--to", "2025-07-01", "--reason", "the year before", "--format", "json",
    )  # fmt: skip
    after = answer(folder, *REDUCTION)
    assert after["decisions"] == [made["rows"][0]["id"]]
    assert 0 < after["rows"][0]["value"] < 1
    then = answer(folder, *REDUCTION, "--decided-by", "2026-01-01")
    assert then["rows"] == before["rows"]


def test_what_is_withdrawn_is_listed_only_with_all(folder: Path) -> None:
    words = ("baseline", "withdraw", "lead_time", "--reason", "it was a bad half-year")
    answer(folder, *words, "--format", "json")
    held = answer(folder, "baseline", "list", "--format", "json")["rows"]
    assert "lead_time" not in [row["metric"] for row in held]
    told = answer(folder, "baseline", "list", "--all", "--format", "json")["rows"]
    assert [row["act"] for row in told if row["metric"] == "lead_time"] == ["set", "withdraw"]
    again = run(folder, *words)
    assert again.exit_code == 2
    assert "there is no baseline of `lead_time`" in again.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("change_fail_rate", "--from", "2025-01-01", "--to", "2025-02-01"), "use one of:"),
        (("lead_time", "--from", "2025-02-01", "--to", "2025-01-01"), "cairn: "),
        (("lead_time", "--from", "2025-01-01", "--to", "2025-02-01", "--team", "x"), "no team `x`"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(
    folder: Path, words: tuple[str, ...], says: str
) -> None:
    result = run(folder, "baseline", "set", *words, "--reason", "why")
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_each_target_of_the_demo_is_a_figure_or_names_what_is_missing(demo: Path) -> None:
    metrics = [metric for ambition in AMBITIONS for metric in ambition.metrics]
    with SnapshotReader(Workspace(demo)).reading() as snapshot:
        window = parse_window("90d", snapshot.as_of.date())
        decided = baselines(Book(demo))
        found = board(snapshot, metrics, Scope(), window, Grain.MONTH, "dora_2024", decided)
    for metric in metrics:
        figure = found.total(metric)
        if figure.reason is None:
            assert figure.value is not None, metric
        else:
            words = missing(definition(metric), figure.reason)
            assert "import" in words or "cairn baseline set" in words, (metric, words)
    known = [metric for metric in metrics if found.total(metric).value is not None]
    assert len(known) >= 14

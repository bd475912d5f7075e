"""Training runs: which are read, when again, and which are missing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.mlflow.connector import MLflow
from connectors.mlflow.settings import MLflowSettings
from data.model import Evaluation, Gap, GapReason, LineageEdge, TrainingRun
from tests.connectors.mlflow.test_registry import Registry


class Runs(Registry):
    """The same, with settings of the test."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        self.options: dict[str, object] = {}

    def connector(self, clock_skew: timedelta = timedelta()) -> MLflow:
        settings = MLflowSettings.model_validate(
            {"url": self.server.url, "token": "file:token.txt", **self.options}
        )
        return self.connector_class("ml", settings, self.context(clock_skew))

    @property
    def told(self) -> dict[str, TrainingRun]:
        return {run.name: run for run in self.rows(TrainingRun)}

    def missing(self) -> list[Gap]:
        return [gap for gap in self.gaps if gap.reason == GapReason.MISSING_OBJECT]


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    with ExitStack() as running:
        yield Runs(tmp_path, running)


def test_a_run_tells_its_code_data_and_packages(runs: Runs) -> None:
    runs.read()
    run = runs.told["train-0"]
    assert (run.experiment, run.result, run.sha) == ("churn", "success", "0" * 40)
    assert (run.datasets, run.parameter_count, run.has_seed) == (("customers@d0",), 2, True)
    assert (run.has_environment, run.is_clean, run.image) == (True, None, None)
    assert runs.told["train-1"].has_environment is None
    assert runs.told["long"].finished_at is None
    assert runs.told["tried"].result == "failure"
    values = {row.metric: row.value for row in runs.rows(Evaluation) if row.run == run.id}
    assert values == {"auc": 0.7, "loss": None}
    edges = [edge for edge in runs.rows(LineageEdge) if edge.run == run.id]
    assert {(e.from_name, e.to_name) for e in edges} == {
        ("customers", run.id),
        (run.id, "churn@1"),
    }


@pytest.mark.parametrize("told", ["NaN", "Infinity", "-Infinity", 1.7976931348623157e308, None])
def test_what_is_no_number_is_null(runs: Runs, told: object) -> None:
    run = runs.world.start("1", "odd")
    runs.world.log(run, {"auc": told}, {})
    runs.world.finish(run)
    runs.read()
    odd = runs.told["odd"].id
    assert [row.value for row in runs.rows(Evaluation) if row.run == odd] == [None]


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_of_a_metric_that_is_logged_twice_the_last_step_counts(
    runs: Runs, order: Sequence[int]
) -> None:
    run = runs.world.start("1", "twice")
    at = runs.world.now()
    logged = [
        {"key": "auc", "value": 0.9, "timestamp": at, "step": 2},
        {"key": "auc", "value": 0.8, "timestamp": at + 9, "step": 1},
        {"key": "auc", "value": 0.95, "timestamp": at + 5, "step": 2},
    ]
    runs.world.runs[run]["data"]["metrics"] = [logged[number] for number in order]
    runs.world.finish(run)
    runs.read()
    twice = runs.told["twice"].id
    assert [row.value for row in runs.rows(Evaluation) if row.run == twice] == [0.95]


def test_a_run_that_ended_by_a_clock_that_is_late_is_still_read(runs: Runs) -> None:
    late = runs.world.start("1", "late")
    runs.read()
    assert runs.told["late"].result == "running"
    end = runs.world.now() - 86_400_000
    runs.world.finish(late, end=end)
    runs.read()
    assert runs.told["late"].result == "success"


def test_a_run_from_the_future_does_not_hide_those_after_it(runs: Runs) -> None:
    runs.world.finish(runs.world.start("1", "future"), end=runs.world.now() + 10**11)
    runs.read()
    runs.world.finish(runs.world.start("1", "next"))
    runs.read()
    assert {"future", "next"} <= runs.told.keys()


def test_a_run_that_is_deleted_behind_a_version_is_a_gap_until_it_is_restored(runs: Runs) -> None:
    runs.read()
    run = runs.told["train-1"]
    runs.world.delete_run(run.id.rpartition("/")[2])
    runs.read()
    assert [gap.about for gap in runs.missing()] == [run.id]
    runs.read()
    assert [gap.about for gap in runs.missing()] == [run.id]
    runs.world.runs[run.id.rpartition("/")[2]]["info"]["lifecycle_stage"] = "active"
    runs.read()
    assert runs.missing() == []


def test_a_run_in_an_experiment_that_is_hidden_is_a_gap_until_it_may_be_read(runs: Runs) -> None:
    runs.double.forbidden.add("1")
    runs.read()
    assert len(runs.missing()) == 3
    assert runs.told.keys() == {"tried"}
    runs.double.forbidden.clear()
    runs.read()
    assert runs.missing() == []
    assert "train-0" in runs.told


def test_an_experiment_whose_runs_are_refused_is_a_gap_that_names_it_and_the_others_are_read(
    runs: Runs,
) -> None:
    runs.double.sealed.add("1")
    for _ in range(2):
        runs.read()
        (gap,) = (gap for gap in runs.gaps if gap.reason == GapReason.NO_PERMISSION)
        assert "experiment churn" in gap.what
        assert runs.told.keys() == {"tried"}
    runs.world.finish(runs.world.start("0", "meanwhile"))
    runs.double.sealed.clear()
    runs.read()
    assert runs.gaps == []
    assert {"tried", "meanwhile", "train-0", "train-1", "train-2", "long"} == runs.told.keys()


def test_a_run_that_ran_in_an_experiment_that_is_hidden_now_stops_no_other(runs: Runs) -> None:
    runs.read()
    running = runs.world.start("0", "unseen")
    runs.read()
    runs.double.forbidden.add("0")
    runs.world.finish(runs.world.start("1", "made"))
    runs.read()
    assert [gap.about for gap in runs.missing()] == [f"mlflow:ml#run/{running}"]
    assert runs.told["made"].result == "success"


def test_an_experiment_that_could_be_read_once_is_a_gap_until_it_can_be_again(runs: Runs) -> None:
    runs.read()
    runs.double.forbidden.add("1")
    runs.world.finish(runs.world.start("1", "unseen"))
    for name in ("first", "second"):
        runs.world.finish(runs.world.start("0", name))
        runs.read()
        (gap,) = (gap for gap in runs.gaps if gap.reason == GapReason.NO_PERMISSION)
        assert "experiment churn may not be read any more" in gap.what
        assert name in runs.told
    runs.double.forbidden.clear()
    runs.read()
    assert runs.gaps == []
    assert "unseen" in runs.told


def test_an_experiment_that_is_no_more_is_no_gap(runs: Runs) -> None:
    empty = runs.world.experiment("a try")
    runs.read()
    del runs.world.experiments[empty]
    runs.read()
    assert runs.gaps == []


def test_the_version_of_a_run_that_was_read_long_ago_asks_for_its_packages(runs: Runs) -> None:
    runs.read()
    runs.world.packages["m-9"] = ["MLmodel"]
    old = runs.told["train-2"].id.rpartition("/")[2]
    runs.world.version("plain", old, "m-9")
    runs.read()
    assert runs.told["train-2"].has_environment is False


def test_experiments_that_are_left_out_are_not_read_but_for_what_made_a_version(
    runs: Runs,
) -> None:
    runs.options = {"exclude": ["chu*"]}
    runs.read()
    assert runs.told.keys() == {"tried", "train-0", "train-1", "train-2"}


def test_an_experiment_that_may_be_read_later_is_read_from_its_start(runs: Runs) -> None:
    runs.options = {"include": ["Default"]}
    runs.read()
    runs.options = {}
    runs.read()
    assert "long" in runs.told


def test_doctor_knows_the_version_before_and_one_that_is_too_old(runs: Runs) -> None:
    runs.double.version = "2.22.5"
    assert {finding.severity for finding in runs.connector().check()} == {"ok"}
    runs.double.version = "1.30.0"
    (old,) = (finding for finding in runs.connector().check() if finding.severity == "error")
    assert "1.30.0" in old.what

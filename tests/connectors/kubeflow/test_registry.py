"""What the model registry tells of models, of what is served, and of runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from data.model import (
    Evaluation,
    GapReason,
    Model,
    ModelEvent,
    ModelVersion,
    TrainingRun,
)
from tests.connectors.kubeflow.test_conformance import (
    EXPERIMENTS,
    MODELS,
    PLACES,
    RUNS,
    SERVICES,
    VERSIONS,
    KubeflowBinding,
)
from tests.connectors.one_api import OneApi


class Empty(KubeflowBinding):
    """A registry with one model, one version of it and one environment."""

    def tell_the_story(self) -> None:
        self.time.at -= timedelta(days=9)
        self.model = self.add(MODELS, name="fraud/v 1", state="LIVE", owner="risk")
        self.place = self.add(PLACES, name="production")
        self.first = self.version("1")

    def version(self, name: str) -> dict[str, str]:
        """Another version of the model."""
        return self.add(VERSIONS, name=name, registeredModelId=self.model["id"], state="LIVE")

    def serve(self, version: dict[str, str] | None) -> dict[str, str]:
        """The environment is told to serve a version."""
        return self.add(
            SERVICES,
            desiredState="DEPLOYED",
            registeredModelId=self.model["id"],
            servingEnvironmentId=self.place["id"],
            **({"modelVersionId": version["id"]} if version else {}),
        )


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[OneApi]:
    with closing(OneApi(Empty, tmp_path)) as made:
        yield made


@pytest.fixture
def source(registry: OneApi) -> Empty:
    assert isinstance(registry.source, Empty)
    return registry.source


def _events(registry: OneApi, kind: str) -> list[ModelEvent]:
    found = [event for event in registry.rows(ModelEvent) if event.kind == kind]
    return sorted(found, key=lambda event: event.occurred_before_at)


def test_a_model_and_its_version_are_told_with_their_times(registry: OneApi, source: Empty) -> None:
    registry.sync()
    (model,), (version,) = registry.rows(Model), registry.rows(ModelVersion)
    assert (model.name, model.owner, model.is_archived) == ("fraud/v 1", "risk", False)
    assert (version.model, version.version) == ("fraud/v 1", "1")
    (created,) = _events(registry, "created")
    assert created.occurred_after_at == created.occurred_before_at == version.created_at


def test_what_is_archived_is_a_stage_with_its_time(registry: OneApi, source: Empty) -> None:
    registry.sync()
    source.update(source.first, state="ARCHIVED")
    archived_at = source.time.at
    source.update(source.model, state="ARCHIVED")
    registry.sync()
    assert [model.is_archived for model in registry.rows(Model)] == [True]
    version, model = _events(registry, "stage")
    assert (version.version, version.value, version.previous) == ("1", "ARCHIVED", "LIVE")
    assert version.occurred_before_at == archived_at
    assert version.occurred_after_at is not None
    assert version.occurred_after_at < archived_at
    assert (model.version, model.value) == (None, "ARCHIVED")


def test_serving_another_version_and_none_are_events(registry: OneApi, source: Empty) -> None:
    service = source.serve(source.first)
    registry.sync()
    second = source.version("2")
    source.update(service, modelVersionId=second["id"])
    registry.sync()
    source.update(service, desiredState="UNDEPLOYED")
    registry.sync()
    told = [(e.name, e.version, e.value, e.previous) for e in _events(registry, "serving")]
    assert told == [
        ("production", "1", "deployed", None),
        ("production", "2", "deployed", "1"),
        ("production", "2", None, "2"),
    ]


def test_a_service_without_a_version_serves_the_newest(registry: OneApi, source: Empty) -> None:
    source.version("2")
    source.serve(None)
    registry.sync()
    assert [event.version for event in _events(registry, "serving")] == ["2"]


def test_another_change_of_a_service_is_no_event(registry: OneApi, source: Empty) -> None:
    service = source.serve(source.first)
    registry.sync()
    source.update(service, description="faster")
    registry.sync()
    assert len(_events(registry, "serving")) == 1


def test_a_run_tells_what_it_logged(registry: OneApi, source: Empty) -> None:
    experiment = source.add(EXPERIMENTS, name="first tries")
    facts = {"experimentId": experiment["id"], "startTimeSinceEpoch": "1767225600000"}
    run = source.add(RUNS, name="try 1", status="RUNNING", owner="dev-1", **facts)
    log = source.double.log
    log(run, "metric", name="loss", value="NaN", timestamp="1767225601000")
    log(run, "metric", name="accuracy", value=0.75, timestamp="1767225602000")
    log(run, "parameter", name="random_seed", value="7")
    log(run, "dataset-artifact", name="payments", digest="abc")
    registry.sync()
    (row,) = registry.rows(TrainingRun)
    assert (row.experiment, row.result, row.has_seed) == ("first tries", "running", True)
    assert (row.datasets, row.parameter_count) == (("payments@abc",), 1)
    assert [(e.metric, e.value) for e in registry.rows(Evaluation)] == [
        ("loss", None),
        ("accuracy", 0.75),
    ]
    source.update(run, status="KILLED", endTimeSinceEpoch="1767225700000")
    registry.sync()
    (row,) = registry.rows(TrainingRun)
    assert row.result == "cancelled"
    assert row.finished_at is not None


def test_a_registry_at_another_address_is_read_anew_with_a_gap(
    registry: OneApi, source: Empty
) -> None:
    registry.sync()
    cursors = registry.house.cursors
    moved = {name: {**cursor, "address": "http://old.example/"} for name, cursor in cursors.items()}
    registry.house.set_cursors(moved)
    registry.sync()
    assert registry.gaps(GapReason.TRUNCATED)
    assert len(registry.rows(Model)) == 1

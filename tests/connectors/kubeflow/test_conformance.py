"""Kubeflow's model registry against the conformance suite, on a double of it on loopback."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

from connectors.interface import Json
from connectors.kubeflow.connector import Kubeflow
from connectors.kubeflow.reading import ListsReader
from tests.connectors.api_binding import ApiBinding
from tests.connectors.conformance import Conformance
from tests.doubles.kubeflow.double import KubeflowDouble

PAGE_SIZE = 2
NAMES = ("fraud", "churn", "spare")
MODELS, VERSIONS, PLACES = "registered_models", "model_versions", "serving_environments"
SERVICES, EXPERIMENTS, RUNS = "inference_services", "experiments", "experiment_runs"


class KubeflowBinding(ApiBinding):
    """A registry of two models, read in small pages."""

    connector_class: ClassVar[type[Kubeflow]] = Kubeflow
    questions: ClassVar[Mapping[str, str]] = {
        "registry": r"/v1alpha3/(registered|model|serving|inference)",
        "runs": r"/v1alpha3/experiment",
    }
    later: ClassVar[str] = "nextPageToken="
    untimed: ClassVar[Collection[str]] = ("registry",)  # the registry forgets what was before
    filters: ClassVar[frozenset[str]] = frozenset({"filterQuery"})

    def __init__(self, folder: Path, running: ExitStack) -> None:
        running.enter_context(patch.object(ListsReader, "page_size", PAGE_SIZE))
        super().__init__(folder, running)

    def make_double(self) -> KubeflowDouble:
        return KubeflowDouble(self.time)

    def tell_the_story(self) -> None:
        self.time.at -= timedelta(days=9)
        self.models = [self.add(MODELS, name=name, state="LIVE") for name in NAMES]
        place = self.add(PLACES, name="production")
        versions = [self._register(name) for name in ("1", "2", "3")]
        self.service = self.add(
            SERVICES,
            name="fraud-service",
            desiredState="DEPLOYED",
            registeredModelId=self.models[0]["id"],
            modelVersionId=versions[0]["id"],
            servingEnvironmentId=place["id"],
        )
        self.experiment = self.add(EXPERIMENTS, name="first tries")
        self.runs = [self._run(f"try {number}") for number in range(3)]
        self.wait()

    def add(self, to: str, **facts: Json) -> Json:
        """Something is registered."""
        self.wait()
        return self.double.add(to, **facts)

    def _register(self, name: str) -> Json:
        facts = {"registeredModelId": self.models[0]["id"], "state": "LIVE", "author": "dev-1"}
        return self.add(VERSIONS, name=name, **facts)

    def _run(self, name: str) -> Json:
        run = self.add(RUNS, name=name, experimentId=self.experiment["id"], status="RUNNING")
        self.double.log(
            run, "metric", name="accuracy", value=0.5, timestamp=run["createTimeSinceEpoch"]
        )
        return run

    def update(self, item: Json, **facts: Json) -> None:
        """Something is changed."""
        self.wait()
        self.double.update(item, **facts)

    def change(self) -> None:
        version = self._register("4")
        self.update(self.service, modelVersionId=version["id"])
        self.update(self.models[1], state="ARCHIVED")
        self.update(self.runs[0], status="FINISHED")
        self._run("another try")
        self.wait()

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "a version comes": lambda: self._register("4"),
            "a run ends": lambda: self.update(self.runs[0], status="FINISHED"),
        }

    def add_unmapped(self) -> bytes:
        self.models[0]["customProperties"] = {"colour": {"string_value": "octarine"}}
        return b"octarine"

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        def unused(page: Json) -> list[Json]:
            return [item for item in page["items"] if item["id"] != self.models[0]["id"]]

        fields = ["createTimeSinceEpoch", "name"]
        ways = self.damaged(r"/registered_models\?", unused, fields)
        return dict(ways)

    fewest_requests = 2 + 1 + 2 + 1 + 1 + 2 + 3
    idle_requests = 6


class TestKubeflow(Conformance):
    binding = KubeflowBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_only_a_complete_reading_deletes": "the registry has no way to delete anything",
        "test_what_has_no_time_is_bounded_by_two_readings": "every change leaves its time",
        "test_the_same_times_told_in_another_zone_are_the_same": "times are told since 1970",
    }

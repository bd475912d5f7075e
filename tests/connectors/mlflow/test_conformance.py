"""The kind `mlflow` against the conformance suite, on a double held against the real server."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from connectors.mlflow.connector import REGISTRY, MLflow
from connectors.mlflow.settings import MLflowSettings
from data.model import ModelEvent, Record
from tests.connectors.conformance import Binding, Conformance
from tests.connectors.house import RowKey
from tests.connectors.loopback import Answer, LoopbackServer, Reset
from tests.connectors.mlflow.story import small_world
from tests.doubles.mlflow.double import MLflowDouble

_LISTS = {"registry": ("registered-models/search", 1), "runs": ("runs/search", 2)}


class SmallPages(MLflow):
    """The connector with few changes a page, so that there are many pages."""

    changes_a_page = 2


class MLflowBinding(Binding):
    """A small registry, on a server on loopback that gives small pages."""

    connector_class: ClassVar[type[MLflow]] = SmallPages
    untimed: ClassVar[Collection[str]] = (REGISTRY.name,)
    secret = "tok-0123456789abcdef"

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        (folder / "token.txt").write_text(self.secret)
        self.world = small_world()
        self.double = MLflowDouble(self.world, self.secret)
        self.double.most = {**dict(_LISTS.values()), "model-versions/search": 2}
        self.server = running.enter_context(LoopbackServer(self.double))

    def connector(self, clock_skew: timedelta = timedelta()) -> MLflow:
        settings = MLflowSettings(
            url=self.server.url, web_url="https://ml.example", token="file:token.txt"
        )
        return self.connector_class("ml", settings, self.context(clock_skew))

    def change(self) -> None:
        long = next(id for id, run in self.world.runs.items() if "end_time" not in run["info"])
        self.world.finish(long)
        self.world.version("fraud", long)
        for number in range(3):
            run = self.world.start("1", f"new-{number}")
            self.world.log(run, {"auc": 0.9}, {})
            self.world.finish(run)
        self.world.alias("churn", "champion", None)
        self.world.delete_version("churn", "2")

    def vanish(self) -> None:
        self.double.is_gone = True

    def come_back(self) -> None:
        self.double.is_gone = False

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        def begin_first() -> None:
            run = self.world.start("0", "forgotten")
            self.world.finish(run)
            self.world.runs[run]["info"]["start_time"] = 1_000

        return {
            "a run comes that began before all": begin_first,
            "a run comes last": lambda: self.world.finish(self.world.start("1", "newest")),
            "a version goes": lambda: self.world.delete_version("churn", "2"),
        }

    def storm(self) -> float:
        limited = Answer.json({"message": "slow"}, 429, Retry_After="9")
        self.double.trouble = [limited, Answer(503), Reset(), Answer(500)]
        return 9

    def refuse(self, stream: str, status: int, page: int) -> None:
        path, _ = _LISTS[stream]
        self.double.refused = {path: (status, page)}

    def allow(self) -> None:
        self.double.refused = {}

    def ignore_filters(self) -> None:
        self.double.has_filters = False

    def change_untimed(self) -> None:
        self.world.alias("churn", "champion", "2")

    def bounds(self, rows: Mapping[RowKey, Record]) -> tuple[datetime | None, datetime | None]:
        (event,) = (row for row in rows.values() if isinstance(row, ModelEvent))
        assert (event.name, event.previous, event.version) == ("champion", "1", "2")
        return event.occurred_after_at, event.occurred_before_at

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        def wrong() -> None:
            self.double.refused = {}
            self.double.token = "another"

        return (
            lambda: self.refuse("runs", 403, 1),
            lambda: self.refuse("registry", 401, 1),
            wrong,
            self.vanish,
        )

    def add_unmapped(self) -> bytes:
        self.world.models["churn"]["mascot"] = "otter"
        return b'"mascot": "otter"'

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        def spoil(
            kind: str, spoiled: Callable[[dict[str, Any]], Any], rows: int = 1
        ) -> Callable[[], int]:
            def do() -> int:

                def damage(of: str, item: dict[str, Any]) -> Any:
                    return spoiled(item) if of == kind and _is_first(of, item) else item

                self.double.damage = damage
                return rows

            return do

        def without(name: str) -> Callable[[dict[str, Any]], Any]:
            return lambda item: {key: item[key] for key in item if key != name}

        def info(**fields: Any) -> Callable[[dict[str, Any]], Any]:
            return lambda run: {**run, "info": {**run["info"], **fields}}

        return {
            "a version has no name": spoil("model_versions", without("name"), 2),
            "a version has no time": spoil("model_versions", without("creation_timestamp")),
            "a version has strange tags": spoil("model_versions", lambda i: i | {"tags": [1]}),
            "a version is null": spoil("model_versions", lambda _: None, 2),
            "a run has no info": spoil("runs", lambda run: run | {"info": None}),
            "a run has an unknown status": spoil("runs", info(status="DREAMING")),
            "a run began in no time": spoil("runs", info(start_time="soon")),
            "a run ended beyond time": spoil("runs", info(end_time=10**30)),
            "a run is a text": spoil("runs", lambda _: "run"),
            "a metric is a word": spoil(
                "runs", lambda run: run | {"data": {"metrics": [{"key": "a", "value": "much"}]}}
            ),
        }

    @property
    def requests(self) -> int:
        return len(self.double.asked)

    @property
    def fewest_requests(self) -> int:
        models, versions, runs = 3, 2, 3
        experiments, running, deleted, packages = 1, 1, 1, 1
        return models + versions + runs + experiments + running + deleted + packages

    @property
    def idle_requests(self) -> int:
        return self.fewest_requests


def _is_first(of: str, item: dict[str, Any]) -> bool:
    if of == "runs":
        return bool(item["info"]["run_name"] == "tried")
    return bool(item["name"] == "plain")


class TestMLflow(Conformance):
    """All clauses that can apply."""

    binding: ClassVar[type[Binding]] = MLflowBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_only_a_complete_reading_deletes": "no row is ever deleted: a version that is gone "
        "stays, with the times it went between; see test_registry.py",
        "test_the_same_times_told_in_another_zone_are_the_same": "times are told in milliseconds "
        "since 1970, which have no zone",
    }

"""The `airflow` source against the clauses that bind every kind of source."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from connectors.airflow.connector import Airflow
from connectors.airflow.settings import Settings
from tests.connectors.conformance import Binding, Conformance
from tests.connectors.house import RowKey
from tests.connectors.loopback import Answer, LoopbackServer, Reset
from tests.doubles.airflow.double import RUNS, AirflowDouble
from tests.doubles.airflow.shapes import Item

PATHS = {"dags": "/api/v2/dags", "runs": RUNS, "assets": "/api/v2/assets"}
PAGE = 3
"""Items that the server shows at most."""


class AirflowBinding(Binding):
    """Four DAGs, ten runs with eight tasks, four assets."""

    connector_class: ClassVar[type[Airflow]] = Airflow
    secret = "pw-0123456789abcdef"

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        (folder / "password.txt").write_text(self.secret)
        self.double = AirflowDouble(self.time.at - timedelta(days=3), self.secret)
        self.double.page_limit = PAGE
        self.fill()
        self.made: list[Airflow] = []
        self.serving = running.enter_context(ExitStack())
        self.port = 0
        self.come_back()

    def fill(self) -> None:
        double = self.double
        for name in ("daily", "hourly", "rates", "weekly"):
            double.add_dag(name)
        for number in range(8):
            tasks = () if number < 2 else ("load",)
            double.add_run("daily" if number % 2 else "hourly", *tasks)
        double.turn(double.add_run("daily", "load"), "success", tries=3)
        double.add_run("daily", "load", state="running")
        for name in ("orders", "prices", "stock", "summary"):
            double.add_asset(name)
        double.link(double.assets[0], "producing_tasks", "daily")
        double.link(double.assets[0], "scheduled_dags", "hourly")

    def connector(self, clock_skew: timedelta = timedelta()) -> Airflow:
        settings = Settings(
            url=self.server.url,
            web_url="https://airflow.example",
            username=self.double.username,
            password="file:password.txt",
        )
        self.made.append(self.connector_class("airflow", settings, self.context(clock_skew)))
        return self.made[-1]

    def change(self) -> None:
        double = self.double
        double.add_dag("added")
        double.turn(double.runs[3], "failed", tries=2)
        double.turn(double.runs[-1], "success")
        for _ in range(4):
            double.add_run("added", "load")
        double.link(double.add_asset("added"), "consuming_tasks", "added")

    def vanish(self) -> None:
        self.serving.close()

    def come_back(self) -> None:
        self.server = self.serving.enter_context(LoopbackServer(self.double))

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        double = self.double
        return {
            "a DAG comes first": lambda: double.add_dag("a-new-one"),
            "a run comes": lambda: double.add_run("daily", "load"),
            "an old run is cleared": lambda: double.turn(double.runs[2], "failed", tries=2),
        }

    def remove(self) -> Collection[RowKey]:
        self.double.dags.pop()
        self.double.assets.pop(0)
        return [
            ("pipeline", "airflow:airflow#pipeline/weekly"),
            ("dataset", "airflow:airflow#dataset/1"),
            ("lineage_edge", "airflow:airflow#lineage/1/from/daily"),
        ]

    def storm(self) -> float:
        self.double.trouble = [
            Answer(429, headers={"Retry-After": "40"}),
            Answer(503, headers={"Retry-After": "20"}),
            Reset(),
            Answer(500),
        ]
        return 60.0

    def refuse(self, stream: str, status: int, page: int) -> None:
        self.double.refused = {PATHS[stream]: (status, page)}

    def allow(self) -> None:
        self.double.refused = {}

    def ignore_filters(self) -> None:
        self.double.is_deaf = True

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        refusals = [partial(self.refuse, name, 403, 1) for name in PATHS]
        wrong = partial(setattr, self.double, "password", "another")
        return [*refusals, wrong, self.vanish]

    def add_unmapped(self) -> bytes:
        self.double.runs[0]["colour"] = "octarine"
        return b"octarine"

    def tell_times_in(self, zone: timezone) -> None:
        self.double.zone = zone

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        return {way: partial(self._damage, way) for way in ("renamed", "missing", "null", "a list")}

    def _damage(self, way: str) -> int:
        """Damages in each of the first runs another field; those without a name have no tasks."""
        fields = ["dag_run_id", "dag_id", "state"]
        if way in ("renamed", "missing"):
            fields += ["run_type", "data_interval_end", "queued_at", "start_date", "end_date"]
        damaged = {id_of(run): name for run, name in zip(self.double.runs, fields, strict=False)}

        def change(kind: str, item: Item) -> Any:
            name = damaged.get(id_of(item)) if kind == "dag_runs" else None
            if name is None:
                return item
            value = item.pop(name)
            changed = {"renamed": {f"{name}_2": value}, "null": {name: None}, "a list": {name: []}}
            return item | changed.get(way, {})

        self.double.damage = change
        return len(fields)

    @property
    def requests(self) -> int:
        return sum(made.requests.counted for made in self.made if made.requests)

    fewest_requests = 2 + 1 + 2 + 1 + 1 + 4 + 4 + 2
    """Version and description, token, DAGs, import errors, newest runs, runs, tasks, assets."""
    idle_requests = 2 + 1 + 2 + 1 + 1 + 2


def id_of(run: Item) -> tuple[Any, Any]:
    return run.get("dag_id"), run.get("dag_run_id")


class TestAirflow(Conformance):
    binding = AirflowBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_what_has_no_time_is_bounded_by_two_readings": (
            "DAGs and assets are told as they are; runs have their times"
        ),
    }

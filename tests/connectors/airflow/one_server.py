"""One double of an Airflow on loopback, and the source that reads it into a house."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from connectors.airflow.connector import Airflow
from connectors.airflow.settings import Settings
from connectors.interface import Context
from connectors.sync import SourceResult
from data.model import Gap, PipelineRun, Record
from tests.connectors.house import House
from tests.connectors.loopback import FakeTime, LoopbackServer
from tests.doubles.airflow.double import AirflowDouble

PASSWORD = "pw-0123456789abcdef"
RecordT = TypeVar("RecordT", bound=Record)


class OneServer:
    """Reads it by a new connector each time."""

    def __init__(self, folder: Path, url: str, double: AirflowDouble, time: FakeTime) -> None:
        self.url = url
        self.double = double
        self.house = House(folder / "house")
        self._settings: dict[str, Any] = {
            "url": url,
            "username": double.username,
            "password": "file:password",
        }
        (folder / "password").write_text(PASSWORD)
        self.context = Context(
            folder=folder,
            mirrors=folder / "mirrors",
            hotfix_pattern="^hotfix",
            clock=time.now,
            progress=lambda *_: None,
            sleep=time.sleep,
        )

    def connector(self, **settings: Any) -> Airflow:
        """A connector; with settings, with those in place of the account."""
        told = {"url": self.url, **settings} if settings else self._settings
        return Airflow("airflow", Settings.model_validate(told), self.context)

    def sync(self, **settings: Any) -> SourceResult:
        self.double.asked.clear()
        return self.house.sync(self.connector(**settings), self.context)

    def rows(self, kind: type[RecordT]) -> list[RecordT]:
        return [row for row in self.house.records().values() if isinstance(row, kind)]

    def run(self, name: str) -> PipelineRun:
        (found,) = (run for run in self.rows(PipelineRun) if run.run == name)
        return found

    def gaps(self) -> list[Gap]:
        return self.house.gaps()

    def questions(self, path: str) -> int:
        """How often a path was asked for in the last sync."""
        return sum(asked.path == path for asked in self.double.asked)


@contextmanager
def one_server(folder: Path) -> Iterator[OneServer]:
    """Runs a double with one DAG and no runs."""
    time = FakeTime()
    double = AirflowDouble(time.at - timedelta(days=3), PASSWORD)
    double.add_dag("daily")
    with ExitStack() as running:
        server = running.enter_context(LoopbackServer(double))
        one = OneServer(folder, server.url, double, time)
        running.callback(one.house.close)
        yield one

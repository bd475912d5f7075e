"""Weights & Biases against the conformance suite, on a double of it on loopback."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

from connectors.interface import Json
from connectors.wandb.connector import Wandb
from connectors.wandb.registry import Registry
from connectors.wandb.runs import Runs
from data.model import ModelEvent, Record
from tests.connectors.api_binding import ApiBinding
from tests.connectors.conformance import Conformance
from tests.connectors.house import RowKey
from tests.doubles.wandb.double import WandbDouble

PAGE_SIZE = 2


class WandbBinding(ApiBinding):
    """A project with a few runs and a registry with one model, read in small pages."""

    connector_class: ClassVar[type[Wandb]] = Wandb
    questions: ClassVar[Mapping[str, str]] = {"runs": " Runs ", "registry": " Versions "}
    later: ClassVar[str] = r'"cursor": "'
    untimed: ClassVar[Collection[str]] = ("registry",)

    def __init__(self, folder: Path, running: ExitStack) -> None:
        for reader in (Runs, Registry):
            running.enter_context(patch.object(reader, "page_size", PAGE_SIZE))
        super().__init__(folder, running)

    def make_double(self) -> WandbDouble:
        made = WandbDouble(self.time)
        pair = base64.b64encode(f"api:{self.secret}".encode()).decode()
        made.add_token(pair, self.account)
        return made

    def settings(self) -> Mapping[str, Json]:
        return {"entity": "team", "organisation": "acme"}

    def tell_the_story(self) -> None:
        at = self.time.at
        self.time.at -= timedelta(days=9)
        self.runs = [self.run(f"try {number}") for number in range(5)]
        self.versions = [self.double.version("fraud", run) for run in self.runs[:3]]
        self.double.alias("production", self.versions[0])
        self.time.at = at

    def run(self, name: str, state: str = "finished") -> Json:
        """A run from begin to end."""
        self.wait()
        metrics = '{"accuracy": 0.5}' if name == "try 0" else "{}"
        return self.double.run("tries", name, state=state, summaryMetrics=metrics)

    def change(self) -> None:
        self.wait()
        self.double.live(self.runs[0], state="failed")
        self.run("another try")
        self.double.alias("production", self.double.version("fraud"))
        self.wait()

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "a run begins": partial(self.run, "more"),
            "a version comes": partial(self.double.version, "fraud"),
        }

    def change_untimed(self) -> None:
        self.double.alias("production", self.versions[1])

    def bounds(self, rows: Mapping[RowKey, Record]) -> tuple[datetime | None, datetime | None]:
        (event,) = (row for row in rows.values() if isinstance(row, ModelEvent))
        return event.occurred_after_at, event.occurred_before_at

    def add_unmapped(self) -> bytes:
        self.runs[0]["colour"] = "octarine"
        return b"octarine"

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        def without_metrics(page: Json) -> list[Json]:
            runs = [edge["node"] for edge in page["data"]["project"]["runs"]["edges"]]
            return [run for run in runs if run["summaryMetrics"] == "{}"]

        return dict(self.damaged(" Runs ", without_metrics, ["state", "displayName"]))

    fewest_requests = 1 + 3 + 2 + 3
    idle_requests = 4


class TestWandb(Conformance):
    binding = WandbBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_a_filter_the_source_does_not_know_is_noticed": "no list is asked for with a filter",
        "test_only_a_complete_reading_deletes": "what is gone stays, with the time it was missed",
    }

"""The source `evidently` against the clauses that bind every kind of source."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from connectors.files.evidently.connector import Evidently
from tests.connectors.conformance import Conformance
from tests.connectors.files.binding import (
    DELETES,
    NOT_APPLICABLE,
    TIMES,
    UNMAPPED,
    Files,
    FilesBinding,
    damages,
)
from tests.connectors.files.source import output


class EvidentlyBinding(FilesBinding):
    """Snapshots of a workspace, and reports that somebody saved."""

    connector_class = Evidently

    def start(self) -> Files:
        return {
            "snapshots/1.json": output("evidently/snapshot.json"),
            "report.json": output("evidently/report.json"),
            "report-with-tests.json": output("evidently/report_with_tests.json"),
        }

    def further(self, number: int) -> Files:
        snapshot = json.loads(output("evidently/snapshot.json"))
        snapshot["timestamp"] = f"2026-11-22T10:{number:02}:00"
        return {
            f"snapshots/new-{number}.json": json.dumps(snapshot).encode(),
            # The same report, copied once more: it is as old as its file.
            "report.json": output("evidently/report.json"),
        }

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        return damages(self._damage)

    def _damage(self, way: Callable[[dict[str, Any], str], object]) -> int:
        def damage(told: Any) -> None:
            first, second, third, *_ = told["metric_results"].values()
            way(first, "metric_value_location")
            way(second["metric_value_location"]["metric"]["params"], "method")
            way(third["metric_value_location"]["metric"], "params")

        self.edit("snapshots/1.json", damage)
        return 3


class TestEvidently(Conformance):
    binding = EvidentlyBinding
    not_applicable: ClassVar[Mapping[str, str]] = NOT_APPLICABLE | {
        DELETES: "a result stays true when its file is removed",
        TIMES: "snapshots tell times without a zone: the setting `timezone` is tested by name",
        UNMAPPED: "measures and tests alone are archived, since the rest may cite the data",
    }

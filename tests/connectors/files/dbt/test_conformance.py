"""The source `dbt` against the clauses that bind every kind of source."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, ClassVar

from connectors.files.dbt.connector import Dbt
from tests.connectors.conformance import Conformance
from tests.connectors.files.binding import NOT_APPLICABLE, Files, FilesBinding, damages
from tests.connectors.files.source import output
from tests.connectors.house import RowKey

_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(?:Z|\+00:00)")


def of_invocation(name: str, invocation: str) -> bytes:
    """The results of a run of the same project, under another id."""
    told = json.loads(output(name))
    told["metadata"]["invocation_id"] = invocation
    return json.dumps(told).encode()


class DbtBinding(FilesBinding):
    """A target folder, one that was kept, and another project."""

    connector_class = Dbt
    settings: ClassVar[Mapping[str, Any]] = {"patterns": ["**/target/*.json", "archive/*/*.json"]}

    def start(self) -> Files:
        return {
            "target/manifest.json": output("dbt/manifest.json"),
            "target/run_results.json": output("dbt/run_results_build.json"),
            "target/sources.json": output("dbt/sources.json"),
            "archive/1/run_results.json": output("dbt/run_results_run.json"),
            "other/target/manifest.json": self.project("other", 0),
        }

    def project(self, name: str, number: int) -> bytes:
        told = json.loads(output("dbt/manifest.json"))
        at = f"2026-11-23T10:00:{number:02}Z"
        told["metadata"] |= {"project_name": name, "generated_at": at}
        told["nodes"] = {}
        told["sources"] = {
            f"source.{name}.landing.t{each}": {"resource_type": "source", "name": f"t{each}"}
            for each in range(number + 1)
        }
        told["parent_map"], told["exposures"] = {}, {}
        return json.dumps(told).encode()

    def further(self, number: int) -> Files:
        again = of_invocation("dbt/run_results_test.json", f"again-{number}")
        changed = of_invocation("dbt/run_results_build.json", "once-more")
        return {
            f"archive/new-{number}/run_results.json": again,
            "archive/1/run_results.json": output("dbt/run_results_run.json").replace(
                b'"error"', b'"success"'
            ),
            "archive/more/run_results.json": changed.replace(b'"pass"', b'"warn"'),
            "other/target/manifest.json": self.project("other", number),
        }

    def removed(self) -> tuple[str, RowKey]:
        row = "dbt:shop#dataset/source.other.landing.t0"
        return "other/target/manifest.json", ("dataset", row)

    def tell_times_in(self, zone: timezone) -> None:
        def told(found: re.Match[bytes]) -> bytes:
            return datetime.fromisoformat(found[0].decode()).astimezone(zone).isoformat().encode()

        self.write({name: _TIME.sub(told, content) for name, content in self.start().items()})

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        return damages(self._damage)

    def _damage(self, way: Callable[[dict[str, Any], str], object]) -> int:
        """Each of five things lacks another field."""

        def results(told: Any) -> None:
            tests = [each for each in told["results"] if each["unique_id"].startswith("test.")]
            models = [each for each in told["results"] if each["unique_id"].startswith("model.")]
            way(tests[0], "status")
            way(tests[1], "unique_id")
            way(models[0], "status")

        def sources(told: Any) -> None:
            way(told["results"][0], "max_loaded_at")

        def manifest(told: Any) -> None:
            way(told["nodes"]["model.shop.revenue"], "resource_type")

        self.edit("target/run_results.json", results)
        self.edit("target/sources.json", sources)
        self.edit("target/manifest.json", manifest)
        return 5


class TestDbt(Conformance):
    binding = DbtBinding
    not_applicable: ClassVar[Mapping[str, str]] = NOT_APPLICABLE

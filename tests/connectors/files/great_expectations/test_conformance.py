"""The source `great_expectations` against the clauses that bind every kind of source."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, ClassVar

from connectors.files.great_expectations.connector import GreatExpectations
from tests.connectors.conformance import Conformance
from tests.connectors.files.binding import DELETES, NOT_APPLICABLE, Files, FilesBinding, damages
from tests.connectors.files.source import output

_TIME = re.compile(rb"2026-[\d-]+T[\d:.]+\+00:00")


class GreatExpectationsBinding(FilesBinding):
    """A store of validations, and results of checkpoints beside it."""

    connector_class = GreatExpectations
    settings: ClassVar[Mapping[str, Any]] = {"patterns": ["**/*.json"]}

    def start(self) -> Files:
        return {
            "checkpoints/1.json": output("great_expectations/checkpoint.json"),
            "validations/a/1.json": self.validation(1),
            "validations/a/2.json": self.validation(2),
        }

    def validation(self, minute: int) -> bytes:
        told = output("great_expectations/validation.json")
        return told.replace(b"T00:44:43", b"T02:%02d:00" % minute)

    def further(self, number: int) -> Files:
        mended = json.loads(self.validation(1))
        mended["results"][1]["success"] = True
        return {
            f"validations/b/{number}.json": self.validation(10 + number),
            "validations/a/1.json": json.dumps(mended).encode(),
        }

    def tell_times_in(self, zone: timezone) -> None:
        def told(found: re.Match[bytes]) -> bytes:
            return datetime.fromisoformat(found[0].decode()).astimezone(zone).isoformat().encode()

        self.write({name: _TIME.sub(told, content) for name, content in self.start().items()})

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        return damages(self._damage)

    def _damage(self, way: Callable[[dict[str, Any], str], object]) -> int:
        def damage(told: Any) -> None:
            way(told["results"][0], "expectation_config")
            way(told["results"][1], "success")
            way(told["results"][2]["expectation_config"], "type")

        self.edit("validations/a/1.json", damage)
        return 3


class TestGreatExpectations(Conformance):
    binding = GreatExpectationsBinding
    not_applicable: ClassVar[Mapping[str, str]] = NOT_APPLICABLE | {
        DELETES: "a result stays true when its file is removed",
    }

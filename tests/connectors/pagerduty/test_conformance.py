"""PagerDuty against the conformance suite, on a double of it on loopback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

from connectors.pagerduty.connector import PagerDuty
from connectors.pagerduty.incidents import Incidents
from tests.connectors.api_binding import ApiBinding
from tests.connectors.conformance import Conformance
from tests.doubles.pagerduty.double import Incident, PagerDutyDouble

PAGE_SIZE = 2
INCIDENTS = 5


class PagerDutyBinding(ApiBinding):
    """An account with a few incidents, read in small pages."""

    connector_class: ClassVar[type[PagerDuty]] = PagerDuty
    questions: ClassVar[Mapping[str, str]] = {"incidents": r"GET /incidents\?(?!date_range)"}
    later: ClassVar[str] = r"[?&]offset=[1-9]"
    filters: ClassVar[frozenset[str]] = frozenset({"since"})

    def __init__(self, folder: Path, running: ExitStack) -> None:
        running.enter_context(patch.object(Incidents, "page_size", PAGE_SIZE))
        super().__init__(folder, running)

    def make_double(self) -> PagerDutyDouble:
        return PagerDutyDouble(self.time)

    def tell_the_story(self) -> None:
        self.time.at -= timedelta(days=40)
        self.incidents = [self._happen(number) for number in range(INCIDENTS)]
        self.time.at += timedelta(days=39)

    def _happen(self, number: int) -> Incident:
        made = self.double.trigger("Checkout", f"Errors {number}", self.time.at, alerts=number % 3)
        self.wait(minutes=5)
        self.double.acknowledge(made, self.time.at)
        self.wait(minutes=30)
        if number % 4:
            self.double.resolve(made, self.time.at)
        self.wait(hours=20)
        return made

    def change(self) -> None:
        self.wait()
        self.double.resolve(self.incidents[0], self.time.at)
        for number in range(3):
            self._happen(number + 100)

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "an incident comes": lambda: self._happen(50),
            "an old one is resolved": lambda: self.double.resolve(
                self.incidents[0], self.time.at + timedelta(minutes=1)
            ),
        }

    def add_unmapped(self) -> bytes:
        self.incidents[0].extra["colour"] = "octarine"
        return b"octarine"

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        fields = ["id", "title", "status", "created_at"]
        ways = self.damaged(r"/incidents\?(?!date_range)", lambda page: page["incidents"], fields)
        return dict(ways)

    @property
    def fewest_requests(self) -> int:
        pages = -(-INCIDENTS // PAGE_SIZE)
        with_alerts = sum(bool(each.alerts) for each in self.incidents)
        beginning, log = 1, 1
        return beginning + pages + INCIDENTS + with_alerts + log

    idle_requests = 1


class TestPagerDuty(Conformance):
    binding = PagerDutyBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_only_a_complete_reading_deletes": "an incident of PagerDuty cannot be deleted",
        "test_what_has_no_time_is_bounded_by_two_readings": "everything that is read has a time",
    }

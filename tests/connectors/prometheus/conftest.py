"""A server with a past, and what a house knows after reading it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.interface import Context, Finding
from connectors.prometheus.connector import Prometheus
from connectors.prometheus.settings import PrometheusSettings
from connectors.sync import SourceResult
from data.model import Alert, Gap, Indicator
from tests.connectors.house import House
from tests.servers.prometheus import Sample, backfill, prometheus


@dataclass
class Reading:
    """A house that reads one server again and again."""

    house: House
    folder: Path
    settings: PrometheusSettings

    def connector(self) -> Prometheus:
        return Prometheus("metrics", self.settings, self._context)

    def sync(self) -> SourceResult:
        return self.house.sync(self.connector(), self._context)

    def check(self) -> list[Finding]:
        return list(self.connector().check())

    @property
    def alerts(self) -> dict[str, Alert]:
        """By name; a test in which one fires twice looks at `all_alerts`."""
        return {alert.name: alert for alert in self.all_alerts}

    @property
    def all_alerts(self) -> list[Alert]:
        rows = [row for row in self.house.records().values() if isinstance(row, Alert)]
        return sorted(rows, key=lambda row: row.started_at)

    @property
    def indicators(self) -> list[Indicator]:
        rows = [row for row in self.house.records().values() if isinstance(row, Indicator)]
        return sorted(rows, key=lambda row: (row.name, row.from_at))

    @property
    def gaps(self) -> dict[str, Gap]:
        """By what follows `#gap/` in their ids."""
        return {gap.id.partition("#gap/")[2]: gap for gap in self.house.gaps()}

    @property
    def _context(self) -> Context:
        return Context(
            folder=self.folder,
            mirrors=self.folder,
            hotfix_pattern="hotfix",
            clock=lambda: datetime.now(UTC),
            progress=lambda what, done, total: None,
        )


Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Read]:
    """Starts a server with a past, reads it once, and gives what is known then."""
    with ExitStack() as running:

        def start(past: Iterable[Sample] = (), rules: str = "groups: []", **told: Any) -> Reading:
            folder = tmp_path / "server"
            folder.mkdir(exist_ok=True)
            samples = list(past)
            if samples:
                backfill(folder, samples)
            url = running.enter_context(prometheus(folder, rules))
            house = running.enter_context(closing(House(tmp_path / "house")))
            settings = PrometheusSettings.model_validate({"url": url, "history_days": 5, **told})
            reading = Reading(house, tmp_path, settings)
            assert not reading.sync().errors
            return reading

        yield start

"""What is told of the alerts of a real Alertmanager, from one reading to the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.alertmanager.connector import Alertmanager
from connectors.alertmanager.settings import AlertmanagerSettings
from connectors.interface import Context, Finding
from data.model import Alert, Gap
from tests.connectors.house import House
from tests.servers.prometheus import alertmanager, asked, free_port, needs_alertmanager

pytestmark = needs_alertmanager


class Watched:
    """A real server, the house that reads it, and a clock of its own for the readings."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.folder = folder
        self.serving = running.enter_context(ExitStack())
        self.house = running.enter_context(closing(House(folder / "house")))
        self.now = datetime.now(UTC)
        self.began_at = self.now.replace(microsecond=0) - timedelta(hours=1)
        self.port = free_port()
        self.start()

    def start(self) -> None:
        """Starts it, again if it runs; it keeps no alerts."""
        self.serving.close()
        self.url = self.serving.enter_context(alertmanager(self.folder / "server", self.port))

    def post(self, name: str, **told: Any) -> None:
        labels = {"alertname": name, "service": "shop", "env": "production", "severity": "page"}
        alert = {"labels": labels, "startsAt": self.began_at.isoformat(), **told}
        asked(f"{self.url}/api/v2/alerts", [alert])

    def end(self, name: str) -> None:
        self.post(name, endsAt=(datetime.now(UTC) - timedelta(seconds=1)).isoformat())

    def fire(self, name: str, **told: Any) -> None:
        in_a_day = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        self.post(name, **{"endsAt": in_a_day, **told})

    def sync(self, minutes: float = 0) -> None:
        self.now += timedelta(minutes=minutes)
        assert not self.house.sync(self.connector(), self._context).errors

    def connector(self) -> Alertmanager:
        return Alertmanager("oncall", AlertmanagerSettings(url=self.url), self._context)

    def check(self) -> list[Finding]:
        return list(self.connector().check())

    @property
    def alerts(self) -> list[Alert]:
        rows = [row for row in self.house.records().values() if isinstance(row, Alert)]
        return sorted(rows, key=lambda row: (row.name, row.started_at))

    @property
    def gaps(self) -> dict[str, Gap]:
        return {gap.id.partition("#gap/")[2]: gap for gap in self.house.gaps()}

    @property
    def _context(self) -> Context:
        return Context(
            folder=self.folder,
            mirrors=self.folder,
            hotfix_pattern="hotfix",
            clock=lambda: self.now,
            progress=lambda what, done, total: None,
        )


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with ExitStack() as running:
        yield Watched(tmp_path, running)


def test_an_alert_that_fires_has_no_end_though_a_timeout_is_told(watched: Watched) -> None:
    watched.fire("ErrorsHigh", annotations={"summary": "too many"})
    watched.sync(minutes=10)
    (found,) = watched.alerts
    assert (found.name, found.service, found.environment) == ("ErrorsHigh", "shop", "production")
    assert (found.severity, found.summary) == ("page", "too many")
    assert (found.started_at, found.resolved_at) == (watched.began_at, None)
    assert found.firing_until_at == watched.now


def test_an_alert_that_is_gone_ended_between_two_readings(watched: Watched) -> None:
    watched.fire("ErrorsHigh")
    watched.fire("Stays")
    watched.sync(minutes=10)
    seen_at = watched.now
    watched.end("ErrorsHigh")
    watched.sync(minutes=3)
    gone, stays = watched.alerts
    assert (gone.firing_until_at, gone.resolved_at) == (seen_at, watched.now)
    assert stays.resolved_at is None
    assert "alerts/apart/truncated" not in watched.gaps


def test_a_server_that_just_started_does_not_say_that_alerts_ended(watched: Watched) -> None:
    watched.fire("ErrorsHigh")
    watched.sync(minutes=10)
    watched.start()
    watched.fire("ToldAgain")
    watched.now = datetime.now(UTC)
    watched.sync(minutes=2)
    assert [alert.resolved_at for alert in watched.alerts] == [None, None]
    watched.sync(minutes=30)
    assert [alert.resolved_at for alert in watched.alerts] == [watched.now, None]


def test_an_alert_that_fires_anew_had_ended_before(watched: Watched) -> None:
    watched.fire("ErrorsHigh")
    watched.sync(minutes=10)
    watched.end("ErrorsHigh")
    anew_at = datetime.now(UTC).replace(microsecond=0)
    watched.fire("ErrorsHigh", startsAt=anew_at.isoformat())
    watched.sync(minutes=5)
    first, second = watched.alerts
    assert first.fingerprint == second.fingerprint
    assert (first.resolved_at, second.started_at) == (anew_at, anew_at)
    assert second.resolved_at is None


def test_an_alert_that_is_silenced_still_fires(watched: Watched) -> None:
    watched.fire("ErrorsHigh")
    silence = {
        "matchers": [{"name": "alertname", "value": "ErrorsHigh", "isRegex": False}],
        "startsAt": datetime.now(UTC).isoformat(),
        "endsAt": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        "createdBy": "a test",
        "comment": "known",
    }
    asked(f"{watched.url}/api/v2/silences", silence)
    (told,) = asked(f"{watched.url}/api/v2/alerts")
    assert told["status"]["state"] == "suppressed"
    watched.sync(minutes=10)
    assert [alert.resolved_at for alert in watched.alerts] == [None]


def test_readings_further_apart_than_the_timeout_are_a_gap(watched: Watched) -> None:
    watched.sync(minutes=10)
    first_at = watched.now
    watched.sync(minutes=60)
    watched.sync(minutes=4)
    watched.sync(minutes=90)
    gap = watched.gaps["alerts/apart/truncated"]
    assert (gap.count, gap.since_at, gap.until_at) == (2, first_at, watched.now)
    assert "1:34:00 at most" in gap.what


def test_another_server_is_started_over_with_a_gap(watched: Watched) -> None:
    watched.fire("ErrorsHigh")
    watched.sync(minutes=10)
    watched.port = free_port()
    watched.start()
    watched.sync(minutes=10)
    assert [alert.resolved_at for alert in watched.alerts] == [None]
    assert "alerts/moved/truncated" in watched.gaps


def test_a_server_is_told_with_its_version(watched: Watched) -> None:
    watched.fire("ErrorsHigh")
    version, alerts = watched.check()
    assert version.what.startswith("answers as Alertmanager 0.")
    assert alerts.what == "1 alerts fire"

"""The `alertmanager` source against the clauses that bind every kind of source."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from connectors.alertmanager.connector import Alertmanager
from connectors.alertmanager.settings import AlertmanagerSettings
from connectors.prometheus.labels import fingerprint
from data.model import Alert, Record
from tests.connectors.conformance import Binding, Conformance
from tests.connectors.house import RowKey
from tests.connectors.loopback import Answer, Asked, LoopbackServer, Reset, Said

_DAMAGES = ("renamed", "missing", "null", "a list")
_NOTHING_TO_LIST = "one answer holds all there is, and no filter is asked for"


class AlertmanagerDouble:
    """Answers as version 0.25 was seen to."""

    def __init__(self, token: str, started_at: datetime) -> None:
        self.token = token
        self.started_at = started_at
        self.zone: timezone = UTC
        self.alerts: list[dict[str, Any]] = []
        self.status = 200
        self.trouble: list[Said] = []
        self.damage: Callable[[dict[str, Any]], object] = lambda alert: None

    def fire(self, name: str, starts_at: datetime) -> None:
        labels = {"alertname": name, "service": "shop", "severity": "page"}
        alert = {
            "annotations": {"summary": f"{name} of the shop"},
            "endsAt": starts_at + timedelta(days=1),
            "fingerprint": fingerprint(labels),
            "receivers": [{"name": "nobody"}],
            "startsAt": starts_at,
            "status": {"inhibitedBy": [], "silencedBy": [], "state": "active"},
            "updatedAt": starts_at,
            "labels": labels,
        }
        self.alerts.append(alert)

    def __call__(self, asked: Asked) -> Said:
        if self.trouble:
            return self.trouble.pop(0)
        sent = asked.headers.get("authorization")
        if sent != f"Bearer {self.token}" or self.status != 200:
            return Answer.json({"message": f"no, {sent}"}, max(self.status, 401))
        if asked.path == "/api/v2/status":
            return Answer.json(
                {
                    "config": {"original": "global:\n  resolve_timeout: 5m\n"},
                    "uptime": self._told(self.started_at),
                    "versionInfo": {"version": "0.25.0"},
                }
            )
        assert asked.path == "/api/v2/alerts"
        return Answer.json([self._alert(alert) for alert in self.alerts])

    def _alert(self, alert: dict[str, Any]) -> dict[str, Any]:
        times = {name: self._told(at) for name, at in alert.items() if isinstance(at, datetime)}
        told = {**alert, **times}
        self.damage(told)
        return told

    def _told(self, at: datetime) -> str:
        return at.astimezone(self.zone).isoformat(timespec="milliseconds")


class AlertmanagerBinding(Binding):
    """A server at which four alerts fire."""

    connector_class: ClassVar[type[Alertmanager]] = Alertmanager
    untimed: ClassVar[Collection[str]] = ("alerts",)
    secret = "tok-0123456789abcdef"
    fewest_requests = 2
    idle_requests = 2

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        (folder / "token.txt").write_text(self.secret)
        self.double = AlertmanagerDouble(self.secret, self.time.at - timedelta(days=1))
        for number, name in enumerate(("One", "Two", "Three", "Four")):
            self.double.fire(name, self.time.at - timedelta(hours=number + 1))
        self.made: list[Alertmanager] = []
        self.serving = running.enter_context(ExitStack())
        self.come_back()

    def connector(self, clock_skew: timedelta = timedelta()) -> Alertmanager:
        settings = AlertmanagerSettings(url=self.server.url, token="file:token.txt")
        self.made.append(Alertmanager("shop", settings, self.context(clock_skew)))
        return self.made[-1]

    def change(self) -> None:
        del self.double.alerts[0]
        self.double.fire("Five", self.time.at - timedelta(minutes=1))

    def vanish(self) -> None:
        self.serving.close()

    def come_back(self) -> None:
        self.server = self.serving.enter_context(LoopbackServer(self.double))

    def storm(self) -> float:
        self.double.trouble = [
            Answer(429, headers={"Retry-After": "40"}),
            Answer(503, headers={"Retry-After": "20"}),
            Reset(),
            Answer(500),
        ]
        return 60.0

    def refuse(self, stream: str, status: int, page: int) -> None:
        assert (stream, page) == ("alerts", 1)
        self.double.status = status

    def allow(self) -> None:
        self.double.status = 200

    def change_untimed(self) -> None:
        del self.double.alerts[0]

    def bounds(self, rows: Mapping[RowKey, Record]) -> tuple[datetime | None, datetime | None]:
        (gone,) = (row for row in rows.values() if isinstance(row, Alert) and row.resolved_at)
        return gone.firing_until_at, gone.resolved_at

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        return [
            partial(self.refuse, "alerts", 403, 1),
            partial(setattr, self.double, "token", "another"),
            self.vanish,
        ]

    def add_unmapped(self) -> bytes:
        self.double.alerts[0]["colour"] = "octarine"
        return b"octarine"

    def tell_times_in(self, zone: timezone) -> None:
        self.double.zone = zone

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        return {way: partial(self._damage, way) for way in _DAMAGES}

    def _damage(self, way: str) -> int:
        """Damages another field of each of three alerts."""
        fields = {"One": "labels", "Two": "startsAt", "Three": "fingerprint"}

        def damaged(alert: dict[str, Any]) -> None:
            field = fields.get(alert["labels"]["alertname"])
            if field is not None:
                value = alert.pop(field)
                told = {"renamed": {f"{field}_2": value}, "null": {field: None}}
                alert.update({**told, "a list": {field: []}}.get(way, {}))

        self.double.damage = damaged
        return len(fields)

    @property
    def requests(self) -> int:
        return sum(made.requests.counted for made in self.made)


class TestAlertmanager(Conformance):
    binding = AlertmanagerBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_a_list_that_shifts_while_paged_loses_and_doubles_nothing": _NOTHING_TO_LIST,
        "test_a_filter_the_source_does_not_know_is_noticed": _NOTHING_TO_LIST,
        "test_only_a_complete_reading_deletes": (
            "an alert that is gone has ended: its row stays and tells when"
        ),
    }

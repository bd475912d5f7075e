"""A shop that a double of Prometheus watches, and what can happen to both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from connectors.prometheus.connector import Prometheus
from connectors.prometheus.settings import PrometheusSettings
from tests.connectors.conformance import Binding
from tests.connectors.loopback import Answer, Asked, LoopbackServer, Reset
from tests.connectors.prometheus.double import PrometheusDouble, alert_now
from tests.servers.prometheus import Sample

_EVERY_SECONDS = 900
_STEP_SECONDS = 1800
_LATE_SECONDS = 100
_HISTORY = timedelta(days=2)
_ALERT, _OBJECTIVE, _USE = "alerts", "objective:availability", "utilisation:memory"
_ASKED = {_ALERT: "ALERTS", _OBJECTIVE: "increase", _USE: "memory_use"}


class ShortPages(Prometheus):
    """A day of alerts a page, and two days of all else."""

    def __init__(self, *told: Any) -> None:
        super().__init__(*told)
        for reader in self._readers.values():
            vars(reader).update(window_points=48, page_days=2)


class PrometheusBinding(Binding):
    """Two days of a shop with three alerts, one of which still fires."""

    connector_class: ClassVar[type[Prometheus]] = ShortPages
    secret = "tok-0123456789abcdef"

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        (folder / "token.txt").write_text(self.secret)
        self.start = self.time.at - _HISTORY
        self.told_until = self.start
        self.double = PrometheusDouble(self.secret, lambda: self.told_until)
        self.told: dict[str, Any] = {}
        """Settings of a test's own."""
        self.made: list[Prometheus] = []
        self.firing: dict[str, datetime] = {}
        self.serving = running.enter_context(ExitStack())
        self.come_back()
        self.pass_time(4, begins="One")
        self.pass_time(14, ends="One", begins="Two")
        self.pass_time(28, ends="Two", begins="Three")
        self.pass_time(2)

    def pass_time(self, hours: float, ends: str = "", begins: str = "") -> None:
        """Lets alerts end and begin, and then so much time pass."""
        self.firing.pop(ends, None)
        if begins:
            self.firing[begins] = self.told_until
        until = self.told_until + timedelta(hours=hours)
        while self.told_until < until:
            self.told_until += timedelta(seconds=_EVERY_SECONDS)
            self.double.add(self._samples())
        self.time.at = max(self.time.at, self.told_until)
        said = {alert["labels"]["alertname"]: alert for alert in self.double.current}
        self.double.current = [
            said.get(name) or alert_now(_labels(name), since) for name, since in self.firing.items()
        ]

    def _samples(self) -> Sequence[Sample]:
        at = int(self.told_until.timestamp()) - _LATE_SECONDS
        shop = {"service": "shop", "env": "production"}
        since_start = at - int(self.start.timestamp())
        samples: list[Sample] = [
            ("up", {"job": "shop", "instance": "a"}, at, 1.0),
            ("memory_use", shop, at, 0.5),
            ("requests_total", shop, at, since_start * 2.0),
            ("good_total", shop, at, since_start * 1.5),
        ]
        for name, since in self.firing.items():
            labels = _labels(name)
            samples.append(("ALERTS_FOR_STATE", labels, at, float(int(since.timestamp()))))
            samples.append(("ALERTS", {**labels, "alertstate": "firing"}, at, 1.0))
        return samples

    def connector(self, clock_skew: timedelta = timedelta()) -> Prometheus:
        objective = {"good": "good_total", "total": "requests_total", "target": 0.9}
        settings = {
            "url": self.server.url,
            "web_url": "https://prometheus.example",
            "token": "file:token.txt",
            "step_seconds": _STEP_SECONDS,
            "resolution_seconds": 3600,
            "history_days": 2,
            "objective": [{"name": "availability", **objective}],
            "utilisation": [{"name": "memory", "query": "memory_use"}],
            **self.told,
        }
        context = self.context(clock_skew)
        made = ShortPages("shop", PrometheusSettings.model_validate(settings), context)
        self.made.append(made)
        return made

    def change(self) -> None:
        self.pass_time(1, ends="Three", begins="Four")
        self.pass_time(2)

    def vanish(self) -> None:
        self.serving.close()

    def come_back(self) -> None:
        self.server = self.serving.enter_context(LoopbackServer(self.double))

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {"time passes and alerts begin and end": self.change}

    def storm(self) -> float:
        self.double.trouble = [
            Answer(429, headers={"Retry-After": "40"}),
            Answer(503, headers={"Retry-After": "20"}),
            Reset(),
            Answer(500),
        ]
        return 60.0

    def refuse(self, stream: str, status: int, page: int) -> None:
        """From the so-manieth question on that asks for what a stream alone asks for."""
        starts: list[str] = []

        def refuses(asked: Asked) -> int | None:
            start = asked.params.get("start")
            if start is None or _ASKED[stream] not in asked.params["query"]:
                return None
            if "count(" in asked.params["query"] and stream == _ALERT:
                return None
            starts.extend([start] if start not in starts else [])
            return status if starts.index(start) + 1 >= page else None

        self.double.refuses = refuses

    def allow(self) -> None:
        self.double.refuses = lambda asked: None

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        return [
            *(partial(self.refuse, stream, 403, 1) for stream in _ASKED),
            partial(setattr, self.double, "token", "another"),
            self.vanish,
        ]

    def add_unmapped(self) -> bytes:
        self.firing["Five"] = self.told_until
        self.pass_time(1)
        self.double.current[0]["colour"] = "octarine"
        return b"octarine"

    def tell_times_in(self, zone: timezone) -> None:
        self.double.zone = zone

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        ways = ("renamed", "missing", "null", "a list")
        return {way: partial(self._damage, way) for way in ways}

    def _damage(self, way: str) -> int:
        """Damages two series, and what the rules tell of the alert that fires now."""

        def damaged(asked: Asked, told: Any) -> Any:
            if asked.params.get("query", "").startswith("last_over_time"):
                for item in told["data"]["result"]:
                    match item["metric"]["alertname"]:
                        case "One":
                            _damage(item, "metric", way)
                        case "Two":
                            _damage(item, "values" if "values" in item else "value", way)
            if asked.path.endswith("/rules"):
                current = told["data"]["groups"][0]["rules"][0]["alerts"][0]
                _damage(current, "labels" if way == "null" else "activeAt", way)
            return told

        self.double.damage = damaged
        return 3

    @property
    def requests(self) -> int:
        return sum(made.requests.counted for made in self.made)

    # Clock, rules, how long it keeps, where it begins; then two windows of alerts, and two pages
    # of a pair of counters and of a value.
    fewest_requests = 4 + 2 * 3 + 2 * 2 + 2
    idle_requests = 2


def _labels(name: str) -> Mapping[str, str]:
    return {"alertname": name, "service": "shop", "severity": "page"}


def _damage(item: Any, field: str, way: str) -> None:
    value = item.pop(field, None)
    changed = {"renamed": {f"{field}_2": value}, "null": {field: None}, "a list": {field: []}}
    item.update(changed.get(way, {}))

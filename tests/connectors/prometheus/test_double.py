"""The double against the real server: what both answer of one past."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from connectors.prometheus import queries
from tests.connectors.loopback import Answer, Asked
from tests.connectors.prometheus.double import PrometheusDouble
from tests.connectors.prometheus.past import DAY, alert, series, up
from tests.servers.prometheus import asked as ask
from tests.servers.prometheus import backfill, needs_prometheus, prometheus

_HOUR = 3600


@needs_prometheus
def test_the_double_answers_as_the_server_does(tmp_path: Path) -> None:
    past = [
        *up((0, 2 * _HOUR)),
        *up((3 * _HOUR, 4 * _HOUR)),
        *up((0, 2 * _HOUR), 0, "b"),
        *alert((1230, 2600), active=1200, fires=(1800, 2600)),
        *alert((1230, 5000), active=1200, labels={"job": "shop"}),
        *series("use", {"service": "shop"}, (0, 3 * _HOUR), lambda s: s / 7),
        *series("all_total", {"service": "a", "x": "1"}, (0, 4 * _HOUR), lambda s: s % 5000),
        *series("all_total", {"service": "a", "x": "2"}, (900, 4 * _HOUR), lambda s: s / 3),
    ]
    double = PrometheusDouble("token", lambda: datetime.now(UTC))
    double.add(past)
    backfill(tmp_path, past)
    with prometheus(tmp_path) as url:
        for query in (
            queries.firing(60),
            queries.heartbeat("up", 60),
            queries.unscraped(60),
            queries.while_awake("use", "up", 300),
            queries.counted("all_total", ("service",), 300),
        ):
            params = {"query": query, "start": DAY, "end": DAY + 4 * _HOUR, "step": 300}
            real = ask(f"{url}/api/v1/query_range?{urlencode(params)}")
            told = _answer(double, "query_range", params)
            assert _rounded(told) == _rounded(real), query
            once = {"query": query, "time": DAY + 2400}
            real = ask(f"{url}/api/v1/query?{urlencode(once)}")
            assert _rounded(_answer(double, "query", once)) == _rounded(real), query


def _answer(double: PrometheusDouble, path: str, params: dict[str, Any]) -> Any:
    texts = {name: str(value) for name, value in params.items()}
    said = double(Asked("GET", f"/api/v1/{path}", texts, {"authorization": "Bearer token"}))
    assert isinstance(said, Answer)
    return json.loads(said.body)


def _rounded(told: Any) -> Any:
    """Without the names of metrics, which nobody reads, and whatever their order."""
    found = {}
    for item in told["data"]["result"]:
        labels = {n: v for n, v in item["metric"].items() if n != "__name__"}
        points = item.get("values") or [item["value"]]
        found[str(sorted(labels.items()))] = [(at, round(float(v), 6)) for at, v in points]
    return told["data"]["resultType"], found

"""What fires now at a real Prometheus, from the first evaluation to the end."""

from __future__ import annotations

import time
from collections.abc import Callable

from connectors.prometheus.labels import fingerprint
from tests.connectors.prometheus.conftest import Read, Reading
from tests.servers.prometheus import asked, needs_prometheus

pytestmark = needs_prometheus

_PATIENCE_SECONDS = 20.0

RULES = """
groups:
- name: shop
  interval: 1s
  rules:
  - alert: ErrorsHigh
    expr: vector(1) > 0
    labels: {service: shop, severity: page}
    annotations: {summary: "{{ $value }} errors"}
  - alert: NotYet
    expr: vector(1) > 0
    for: 1h
"""


def until(holds: Callable[[], bool]) -> None:
    """Waits for a server to do what it does on its own."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "the server did not do it in time"
        time.sleep(0.05)


def fires(reading: Reading, name: str) -> bool:
    told = asked(f"{reading.settings.url}/api/v1/alerts")["data"]["alerts"]
    return any(a["labels"]["alertname"] == name and a["state"] == "firing" for a in told)


def test_what_fires_now_is_told_with_its_words_and_what_is_pending_is_not(read: Read) -> None:
    known = read(rules=RULES)
    until(lambda: fires(known, "ErrorsHigh"))
    assert not known.sync().errors
    (found,) = known.all_alerts
    assert (found.name, found.service, found.summary) == ("ErrorsHigh", "shop", "1 errors")
    assert found.resolved_at is None
    assert found.firing_until_at is not None
    assert found.firing_until_at >= found.started_at


def test_the_hash_of_the_labels_is_the_one_that_alertmanager_tells() -> None:
    labels = {"alertname": "ModelDriftHigh", "service": "churn", "severity": "page"}
    # As told by Alertmanager 0.25 of an alert with these labels and team=growth-ml.
    assert fingerprint({**labels, "team": "growth-ml"}) == "125955ae45e3bbb3"


def test_a_server_is_told_with_its_version(read: Read) -> None:
    first = read().check()[0]
    assert first.what.startswith("answers as Prometheus 2.")


def test_a_query_that_is_no_query_stops_no_other_stream(read: Read) -> None:
    known = read(rules=RULES)
    until(lambda: fires(known, "ErrorsHigh"))
    broken = {"name": "broken", "query": "sum(("}
    known.settings = known.settings.model_validate(
        {**known.settings.model_dump(), "utilisation": [broken]}
    )
    (error,) = known.sync().errors
    assert "parse error" in str(error)
    assert known.alerts

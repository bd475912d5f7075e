"""Events as the programs that send them do it, from their own process to rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.app.intake.bare import taking
from tests.app.intake.sending import SECRET, kept, rows, source, synced
from tests.servers.mlflow import running as mlflow
from tests.servers.prometheus import alertmanager, asked, needs_alertmanager

_PATIENCE_SECONDS = 30.0

ALERTMANAGER = """
route: {{receiver: cairn, group_by: [alertname], group_wait: 0s, group_interval: 1s}}
receivers:
- name: cairn
  webhook_configs:
  - url: "{server}/events/alertmanager"
    send_resolved: true
    http_config: {{authorization: {{credentials: "{secret}"}}}}
"""
OWN_HOST = {"MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http", "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true"}


def until(holds: Callable[[], bool]) -> None:
    """Waits for a sender to do what it does on its own."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "the sender did not do it in time"
        time.sleep(0.05)


@needs_alertmanager
def test_alertmanager_tells_that_an_alert_fires_and_that_it_is_over(tmp_path: Path) -> None:
    (tmp_path / "cairn.toml").write_text(source("alertmanager"), encoding="utf-8")
    began_at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    labels = {"alertname": "ErrorsHigh", "service": "shop", "severity": "page"}
    with ExitStack() as running:
        server = running.enter_context(taking(tmp_path))
        told = ALERTMANAGER.format(server=server.address, secret=SECRET)
        sender = running.enter_context(alertmanager(tmp_path / "am", configuration=told))

        def tell(ends_at: datetime) -> None:
            ends = {"startsAt": began_at.isoformat(), "endsAt": ends_at.isoformat()}
            asked(f"{sender}/api/v2/alerts", [{"labels": labels, **ends}])

        tell(began_at + timedelta(days=1))
        until(lambda: len(kept(tmp_path, "alertmanager")) == 1)
        tell(datetime.now(UTC))
        until(lambda: len(kept(tmp_path, "alertmanager")) == 2)
    synced(tmp_path)
    ((name, service, started_at, resolved_at),) = rows(
        tmp_path, "select name, service, started_at, resolved_at from alert"
    )
    assert (name, service, started_at) == ("ErrorsHigh", "shop", began_at)
    assert began_at < resolved_at <= datetime.now(UTC)
    assert rows(tmp_path, "select what from gap") == []


def test_mlflow_tells_a_promotion_signed_and_when_it_was(tmp_path: Path) -> None:
    (tmp_path / "cairn.toml").write_text(source("mlflow"), encoding="utf-8")
    (tmp_path / "mlflow").mkdir()
    with ExitStack() as running:
        server = running.enter_context(taking(tmp_path))
        sender = running.enter_context(mlflow(tmp_path / "mlflow", **OWN_HOST))
        events = [
            {"entity": entity, "action": "CREATED"}
            for entity in ("REGISTERED_MODEL", "MODEL_VERSION", "MODEL_VERSION_ALIAS")
        ]
        hook = {"name": "cairn", "url": f"{server.address}/events/mlflow", "events": events}
        sender.post("webhooks", **hook, secret=SECRET)
        sender.model("churn")
        version = sender.version("churn")
        began_at = datetime.now(UTC)
        sender.alias("churn", "champion", version)
        until(lambda: len(kept(tmp_path, "mlflow")) == len(events))
        ended_at = datetime.now(UTC)
    synced(tmp_path)
    told = rows(
        tmp_path,
        "select kind, version, name, occurred_after_at, occurred_before_at from model_event"
        " order by occurred_before_at",
    )
    assert [event[:3] for event in told] == [
        ("created", None, None),
        ("created", "1", None),
        ("alias", "1", "champion"),
    ]
    assert began_at <= told[-1][3] == told[-1][4] <= ended_at
    assert rows(tmp_path, "select what from gap") == []

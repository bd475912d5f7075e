"""A real Prometheus on loopback, with the past that a test gives it, and a real Alertmanager."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

Sample = tuple[str, Mapping[str, str], int, float]
"""Name of a metric, labels, seconds since 1970, value."""

_PATIENCE_SECONDS = 20.0

needs_prometheus = pytest.mark.skipif(
    not (shutil.which("prometheus") and shutil.which("promtool")),
    reason="no Prometheus: apt-get install prometheus",
)
needs_alertmanager = pytest.mark.skipif(
    not shutil.which("prometheus-alertmanager"),
    reason="no Alertmanager: apt-get install prometheus-alertmanager",
)

_CONFIGURATION = """
global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files: [rules.yml]
"""

_ALERTMANAGER = """
route: {receiver: nobody}
receivers: [{name: nobody}]
"""


def backfill(folder: Path, samples: Iterable[Sample]) -> None:
    """Writes samples of the past as blocks, which a server that starts then finds."""
    by_name: dict[str, list[str]] = {}
    for name, labels, at, value in samples:
        told = ",".join(f"{label}={json.dumps(text)}" for label, text in labels.items())
        by_name.setdefault(name, []).append(f"{name}{{{told}}} {value!r} {at}")
    lines = [line for name, told in by_name.items() for line in (f"# TYPE {name} unknown", *told)]
    text = folder / "past.om"
    text.write_text("\n".join([*lines, "# EOF", ""]))
    command = [
        "promtool",
        "tsdb",
        "create-blocks-from",
        "openmetrics",
        str(text),
        str(folder / "data"),
    ]
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def prometheus(folder: Path, rules: str = "groups: []", keeps: str = "10y") -> Iterator[str]:
    """Runs a server over what `folder` holds, and yields its address.

    Args:
        folder: its configuration, rules and data; it may be started there again.
        rules: its rule file.
        keeps: how long it keeps samples.
    """
    (folder / "prometheus.yml").write_text(_CONFIGURATION)
    (folder / "rules.yml").write_text(rules)
    address = f"127.0.0.1:{free_port()}"
    command = [
        "prometheus",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--storage.tsdb.retention.time={keeps}",
        f"--web.listen-address={address}",
    ]
    with _running(command, folder, f"http://{address}"):
        yield f"http://{address}"


@contextmanager
def alertmanager(
    folder: Path, port: int | None = None, configuration: str = _ALERTMANAGER
) -> Iterator[str]:
    """Runs an Alertmanager, and yields its address.

    Args:
        folder: its configuration and data.
        port: where it listens, if it must be the same again.
        configuration: whom it tells; by default nobody.
    """
    folder.mkdir(exist_ok=True)
    (folder / "alertmanager.yml").write_text(configuration)
    address = f"127.0.0.1:{port or free_port()}"
    command = [
        "prometheus-alertmanager",
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address={address}",
        "--cluster.listen-address=",
    ]
    with _running(command, folder, f"http://{address}"):
        yield f"http://{address}"


def asked(url: str, body: Any = None) -> Any:
    """What a server answers, as JSON; with a body it is posted."""
    reply = requests.request("GET" if body is None else "POST", url, json=body, timeout=5)
    reply.raise_for_status()
    return reply.json() if reply.content else None


@contextmanager
def _running(command: list[str], folder: Path, url: str) -> Iterator[None]:
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        _await(process, url, folder / "server.log")
        yield
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE_SECONDS)


def _await(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            requests.get(f"{url}/-/ready", timeout=1).raise_for_status()
        except requests.RequestException:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"{url} did not start: {log.read_text()[-2000:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

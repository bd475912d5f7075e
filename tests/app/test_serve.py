"""`cairn serve` over loopback: headers, health, and how it starts and stops."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.listening import names
from app.server import content_security_policy, health
from data.store.workspace import Workspace
from tests.app.organisation import publish_into
from tests.app.serving import CAIRN, Server, serving

BARE = '[organisation]\nname = "Bare"\n'


@pytest.fixture(scope="module")
def server(harbour: Path) -> Iterator[Server]:
    with serving(harbour) as running:
        yield running


@pytest.mark.parametrize("path", ["/", "/health", "/sources", "/_stcore/health", "/no/such/page"])
def test_every_answer_carries_the_security_headers(server: Server, path: str) -> None:
    headers = server.get(path).headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert "server" not in headers


def test_scripts_run_by_their_hash_and_never_because_they_are_inline() -> None:
    policy = content_security_policy("<script>one</script><script src=x></script>")
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert scripts == (
        "script-src 'self' 'wasm-unsafe-eval' 'sha256-dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0='"
    )


def test_health_names_the_snapshot_and_nothing_secret(server: Server, harbour: Path) -> None:
    answer = server.get("/health")
    assert answer.status == 200
    assert json.loads(answer.body) == {  # type: ignore[attr-defined]
        "status": "ok",
        "snapshot": Workspace(harbour).current.read_text().strip(),
        "as_of": "2026-11-01T00:00:00+00:00",
    }


def test_it_says_one_line_with_the_folder_and_the_address(server: Server, harbour: Path) -> None:
    assert re.fullmatch(
        rf"Serving {re.escape(str(harbour))} on http://localhost:\d+ \(Ctrl-C stops\)",
        server.first_line,
    )


def test_a_port_that_is_taken_is_told_in_one_line(harbour: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [CAIRN, "--data", str(harbour), "serve", "--port", port],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr == (
        f"cairn: localhost:{port}: cannot listen there (Address already in use); "
        "end what uses it, or choose another with --port or --host\n"
    )


def test_an_empty_folder_is_served_with_the_way_out(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        assert json.loads(running.get("/health").body) == {  # type: ignore[attr-defined]
            "status": "empty",
            "snapshot": None,
            "as_of": None,
        }
        assert running.get("/").status == 200
        running.process.terminate()
        _, errors = running.process.communicate(timeout=20)
    assert "nothing has been published here yet" in errors
    assert len(errors.splitlines()) == 1


def test_a_damaged_folder_is_not_called_healthy(tmp_path: Path) -> None:
    snapshot = publish_into(tmp_path, [], BARE)
    with serving(tmp_path) as running:
        (Workspace(tmp_path).snapshots / f"snapshot-{snapshot}.duckdb").unlink()
        answer = running.get("/health")
        assert answer.status == 503
        assert json.loads(answer.body)["status"] == "damaged"  # type: ignore[attr-defined]


@pytest.mark.parametrize("manifest", ["[]", "{}", '{"as_of": 3}', '{"as_of": "soon"}', "\xff"])
def test_a_manifest_that_says_nothing_is_not_called_healthy(tmp_path: Path, manifest: str) -> None:
    publish_into(tmp_path, [], BARE)
    workspace = Workspace(tmp_path)
    name = f"snapshot-{workspace.current.read_text().strip()}.json"
    (workspace.snapshots / name).chmod(0o644)
    (workspace.snapshots / name).write_text(manifest, encoding="latin-1")
    assert health(workspace)["status"] == "damaged"


def test_a_foreign_page_is_refused_and_nobody_is_asked_about_it(harbour: Path) -> None:
    foreign = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Origin": "http://elsewhere.example",
    }
    with socket.create_server(("127.0.0.1", 0)) as outside:
        proxy = f"http://127.0.0.1:{outside.getsockname()[1]}"
        with serving(harbour, http_proxy=proxy, https_proxy=proxy, no_proxy="localhost") as server:
            connection = http.client.HTTPConnection(server.host, timeout=30)
            connection.request("GET", "/_stcore/stream", headers=foreign)
            assert connection.getresponse().status == 403
            connection.close()
        outside.setblocking(False)
        with pytest.raises(BlockingIOError):
            outside.accept()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_well_when_told_to(harbour: Path, number: signal.Signals) -> None:
    with serving(harbour) as running:
        running.process.send_signal(number)
        _, errors = running.process.communicate(timeout=20)
        assert running.process.returncode == 0
        assert errors == ""


def test_other_names_are_allowed_only_when_they_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert names("localhost") == ["localhost", "127.0.0.1", "::1"]
    monkeypatch.setenv("STREAMLIT_SERVER_ALLOWED_HOSTS", "pages.example,")
    assert names("192.0.2.7")[-2:] == ["192.0.2.7", "pages.example"]


def test_what_it_loads_at_its_start_is_not_searched_for_garbage_while_it_runs(
    tmp_path: Path,
) -> None:
    program = """
import asyncio, gc, threading
from app.server import _warmed, app

async def live():
    async with _warmed(app):
        next(t for t in threading.enumerate() if t.name == "warm").join()
        print(gc.get_freeze_count(), len(gc.get_objects()))
    print(gc.get_freeze_count())

asyncio.run(live())
"""
    where = {**os.environ, "CAIRN_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=where, capture_output=True, text=True, check=True
    )
    left_out, searched, left_out_at_its_end = map(int, done.stdout.split())
    assert left_out > 50 * searched
    assert left_out_at_its_end == 0

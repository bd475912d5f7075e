"""A real Airflow 3 on loopback, with SQLite and the DAGs that a test gives it.

It is too large for what the tests install: `CAIRN_AIRFLOW` names its program, or it lies in
`.servers/airflow/bin`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

ADMIN, VIEWER = "admin", "viewer"
PASSWORDS = {ADMIN: "admin-0123456789abcdef", VIEWER: "viewer-0123456789abcdef"}
PAGE_LIMIT = 2
"""Items of a page at most, so that a few runs are several pages."""

_PATIENCE_SECONDS = 240.0
_PAUSE_SECONDS = 0.5

Json = Any


def program() -> Path | None:
    """Where Airflow's program is; null if it is not here."""
    named = os.environ.get("CAIRN_AIRFLOW")
    placed = Path(__file__).parents[2] / ".servers" / "airflow" / "bin" / "airflow"
    found = shutil.which(named or str(placed))
    return Path(found) if found else None


needs_airflow = pytest.mark.skipif(
    program() is None,
    reason="no Airflow: python3 -m venv .servers/airflow && "
    ".servers/airflow/bin/pip install 'apache-airflow==3.3.*', or name it in CAIRN_AIRFLOW",
)


@dataclass(frozen=True)
class RealAirflow:
    """A running server, asked as its administrator."""

    url: str
    token: str

    def ask(self, method: str, path: str, body: Json = None) -> Json:
        """What it answers below `/api/v2/`."""
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.url}/api/v2/{path}"
        reply = requests.request(method, url, json=body, headers=headers, timeout=30)
        assert reply.ok, reply.text
        return reply.json() if reply.content else None

    @cached_property
    def description(self) -> Json:
        """What it says of its interface."""
        return requests.get(f"{self.url}/openapi.json", timeout=30).json()

    def trigger(self, dag: str, **conf: Json) -> str:
        """Starts a run of a DAG; returns its id."""
        told = self.ask("POST", f"dags/{dag}/dagRuns", {"logical_date": None, "conf": conf})
        return str(told["dag_run_id"])

    def make_up_for(self, dag: str, first: str, last: str) -> None:
        """Starts runs for days of the past; over SQLite that has to wait until all is quiet."""
        body = {"dag_id": dag, "from_date": first, "to_date": last, "max_active_runs": 2}
        headers = {"Authorization": f"Bearer {self.token}"}

        def is_begun() -> bool:
            url = f"{self.url}/api/v2/backfills"
            told = {**body, "dag_run_conf": {}}
            reply = requests.post(url, json=told, headers=headers, timeout=30)
            assert reply.ok or "locked" in reply.text, reply.text
            return reply.ok

        await_true(is_begun, f"a backfill of {dag}")

    def run(self, dag: str, name: str) -> Json:
        """One run as it is."""
        return self.ask("GET", f"dags/{dag}/dagRuns/{quote(name, safe='')}")

    def await_ended(self, count: int) -> None:
        """Waits until there are so many runs, and all are over."""

        def is_over() -> bool:
            told = self.ask("GET", f"dags/~/dagRuns?limit={count}")
            open_runs = self.ask("GET", "dags/~/dagRuns?state=queued&state=running")
            return bool(told["total_entries"] >= count and not open_runs["total_entries"])

        await_true(is_over, f"{count} runs that are over")


def await_true(is_true: Callable[[], bool], what: str) -> None:
    """Waits until something holds."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        if is_true():
            return
        time.sleep(_PAUSE_SECONDS)
    raise AssertionError(f"waited in vain for {what}")


@contextmanager
def airflow(folder: Path, dags: Mapping[str, str]) -> Iterator[RealAirflow]:
    """Runs a server with some files of DAGs.

    Args:
        folder: an empty one for all it keeps.
        dags: name of a file to its text.
    """
    (folder / "dags").mkdir()
    for name, text in dags.items():
        (folder / "dags" / name).write_text(text)
    (folder / "passwords.json").write_text(json.dumps(PASSWORDS))
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = _environment(folder, url)
    _run(environment, folder, "db", "migrate").wait(_PATIENCE_SECONDS)
    server = ("api-server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1")
    # What serves logs would listen on all addresses.
    verbs = (server, ("scheduler", "--skip-serve-logs"), ("dag-processor",))
    with ExitStack() as running:
        for verb in verbs:
            running.callback(_end, _run(environment, folder, *verb))
        await_true(lambda: _answers(url), f"an answer of {url}")
        body = {"username": ADMIN, "password": PASSWORDS[ADMIN]}
        told = requests.post(f"{url}/auth/token", json=body, timeout=30).json()
        yield RealAirflow(url, told["access_token"])


def _environment(folder: Path, url: str) -> dict[str, str]:
    found = program()
    assert found is not None
    told = {
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin,{VIEWER}:viewer",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(folder / "passwords.json"),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__API__MAXIMUM_PAGE_LIMIT": str(PAGE_LIMIT),
        "AIRFLOW__API_AUTH__JWT_SECRET": "secret-of-a-test-0123456789" * 3,
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "NO_PROXY": "127.0.0.1,localhost",
        "PATH": f"{found.parent}{os.pathsep}{os.environ['PATH']}",
    }
    return {"HOME": str(folder), "LANG": "C.UTF-8", **told}


def _run(environment: Mapping[str, str], folder: Path, *verb: str) -> subprocess.Popen[bytes]:
    with (folder / f"{verb[0]}.log").open("ab") as log:
        command = [str(program()), *verb]
        return subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a program with what it started, which is of its own session."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait(timeout=10)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/api/v2/version", timeout=5).ok
    except requests.RequestException:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

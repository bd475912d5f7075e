"""A real MLflow server on loopback, and what its users do to it over its REST API.

The program is not among what the tests are installed with: name it by `CAIRN_MLFLOW`, or let
`make` install it below `.servers/mlflow`.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any

import pytest
import requests

_PROJECT = Path(__file__).resolve().parents[2]
_START_SECONDS = 120.0
_ASK_SECONDS = 30.0


def executable() -> str:
    """The program; the test is skipped if there is none."""
    named = os.environ.get("CAIRN_MLFLOW")
    found = shutil.which(named or str(_PROJECT / ".servers" / "mlflow" / "bin" / "mlflow"))
    if found is None:
        where = f"CAIRN_MLFLOW={named}" if named else ".servers/mlflow"
        pytest.skip(f"there is no MLflow server at {where}: install it with `make test`")
    return found


@dataclass(frozen=True)
class MLflowServer:
    """A server that runs."""

    url: str

    def get(self, path: str, **params: Any) -> Any:
        return self._ask("GET", path, params=params)

    def post(self, path: str, **body: Any) -> Any:
        return self._ask("POST", path, json=body)

    def delete(self, path: str, **body: Any) -> Any:
        return self._ask("DELETE", path, json=body)

    def raw(self, method: str, path: str, body: Any) -> requests.Response:
        """The answer as it is, also a refusal."""
        how: dict[str, Any] = {"params": body} if method == "GET" else {"json": body}
        return requests.request(
            method, f"{self.url}/api/2.0/mlflow/{path}", timeout=_ASK_SECONDS, **how
        )

    def _ask(self, method: str, path: str, **how: Any) -> Any:
        url = f"{self.url}/api/2.0/mlflow/{path}"
        answer = requests.request(method, url, timeout=_ASK_SECONDS, **how)
        assert answer.ok, f"{method} {path}: {answer.text}"
        return answer.json()

    # --- what its users do ----------------------------------------------------------------------

    def experiment(self, name: str) -> str:
        return str(self.post("experiments/create", name=name)["experiment_id"])

    def start(self, experiment: str, name: str, **tags: str) -> str:
        told = [{"key": key, "value": value} for key, value in tags.items()]
        body = {"experiment_id": experiment, "run_name": name, "start_time": now_ms()}
        return str(self.post("runs/create", **body, tags=told)["run"]["info"]["run_id"])

    def log(self, run: str, key: str, value: Any, step: int = 0) -> None:
        self.post(
            "runs/log-metric", run_id=run, key=key, value=value, timestamp=now_ms(), step=step
        )

    def finish(self, run: str, status: str = "FINISHED") -> None:
        self.post("runs/update", run_id=run, status=status, end_time=now_ms())

    def model(self, name: str, **tags: str) -> None:
        told = [{"key": key, "value": value} for key, value in tags.items()]
        self.post("registered-models/create", name=name, tags=told)

    def version(self, name: str, run: str | None = None, source: str = "s3://bucket/model") -> str:
        # A source must lie below where its run keeps its files.
        if run is not None:
            info = self.get("runs/get", run_id=run)["run"]["info"]
            source = f"{info['artifact_uri']}/model"
        told = self.post("model-versions/create", name=name, source=source, run_id=run)
        return str(told["model_version"]["version"])

    def alias(self, name: str, alias: str, version: str | None) -> None:
        if version is None:
            self.delete("registered-models/alias", name=name, alias=alias)
        else:
            self.post("registered-models/alias", name=name, alias=alias, version=version)

    def tag(self, name: str, version: str, key: str, value: str) -> None:
        self.post("model-versions/set-tag", name=name, version=version, key=key, value=value)

    def stage(self, name: str, version: str, stage: str) -> None:
        self.post("model-versions/transition-stage", name=name, version=version, stage=stage)

    def delete_version(self, name: str, version: str) -> None:
        self.delete("model-versions/delete", name=name, version=version)

    def delete_model(self, name: str) -> None:
        self.delete("registered-models/delete", name=name)

    def delete_run(self, run: str) -> None:
        self.post("runs/delete", run_id=run)


def now_ms() -> int:
    return int(time() * 1000)


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[MLflowServer]:
    """Starts a server with SQLite in a folder, and ends it."""
    program = executable()
    port = _free_port()
    command = [program, "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db"]
    command += ["--default-artifact-root", str(folder / "artifacts"), "--no-serve-artifacts"]
    settings = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=out,
            cwd=folder,
            env={**os.environ, **settings, **environment},
            start_new_session=True,
        )
    try:
        server = MLflowServer(f"http://127.0.0.1:{port}")
        _wait(server, process, log)
        yield server
    finally:
        # Its workers are of its session: they end with it.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait(server: MLflowServer, process: subprocess.Popen[bytes], log: Path) -> None:
    until = monotonic() + _START_SECONDS
    while monotonic() < until:
        assert process.poll() is None, log.read_text(errors="replace")[-2000:]
        try:
            if requests.get(f"{server.url}/health", timeout=_ASK_SECONDS).ok:
                return
        except requests.ConnectionError:
            sleep(0.1)  # The only way to learn that another process listens is to ask it.
    pytest.fail(f"MLflow did not start: {log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

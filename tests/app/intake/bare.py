"""A server of the intake alone: it starts in a tenth of the time of one with pages."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from app.cli.serve import listen
from app.intake.route import Intake
from data.store.workspace import Workspace
from tests.app.intake.sending import ENVIRONMENT
from tests.app.serving import Server


@contextmanager
def taking(folder: Path, before: str = "") -> Iterator[Server]:
    """Starts one and ends it.

    Args:
        folder: the workspace.
        before: Python that its process runs first.
    """
    start = f"{before}\nfrom tests.app.intake.bare import run\nrun({str(folder)!r})"
    process = subprocess.Popen(
        [sys.executable, "-c", start],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**ENVIRONMENT, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None, process.communicate()
        yield Server(found[0], "", process)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def run(folder: str) -> None:
    """Serves until it is ended; connections wait from the first line on."""
    listening = listen("127.0.0.1", 0)
    print(f"http://127.0.0.1:{listening.getsockname()[1]}")  # noqa: T201
    app = Starlette(routes=[Intake(lambda: Workspace(Path(folder)))])
    settings = uvicorn.Config(app, log_config=None, access_log=False)
    uvicorn.Server(settings).run(sockets=[listening])

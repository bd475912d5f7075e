"""Runs functions in children that are forked with everything imported, and may be killed.

The nursery is a process of its own that never starts DuckDB, so that a fork is safe, and that
watches the clock beside the child, so that a kill comes when it was asked for.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended."""

    is_killed: bool
    result: Any
    seconds: float


class Nursery:
    """A running nursery."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(
        self, function: Callable[..., Any], *arguments: Any, kill_after_seconds: float | None = None
    ) -> Ended:
        """Calls a function of a module in a new child and waits for its end.

        Args:
            function: what to call; its arguments and result are JSON-able.
            arguments: its arguments.
            kill_after_seconds: when to kill the child, if it is not done by then.

        Raises:
            AssertionError: with the traceback, if the function raised.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = [function.__module__, function.__qualname__, arguments, kill_after_seconds]
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert answer["error"] is None, answer["error"]
        return Ended(answer["is_killed"], answer["result"], answer["seconds"])


@contextmanager
def nursery(*modules: str) -> Iterator[Nursery]:
    """Starts a nursery that has imported the modules."""
    command = [sys.executable, "-c", f"from {__name__} import serve; serve()", *modules]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
    ) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def serve() -> None:
    """The nursery's own loop: one order a line, one answer a line."""
    for module in sys.argv[1:]:
        importlib.import_module(module)
    for line in sys.stdin:
        print(json.dumps(_born(*json.loads(line))), flush=True)  # noqa: T201


def _born(module: str, name: str, arguments: list[Any], kill_after: float | None) -> dict[str, Any]:
    reading, writing = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if not child:
        os.close(reading)
        _live(writing, module, name, arguments)
    os.close(writing)
    descriptor = os.pidfd_open(child)
    is_ended, _, _ = select.select([descriptor], [], [], kill_after)
    if not is_ended:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    os.close(descriptor)
    is_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    answer = {"is_killed": is_killed, "seconds": time.monotonic() - started}
    said = json.loads(told) if told and not is_killed else {"result": None, "error": None}
    if not told and not is_killed:
        said["error"] = f"the child ended with status {status} and said nothing"
    return {**answer, **said}


def _live(pipe: int, module: str, name: str, arguments: list[Any]) -> None:
    """What the child does."""
    os.dup2(2, 1)
    try:
        result = getattr(importlib.import_module(module), name)(*arguments)
        said = {"result": result, "error": None}
    except BaseException:  # noqa: BLE001 - told to the test, which fails
        said = {"result": None, "error": traceback.format_exc()}
    os.write(pipe, json.dumps(said).encode())
    os._exit(0)

"""A real `cairn serve` on a free port of this machine."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CAIRN = str(Path(sys.executable).with_name("cairn"))
_PATIENCE_SECONDS = 60


@dataclass
class Server:
    """A running server: where it is, what it said first, and its process."""

    address: str
    first_line: str
    process: subprocess.Popen[str]

    @property
    def host(self) -> str:
        """Host and port."""
        return self.address.removeprefix("http://")

    def get(self, path: str) -> http.client.HTTPResponse:
        """Asks for a path; the body has been read into `response.body`."""
        connection = http.client.HTTPConnection(self.host, timeout=_PATIENCE_SECONDS)
        connection.request("GET", path)
        response = connection.getresponse()
        response.body = response.read()  # type: ignore[attr-defined]
        connection.close()
        return response


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Server]:
    """Starts a server and waits until it answers; ends it well or by force."""
    process = subprocess.Popen(
        [CAIRN, "--data", str(folder), "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found is not None, process.communicate()
        server = Server(found[0], line.strip(), process)
        server.get("/health")  # it listens from its first line on, and answers when it is ready
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()

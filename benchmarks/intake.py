"""Events taken over HTTP, each on the disk before it is answered, against an empty route.

Both are routes of the same running server, asked in turns over the same connections by the same
client; the empty one answers without looking at what is posted.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from benchmarks.figure import Figure
from data.store.inbox import inbox_of
from data.store.workspace import Workspace

EVENTS = 10_000
TURNS = 10
CONNECTIONS = 128
_TOKEN = "bench-0123456789abcdef"  # noqa: S105 - of a server that lives for a minute
_SETTINGS = """
[[source]]
kind = "events"
name = "lineage"
format = "openlineage"
token = "env:BENCH_TOKEN"
most_a_second = 100000
"""
_SERVER = """
import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route

import app.server
from app.cli.main import cairn

async def empty(_):
    return Response(status_code=202)

app.server.app = st.App(
    app.server._MAIN,
    lifespan=app.server._warmed,
    routes=[Route("/empty", empty, methods=["POST"]), *app.server.app._user_routes],
    middleware=[Middleware(app.server.SecurityHeaders)],
)
cairn()
"""
"""`cairn serve` with one more route."""


def run() -> list[Figure]:
    """How many times faster the empty route is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "cairn.toml").write_text(_SETTINGS, encoding="utf-8")
        with _served(folder) as port:
            empty_seconds, taken_seconds = asyncio.run(_measured(port))
        kept = sum(1 for _ in inbox_of(Workspace(folder), "lineage").lines(None))
    assert kept == EVENTS + EVENTS // TURNS, f"{kept:,} events were kept"
    return [
        Figure(
            "empty route / intake of events", taken_seconds / empty_seconds, 2, "×",
            f"{EVENTS / taken_seconds:,.0f} events a second, {EVENTS / empty_seconds:,.0f} empty "
            f"answers, {len(_event(0)):,} bytes each, {CONNECTIONS} connections",
        )
    ]  # fmt: skip


async def _measured(port: int) -> tuple[float, float]:
    """Seconds of all requests to the empty route, and of all events, after a turn to warm up."""
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(CONNECTIONS)]
    some = EVENTS // TURNS
    empty_seconds = taken_seconds = 0.0
    for turn in range(TURNS + 1):
        bodies = [_event(turn * some + number) for number in range(some)]
        empty = await _posted(connections, "/empty", bodies)
        taken = await _posted(connections, "/events/lineage", bodies)
        if turn:
            empty_seconds += empty
            taken_seconds += taken
    for _, writer in connections:
        writer.close()
    return empty_seconds, taken_seconds


async def _posted(
    connections: Sequence[tuple[asyncio.StreamReader, asyncio.StreamWriter]],
    path: str,
    bodies: Sequence[bytes],
) -> float:
    """Seconds until every body was answered 202."""
    requests = iter([_request(path, body) for body in bodies])

    async def sending(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for request in requests:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 202"), head
            found = re.search(rb"content-length: (\d+)", head)
            await reader.readexactly(int(found[1]) if found else 0)

    began = perf_counter()
    await asyncio.gather(*(sending(*connection) for connection in connections))
    return perf_counter() - began


def _request(path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {_TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _event(number: int) -> bytes:
    """An event as a task of a data pipeline sends it, with a schema."""
    fields = [{"name": f"column_{n}", "type": "varchar"} for n in range(12)]
    facets = {"schema": {"_producer": "https://example.com/bench", "fields": fields}}
    return json.dumps(
        {
            "eventType": "COMPLETE",
            "eventTime": "2026-11-01T11:00:00.000000Z",
            "producer": "https://example.com/bench",
            "run": {"runId": f"00000000-0000-4000-8000-{number:012}", "facets": {}},
            "job": {"namespace": "bench", "name": f"job-{number % 100}", "facets": {}},
            "inputs": [{"namespace": "bench", "name": "raw.orders", "facets": facets}],
            "outputs": [{"namespace": "bench", "name": "mart.orders", "facets": {}}],
        }
    ).encode()


@contextmanager
def _served(folder: Path) -> Iterator[int]:
    command = [sys.executable, "-c", _SERVER, "--data", str(folder), "serve", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "BENCH_TOKEN": _TOKEN}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        found = re.search(r"http://localhost:(\d+)", process.stdout.readline())
        assert found is not None
        yield int(found[1])
    finally:
        process.terminate()
        process.wait(timeout=20)

"""How a large model registry is read: how often it is asked, and how fast the difference is told.

The server is the double that the tests use, on loopback; it answers from memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from math import ceil
from pathlib import Path
from time import perf_counter

from benchmarks.figure import Figure
from connectors.http.retry import Timing
from connectors.http.session import Http
from connectors.interface import Batch, Cursor
from connectors.mlflow.api import Server
from connectors.mlflow.reading import RegistryReading, read_registry, read_versions
from connectors.mlflow.registry import Registry
from connectors.mlflow.state import StateFiles
from data.model import Gap
from tests.connectors.loopback import LoopbackServer
from tests.doubles.mlflow.double import MLflowDouble
from tests.doubles.mlflow.world import World

MODELS = 1000
VERSIONS = 50_000
MOST_SECONDS = 2.0
MOVED = 500
"""Aliases that move between two readings."""
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_MODELS_A_PAGE, _VERSIONS_A_PAGE = 1000, 5000
PAGES = ceil(MODELS / _MODELS_A_PAGE) + ceil(VERSIONS / _VERSIONS_A_PAGE)


def run() -> list[Figure]:
    """Reads a registry, moves aliases, and reads it again."""
    with _served() as (double, world, files, server):
        read = _Reading(server)
        cursor, _, first_seconds = _pull(Registry("bench", server, files, read), None)
        requests = len(double.asked)
        for number in range(MOVED):
            world.alias(f"model-{number:04d}", "champion", "2")
        double.asked.clear()
        _, batches, seconds = _pull(Registry("bench", server, files, read), cursor)
        again = len(double.asked)
    name = f"{MODELS:,} models, {VERSIONS:,} versions"
    detail = (
        f"{PAGES} pages; {again} when read again; told for the first time in {first_seconds:.1f} s"
    )
    told = f"{MOVED} changes told in {len(batches)} pages; reading it took {read.seconds:.1f} s"
    return [
        Figure(f"{name}: requests", requests, PAGES, "", detail),
        Figure(f"{name}: difference", seconds - read.seconds, MOST_SECONDS, "s", told),
    ]


class _Reading:
    """Reads the registry, and says how long the last reading took."""

    def __init__(self, server: Server) -> None:
        self.seconds = 0.0
        self._server = server

    def __call__(self) -> RegistryReading:
        began = perf_counter()
        versions = partial(read_versions, self._server, lambda _: None)
        reading = read_registry(self._server, partial(datetime.now, UTC), versions)
        self.seconds = perf_counter() - began
        return reading


def _pull(registry: Registry, cursor: Cursor | None) -> tuple[Cursor, list[Batch], float]:
    began = perf_counter()
    items: list[Batch | Gap] = list(registry.pull(cursor))
    batches = [item for item in items if isinstance(item, Batch)]
    return batches[-1].cursor, batches, perf_counter() - began


@contextmanager
def _served() -> Iterator[tuple[MLflowDouble, World, StateFiles, Server]]:
    world = _world()
    double = MLflowDouble(world)
    with tempfile.TemporaryDirectory() as folder, LoopbackServer(double) as served:
        http = Http(served.url, Timing(partial(datetime.now, UTC)))
        yield double, world, StateFiles(Path(folder)), Server(http)


def _world() -> World:
    world = World(_NOW)
    for number in range(MODELS):
        world.model(f"model-{number:04d}", owner="team")
    for version in range(1, VERSIONS // MODELS + 1):
        for number in range(MODELS):
            name = f"model-{number:04d}"
            world.add_version(name, str(version), run=f"{version:08x}{number:024x}")
            world.tag(name, str(version), "approved", "yes")
    for number in range(MODELS):
        world.alias(f"model-{number:04d}", "champion", "1")
    return world

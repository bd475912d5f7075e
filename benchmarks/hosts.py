"""How often a Git host is asked, and how long a sync of a large repository takes.

The hosts are the doubles that the tests use, on loopback; they answer from memory. A request is
counted as the host counts it: on GitHub an unchanged page costs nothing, on GitLab it does.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

from benchmarks.figure import Figure
from connectors.update import Update, update
from data.store.workspace import Workspace
from tests.connectors.loopback import FakeTime, LoopbackServer
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.generate import generate as github_world
from tests.doubles.gitlab.double import GitLabDouble
from tests.doubles.gitlab.generate import large_history
from tests.doubles.gitlab.world import World as GitLabWorld
from tests.doubles.host import HostDouble

MOST_REQUESTS = 1000
"""For 2,000 changes with reviews and commits, 10,000 runs, 1,000 deployments with statuses."""
MOST_IDLE = 10
"""One in a hundred of that."""
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_CREDENTIAL = "bench-0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Host:
    """A host to read, and how `cairn.toml` names it."""

    kind: str
    make: Callable[[], HostDouble]
    path: str


def _gitlab_world() -> GitLabWorld:
    world = GitLabWorld()
    large_history(world)
    return world


HOSTS = (
    Host("github", lambda: GitHubDouble(github_world(), FakeTime(_NOW)), "/api/v3"),
    Host("gitlab", lambda: GitLabDouble(_gitlab_world(), FakeTime(_NOW)), "/api/v4"),
)


def run() -> list[Figure]:
    """Measures both hosts."""
    return [figure for host in HOSTS for figure in _measured(host)]


def _measured(host: Host) -> Iterator[Figure]:
    with _served(host) as (double, workspace):
        first, first_seconds = _sync(workspace)
        full = _asked(double)
        _sync(workspace)
        double.forget()
        _, idle_seconds = _sync(workspace)
        idle = _asked(double)
    rows = sum(source.touched.inserted for source in first.sources)
    detail = (
        f"{full.sent:,} sent, {full.counted:,} counted; "
        f"{rows:,} rows read and published in {first_seconds:.1f} s"
    )
    yield Figure(f"{host.kind}: requests of a first sync", full.counted, MOST_REQUESTS, "", detail)
    detail = f"{idle.sent:,} sent, {idle.counted:,} counted, {idle_seconds:.1f} s"
    yield Figure(f"{host.kind}: requests, nothing new", idle.counted, MOST_IDLE, "", detail)


@dataclass(frozen=True, slots=True)
class _Asked:
    sent: int
    counted: int


def _asked(double: HostDouble) -> _Asked:
    return _Asked(len(double.asked), len(double.counted))


def _sync(workspace: Workspace) -> tuple[Update, float]:
    began = perf_counter()
    done = update(workspace, lambda *_: None)
    errors = [error for source in done.sources for error in source.errors]
    if errors:
        raise errors[0]
    return done, perf_counter() - began


@contextmanager
def _served(host: Host) -> Iterator[tuple[HostDouble, Workspace]]:
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        double = host.make()
        double.add_token(_CREDENTIAL, "dev-1")
        server = running.enter_context(LoopbackServer(double))
        running.enter_context(patch.dict(os.environ, {"BENCH_TOKEN": _CREDENTIAL}))
        (folder / "cairn.toml").write_text(
            f'[[source]]\nname = "acme"\nkind = "{host.kind}"\n'
            f'url = "{server.url}{host.path}"\ntoken = "env:BENCH_TOKEN"\n'
        )
        yield double, Workspace(folder)

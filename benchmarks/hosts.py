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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

from benchmarks.figure import Figure
from connectors.update import Update, update
from data.store.workspace import Workspace
from tests.connectors.loopback import FakeTime, LoopbackServer
from tests.doubles.github import story
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.generate import generate as github_world
from tests.doubles.github.world import World as GitHubWorld
from tests.doubles.gitlab.double import GitLabDouble
from tests.doubles.gitlab.generate import large_history
from tests.doubles.gitlab.world import World as GitLabWorld
from tests.doubles.host import HostDouble

MOST_REQUESTS = 1000
"""For 2,000 changes with reviews and commits, 10,000 runs, 1,000 deployments with statuses."""
REPOSITORIES = 40
"""Of an organisation, each with ten changes, deployments and runs."""
MOST_A_REPOSITORY = 25
"""Every kind of stream has to be asked for once."""
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_CREDENTIAL = "bench-0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Host:
    """A host to read, and what a sync of it may cost."""

    kind: str
    make: Callable[[], HostDouble]
    name: str
    most_requests: int = MOST_REQUESTS

    @property
    def most_idle(self) -> int:
        """One in a hundred."""
        return self.most_requests // 100


def _gitlab_world() -> GitLabWorld:
    world = GitLabWorld()
    large_history(world)
    return world


def _organisation() -> GitHubWorld:
    """Many small repositories."""
    world = GitHubWorld()
    world.organisation("acme")
    dev, reviewer = world.account("dev-1"), world.account("reviewer-2")
    for number in range(REPOSITORIES):
        web = world.add_repository(f"acme/r{number:02d}", _NOW - timedelta(days=60))
        story.push(world, web, dev, _NOW - timedelta(days=50), "Begin")
        for change in range(10):
            at = _NOW - timedelta(days=40 - 3 * change, hours=number % 20)
            pull = story.open_pull(world, web, dev, at, committed_at=at - timedelta(hours=5))
            story.approve(world, pull, reviewer, at + timedelta(hours=1))
            story.squash_merge(world, pull, dev, at + timedelta(hours=2))
            deployment = story.deploy(world, web, dev, at + timedelta(hours=3))
            story.report(world, deployment, "success", at + timedelta(hours=4))
            run = story.run(world, web, dev, at + timedelta(hours=2), "ci")
            story.finish(run, at + timedelta(hours=2, minutes=9))
    return world


HOSTS = (
    Host("github", lambda: GitHubDouble(github_world(), FakeTime(_NOW)), "github"),
    Host("gitlab", lambda: GitLabDouble(_gitlab_world(), FakeTime(_NOW)), "gitlab"),
    Host(
        "github",
        lambda: GitHubDouble(_organisation(), FakeTime(_NOW)),
        f"{REPOSITORIES} repositories",
        REPOSITORIES * MOST_A_REPOSITORY,
    ),
)


def run() -> list[Figure]:
    """Measures both hosts, and an organisation."""
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
    yield Figure(
        f"{host.name}: requests of a first sync", full.counted, host.most_requests, "", detail
    )
    detail = f"{idle.sent:,} sent, {idle.counted:,} counted, {idle_seconds:.1f} s"
    yield Figure(f"{host.name}: requests, nothing new", idle.counted, host.most_idle, "", detail)


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
            f'[[source]]\nkind = "{host.kind}"\nurl = "{server.url}/acme"\n'
            'token = "env:BENCH_TOKEN"\n'
        )
        yield double, Workspace(folder)

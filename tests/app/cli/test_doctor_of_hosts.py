"""What `cairn doctor` says of a Git host, over a double of GitHub on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.cli.closing import closing as closing_windows
from connectors.update import context_of
from data.configuration import load
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.app.cli.running import answer, run
from tests.connectors.loopback import FakeTime, LoopbackServer
from tests.doubles.github import story
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.world import World

TOKEN = "tok-0123456789abcdef"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
RULES = """
incidents = [{ labels = ["incident"] }]
[[source.deployments]]
from = "runs"
pipeline = "deploy*"
environment = "production"
"""


class Hosted:
    """A workspace whose one source is a double."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.folder = folder
        self.world = world = World()
        world.organisation("acme")
        self.web = web = world.add_repository("acme/web", NOW - timedelta(days=9))
        self.dev = dev = world.account("dev-1")
        story.push(world, web, dev, NOW - timedelta(days=8), "Begin")
        for number, workflow in enumerate(("deploy to shop", "tests")):
            made = story.run(world, web, dev, NOW - timedelta(days=7, hours=number), workflow)
            story.finish(made, NOW - timedelta(days=6, hours=number))
        story.open_issue(world, web, dev, NOW - timedelta(days=5), "It is down", ["incident"])
        story.open_issue(world, web, dev, NOW - timedelta(days=4), "A question")
        self.double = GitHubDouble(world, FakeTime(NOW))
        self.token = self.double.add_token(TOKEN, "dev-1")
        server = running.enter_context(LoopbackServer(self.double))
        (folder / "cairn.toml").write_text(
            f'[[source]]\nname = "acme"\nkind = "github"\ntoken = "env:HOST_TOKEN"\n'
            f'url = "{server.url}/api/v3"{RULES}'
        )

    def run_often(self, workflow: str, times: int) -> None:
        """Lets a workflow run once a minute."""
        for minutes in range(times):
            at = NOW - timedelta(days=3, minutes=minutes)
            story.finish(story.run(self.world, self.web, self.dev, at, workflow), at)

    @property
    def asked_for_jobs(self) -> int:
        """How many lists of jobs the host was asked for."""
        return sum(asked.path.endswith("/jobs") for asked in self.double.asked)

    def findings(self) -> dict[str, tuple[str, str]]:
        """Severity and text by stream."""
        found = answer(self.folder, "doctor")["rows"]
        return {
            f["where"].removeprefix("acme/web "): (f["severity"], f"{f['what']}; {f['fix']}")
            for f in found
            if f["where"].startswith("acme/web ")
        }


@pytest.fixture
def hosted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosted]:
    monkeypatch.setenv("HOST_TOKEN", TOKEN)
    with ExitStack() as running:
        made = Hosted(tmp_path, running)
        assert run(tmp_path, "sync").exit_code == 0
        yield made


def test_every_stream_is_listed_with_the_right_it_needs(hosted: Hosted) -> None:
    findings = hosted.findings()
    assert findings["changes"][0] == "ok"
    assert "Pull requests: read" in findings["changes"][1]
    assert {"history", "runs", "incidents", "protection", "reuse", "bypasses"} <= set(findings)
    assert "deployments" not in findings, "the rules say that runs deploy"


def test_a_missing_right_is_named_with_the_controls_that_go_blind(hosted: Hosted) -> None:
    hosted.double.refuse(
        r"/pulls| Changes ", 403, "Resource not accessible", X_Accepted_GitHub_Permissions="x=read"
    )
    severity, text = hosted.findings()["changes"]
    assert severity == "warning"
    assert "give the token x=read" in text
    assert "CM-02" in text
    assert hosted.findings()["history"][0] == "ok"


def test_nothing_is_stored_by_looking(hosted: Hosted) -> None:
    before = sorted(p.name for p in hosted.folder.rglob("*") if p.is_file())
    hosted.findings()
    run(hosted.folder, "doctor", "--preview")
    assert sorted(p.name for p in hosted.folder.rglob("*") if p.is_file()) == before


def test_a_preview_shows_what_the_rules_take_and_what_they_leave(hosted: Hosted) -> None:
    shown = {
        row["what"]: row["taken_as"] for row in answer(hosted.folder, "doctor", "--preview")["rows"]
    }
    taken = {what: as_what for what, as_what in shown.items() if as_what}
    assert sorted(taken.values()) == [
        "deployment of acme/web to production, success",
        "incident of acme/web, open",
    ]
    left = {what for what, as_what in shown.items() if as_what is None}
    assert left == {"run tests, attempt 1", "issue A question"}


def test_jobs_are_asked_for_only_of_runs_that_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST_TOKEN", TOKEN)
    with ExitStack() as running:
        hosted = Hosted(tmp_path, running)
        hosted.run_often("deploy to shop", times=40)
        settings = (tmp_path / "cairn.toml").read_text().replace('from = "runs"', 'from = "jobs"')
        (tmp_path / "cairn.toml").write_text(settings)
        run(tmp_path, "doctor")
        assert hosted.asked_for_jobs == 1
        run(tmp_path, "doctor", "--preview")
        assert hosted.asked_for_jobs == 1 + 20


@pytest.mark.parametrize(("days", "is_warned"), [(1, False), (27, True), (40, True)])
def test_it_warns_before_the_source_forgets(hosted: Hosted, days: int, *, is_warned: bool) -> None:
    workspace = Workspace(hosted.folder)
    configuration = load(workspace.configuration)
    context = context_of(workspace, configuration, lambda *_: None)
    later = replace(context, clock=lambda: context.clock() + timedelta(days=days))
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
        found = list(closing_windows(workspace, configuration, later, opened))
    assert bool(found) is is_warned
    assert all("bypasses" in finding.where for finding in found)

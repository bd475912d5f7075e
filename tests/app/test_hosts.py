"""From an empty folder to the Delivery page: a host's history against figures counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.app.cli.running import answer, run
from tests.app.conftest import OpenPage
from tests.connectors.loopback import FakeTime, LoopbackServer
from tests.doubles.github import story
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.world import Account, Repository, World
from tests.doubles.gitlab import story as gitlab
from tests.doubles.gitlab.double import GitLabDouble
from tests.doubles.gitlab.world import World as GitLabWorld
from tests.doubles.host import HostDouble

TOKEN = "tok-0123456789abcdef"
HOUR = 3600


def at(text: str) -> datetime:
    """A time in September 2026, from `07 09:00`."""
    return datetime.fromisoformat(f"2026-09-{text}").replace(tzinfo=UTC)


class GitHubStory:
    """What happened at GitHub."""

    kind = "github"
    rule = 'incidents = [{ labels = ["incident"] }]'
    """GitHub knows no incidents: which issues are some must be told."""

    def __init__(self) -> None:
        self.world = World()
        self.world.organisation("acme")
        self.web: Repository = self.world.add_repository("acme/web", at("01 06:00"))
        self.dev: Account = self.world.account("dev-1")
        self.bot: Account = self.world.bot("release-bot")
        story.push(self.world, self.web, self.dev, at("01 07:00"), "Begin")

    @property
    def double(self) -> HostDouble:
        return GitHubDouble(self.world, FakeTime(datetime(2026, 11, 1, tzinfo=UTC)))

    def land(self, how: str, *commits: str, opened: str, merged: str) -> None:
        """A change with commits of these times, merged by squash, rebase or merge."""
        pull = story.open_pull(
            self.world, self.web, self.dev, at(opened), committed_at=at(commits[0])
        )
        for time in commits[1:]:
            story.push_to(self.world, pull, self.dev, at(time))
        story.approve(self.world, pull, self.world.account("reviewer-2"), at(merged))
        merge = {
            "squash": story.squash_merge,
            "rebase": story.rebase_merge,
            "merge": story.merge,
        }[how]
        merge(self.world, pull, self.dev, at(merged))

    def push(self, time: str) -> None:
        """A commit straight to the mainline."""
        story.push(self.world, self.web, self.dev, at(time), "Straight in")

    def deploy(self, time: str, state: str = "success") -> None:
        """A deployment to production that ends at a time."""
        deployment = story.deploy(self.world, self.web, self.bot, at(time[:3] + "00:00"))
        story.report(self.world, deployment, state, at(time))

    def break_down(self, opened: str, closed: str) -> None:
        """An incident."""
        issue = story.open_issue(
            self.world, self.web, self.dev, at(opened), "It is down", ["incident"]
        )
        story.close(self.world, issue, self.dev, at(closed))


class GitLabStory:
    """The same at GitLab."""

    kind = "gitlab"
    rule = ""

    def __init__(self) -> None:
        self.world = GitLabWorld()
        self.web = self.world.project("acme/web")
        self.dev = self.world.user("dev-1")
        gitlab.push(self.world, self.web, self.dev, at("01 07:00"), "Begin")

    @property
    def double(self) -> HostDouble:
        return GitLabDouble(self.world, FakeTime(datetime(2026, 11, 1, tzinfo=UTC)))

    def land(self, how: str, *commits: str, opened: str, merged: str) -> None:
        """A change with commits of these times, merged by squash, fast-forward or merge."""
        change = gitlab.open_merge_request(
            self.world, self.web, self.dev, at(opened), committed_at=at(commits[0])
        )
        for time in commits[1:]:
            gitlab.push_to(self.world, change, self.dev, at(time))
        gitlab.approve(self.world, change, self.world.user("reviewer-2"), at(merged))
        self.web.merge_method = {"squash": "merge", "rebase": "ff", "merge": "merge"}[how]
        gitlab.merge(self.world, change, self.dev, at(merged), is_squashed=how == "squash")

    def push(self, time: str) -> None:
        """A commit straight to the mainline."""
        gitlab.push(self.world, self.web, self.dev, at(time), "Straight in")

    def deploy(self, time: str, state: str = "success") -> None:
        """A deployment to production that ends at a time."""
        status = {"success": "success", "failure": "failed"}[state]
        began_at = at(time) - timedelta(minutes=2)
        gitlab.deploy(
            self.world, self.web, "production", began_at, self.dev, status=status, seconds=120
        )

    def break_down(self, opened: str, closed: str) -> None:
        """An incident."""
        issue = gitlab.open_issue(
            self.world, self.web, self.dev, at(opened), "It is down", kind="incident"
        )
        gitlab.close(self.world, issue, self.dev, at(closed))


Story = GitHubStory | GitLabStory
STORIES: list[Callable[[], Story]] = [GitHubStory, GitLabStory]


def tell(said: Story) -> None:
    """Five deployments, four changes after the first of them, one failure."""
    said.land("squash", "01 08:00", opened="01 09:00", merged="01 10:00")
    said.deploy("01 12:00")  # the first: what is in it is the baseline
    said.land("squash", "05 09:00", "06 09:00", opened="06 10:00", merged="07 09:00")
    said.deploy("07 11:00")  # 50 hours after its first commit
    said.land("rebase", "09 10:00", "09 15:00", opened="09 16:00", merged="10 10:00")
    said.deploy("10 16:00")  # 30 hours
    said.land("merge", "14 08:00", opened="14 08:30", merged="14 09:00")
    said.deploy("14 12:00")  # 4 hours
    said.break_down("14 13:00", "14 15:00")  # mended 3 hours after that deployment
    said.deploy("20 12:00", "failure")  # reached nobody
    said.push("21 11:00")
    said.deploy("21 12:00")  # 1 hour


@pytest.fixture(params=STORIES, ids=lambda told: told.kind)
def read(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder made by `cairn init`, three lines and `cairn sync`."""
    said = request.param()
    tell(said)
    double = said.double
    double.add_token(TOKEN, "dev-1")
    monkeypatch.setenv("HOST_TOKEN", TOKEN)
    with ExitStack() as running:
        server = running.enter_context(LoopbackServer(double))
        assert run(tmp_path, "init").exit_code == 0
        with (tmp_path / "cairn.toml").open("a") as configuration:
            configuration.write(
                f"""
[[source]]
kind = "{said.kind}"
url = "{server.url}/acme"
token = "env:HOST_TOKEN"
{said.rule}
"""
            )
        synced = run(tmp_path, "sync")
        assert synced.exit_code == 0, synced.stderr
    return tmp_path


def figure(folder: Path, metric: str) -> tuple[float | None, int]:
    """Value and n of September, for production."""
    (row,) = answer(folder, "metric", metric, "--period", "2026-09")["rows"]
    return row["value"], row["n"]


def test_the_figures_are_those_counted_by_hand(read: Path) -> None:
    assert figure(read, "deployment_frequency") == (pytest.approx(5 / 30), 5)
    assert figure(read, "lead_time") == ((4 + 30) / 2 * HOUR, 4)
    assert figure(read, "change_fail_rate") == (pytest.approx(1 / 5), 5)
    assert figure(read, "recovery_time") == (3 * HOUR, 1)


def test_the_delivery_page_shows_them(read: Path, open_page: OpenPage) -> None:
    page = open_page(read, window="custom", **{"from": "2026-09-01", "to": "2026-10-01"})
    shown = {tile.label: tile.value for tile in page.metric}
    assert shown["Change lead time"] == "17 h"
    assert shown["Change fail rate"] == "20.0 %"
    assert shown["Recovery time"] == "3 h"


def test_each_row_leads_to_its_source(read: Path) -> None:
    rows = answer(read, "rows", "lead_time", "--period", "2026-09")["rows"]
    assert len(rows) == 4
    assert all(row["url"].startswith("http") for row in rows)

"""A GitLab source over its double, in the real house."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from connectors.gitlab.code.changes import Changes
from connectors.gitlab.code.history import History
from connectors.gitlab.connector import READERS, GitLab
from connectors.gitlab.delivery.deployments import Deployments
from connectors.gitlab.delivery.incidents import Incidents
from connectors.gitlab.pipelines.pipelines import Pipelines
from connectors.gitlab.settings import Settings
from connectors.interface import Context
from connectors.sync import SourceResult
from data.model import Change, Record
from tests.connectors.conformance import HOTFIX_PATTERN
from tests.connectors.house import House, Kill
from tests.connectors.loopback import FakeTime, LoopbackServer
from tests.doubles.gitlab.double import GitLabDouble
from tests.doubles.gitlab.world import MergeRequest, Project, World
from tests.doubles.host import Questions

R = TypeVar("R", bound=Record)
SITE = "https://git.example.com"
TOKEN = "glpat-0123456789abcdefABCD"


class OneProject:
    """The group `acme` with the project `acme/shop/web`, read into a house."""

    def __init__(self, folder: Path, world: World | None = None) -> None:
        self.time = FakeTime()
        self.world = world or World()
        self.project: Project = self.world.project("acme/shop/web")
        self.dev, self.reviewer = self.world.user("dev-1"), self.world.user("reviewer-2")
        self.bot = self.world.user("release-bot", is_bot=True)
        self.double = GitLabDouble(self.world, self.time)
        self.double.add_token(TOKEN, "dev-1")
        (folder / "token.txt").write_text(TOKEN)
        self.settings: dict[str, Any] = {}
        self.clock_skew = timedelta()
        """How far the clock of this machine is ahead."""
        self.progress: list[str] = []
        self._at = self.time.at - timedelta(days=30)
        self._folder = folder
        self._running = ExitStack()
        place = "connectors.gitlab.connector"
        self._running.enter_context(patch(f"{place}.READERS", READERS[:10]))
        self._running.enter_context(patch(f"{place}.GROUP_READERS", ()))
        self._houses = 0
        self.server = self._running.enter_context(LoopbackServer(self.double))
        self.house = self.new_house()

    def close(self) -> None:
        self._running.close()

    def at(self, minutes: int = 30) -> datetime:
        """Lets time pass in the story and tells what it is."""
        self._at += timedelta(minutes=minutes)
        return self._at

    def new_house(self) -> House:
        """Opens an empty house, which is closed in the end."""
        self._houses += 1
        folder = self._folder / f"house-{self._houses}"
        return self._running.enter_context(closing(House(folder)))

    @property
    def context(self) -> Context:
        return Context(
            folder=self._folder,
            mirrors=self._folder / "mirrors",
            hotfix_pattern=HOTFIX_PATTERN,
            clock=lambda: self.time.now() + self.clock_skew,
            progress=lambda what, done, total: self.progress.append(what),
            sleep=self.time.sleep,
        )

    def connector(self) -> GitLab:
        """Makes the connector anew, as another process would."""
        told = {"group": "acme", "url": self.server.url, "web_url": SITE, **self.settings}
        return GitLab("code", Settings(**{"token": "file:token.txt", **told}), self.context)

    def sync(self, kill: Kill | None = None, house: House | None = None) -> SourceResult:
        """Reads what is new into the house; nothing of it may fail."""
        result = self.try_sync(kill, house)
        assert [str(error) for error in result.errors] == []
        return result

    def try_sync(self, kill: Kill | None = None, house: House | None = None) -> SourceResult:
        """Reads what is new into the house."""
        self.double.forget()
        return (house or self.house).sync(self.connector(), self.context, kill)

    def rows_of(self, kind: type[R]) -> list[R]:
        """All rows of a kind, by their ids."""
        found = (row for row in self.house.records().values() if isinstance(row, kind))
        return sorted(found, key=lambda row: row.id)

    def change(self, request: MergeRequest) -> Change:
        """The row of a merge request."""
        key = f"gitlab:{request.project.full_path}#merge_request/{request.iid}"
        return next(row for row in self.rows_of(Change) if row.id == key)

    def small_pages(self, size: int) -> None:
        """Makes all readers ask for small pages from now on."""
        for reader in (Changes, Deployments, History, Pipelines, Incidents):
            self._running.enter_context(patch.object(reader, "page_size", size))

    def asked(self, match: str) -> Questions:
        """Questions of the last sync."""
        return self.double.asked.like(match)

    def reads_anew_alike(self) -> bool:
        """Whether another house that never saw an earlier state ends with the same rows."""
        fresh = self.new_house()
        self.sync(house=fresh)
        return fresh.records() == self.house.records()

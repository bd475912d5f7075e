"""The organisation `acme` over the double, read for its core streams into the real house."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from connectors.api.reader import OrganisationReader
from connectors.github.asking import Asking
from connectors.github.code.changes import Changes
from connectors.github.code.history import History
from connectors.github.code.repository import About
from connectors.github.connector import GitHub
from connectors.github.delivery.deployments import Deployments
from connectors.github.settings import Settings
from connectors.hosting.reader import Reader
from connectors.interface import Context
from connectors.sync import SourceResult
from data.model import Gap, Record
from tests.connectors.conformance import HOTFIX_PATTERN
from tests.connectors.house import House, Kill
from tests.connectors.loopback import FakeTime, LoopbackServer
from tests.doubles.github import story
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.world import Account, Pull, Repository, World

R = TypeVar("R", bound=Record)
TOKEN = "ghp_0123456789abcdefABCDEF"
CORE: Sequence[Callable[[Asking], Reader]] = (About, Deployments, Changes, History)


class Organisation:
    """One organisation, its double, and a house that reads it."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.time = FakeTime()
        self.at = self.time.at - timedelta(days=30)
        self.world = World()
        self.world.organisation("acme")
        self.double = GitHubDouble(self.world, self.time)
        self.double.add_token(TOKEN, "dev-1")
        self.folder = folder
        (folder / "token.txt").write_text(TOKEN)
        self.settings: dict[str, Any] = {"organisation": "acme", "token": "file:token.txt"}
        self.settings |= settings
        self.progress: list[str] = []
        self.running = ExitStack()
        self.server = self.running.enter_context(LoopbackServer(self.double))
        self.house = self.new_house()
        self.dev, self.reviewer = self.world.account("dev-1"), self.world.account("reviewer-2")
        self.bot = self.world.bot("release-bot")

    # --- the story -------------------------------------------------------------------------

    def next(self, minutes: int = 10) -> datetime:
        """Some minutes later."""
        self.at += timedelta(minutes=minutes)
        return self.at

    def add_repository(self, name: str = "acme/web") -> Repository:
        """A repository with one commit."""
        made = self.world.add_repository(name, self.next())
        story.push(self.world, made, self.dev, self.next(), "Begin")
        return made

    def open(self, repository: Repository, title: str = "Change it", **told: Any) -> Pull:
        """A pull request of one commit."""
        told.setdefault("author", self.dev)
        author: Account | None = told.pop("author")
        return story.open_pull(self.world, repository, author, self.next(), title, **told)

    def land(self, repository: Repository, title: str = "Change it", **told: Any) -> Pull:
        """An approved pull request that is squashed."""
        pull = self.open(repository, title, **told)
        story.approve(self.world, pull, self.reviewer, self.next())
        story.squash_merge(self.world, pull, self.reviewer, self.next())
        return pull

    def deploy(self, repository: Repository, *states: str, **told: Any) -> Any:
        """A deployment, and what was reported of it."""
        made = story.deploy(self.world, repository, self.bot, self.next(), **told)
        for state in states:
            story.report(self.world, made, state, self.next())
        return made

    def have_repositories(self, *names: str) -> list[Repository]:
        """Repositories in each of which each core stream has something to tell."""
        made = [self.add_repository(name) for name in names]
        for repository in made:
            for number in range(3):
                self.land(repository, f"Change {number}")
            self.deploy(repository, "success")
        return made

    # --- reading -----------------------------------------------------------------------------

    def new_house(self) -> House:
        """An empty house, which is closed in the end."""
        folder = self.folder / f"house-{len(list(self.folder.glob('house-*')))}"
        return self.running.enter_context(closing(House(folder)))

    def context(self, clock_skew: timedelta = timedelta()) -> Context:
        """What the connector is given."""
        return Context(
            folder=self.folder,
            mirrors=self.folder / "mirrors",
            hotfix_pattern=HOTFIX_PATTERN,
            clock=lambda: self.time.now() + clock_skew,
            progress=lambda what, done, total: self.progress.append(what),
            sleep=self.time.sleep,
        )

    def connector(self, clock_skew: timedelta = timedelta()) -> GitHub:
        """The connector, as a new process would make it."""
        told = {"url": f"{self.server.url}/api/v3", **self.settings}
        return _Core("code", Settings(**told), self.context(clock_skew))

    def sync(
        self,
        house: House | None = None,
        kill: Kill | None = None,
        clock_skew: timedelta = timedelta(),
    ) -> SourceResult:
        """Reads what is new."""
        self.double.forget()
        made = self.connector(clock_skew)
        return (house or self.house).sync(made, self.context(clock_skew), kill)

    def synced(self) -> House:
        """A new house after one reading."""
        house = self.new_house()
        assert self.sync(house).errors == []
        return house

    def rows(self, kind: type[R], house: House | None = None) -> list[R]:
        """Rows of one kind, by id."""
        found = [r for r in (house or self.house).records().values() if isinstance(r, kind)]
        return sorted(found, key=lambda row: row.id)

    def only(self, kind: type[R]) -> R:
        """The one row of a kind."""
        (row,) = self.rows(kind)
        return row

    def gaps(self) -> list[Gap]:
        """All that is missing."""
        return sorted(self.house.gaps(), key=lambda gap: gap.id)

    def close(self) -> None:
        """Ends the server and closes the houses."""
        self.running.close()


class _Core(GitHub):
    """Reads the core streams and no other."""

    def make_readers(self) -> Sequence[Reader]:
        return [make(self._asking) for make in CORE]

    def make_organisation_readers(self) -> Sequence[OrganisationReader]:
        return ()

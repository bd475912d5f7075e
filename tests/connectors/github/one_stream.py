"""One kind of stream of a GitHub source, over the double, in the real house."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from connectors.api.reader import OrganisationReader
from connectors.github.asking import Asking
from connectors.github.connector import GitHub
from connectors.github.settings import Settings
from connectors.hosting.deployment_rule import DeploymentRules
from connectors.hosting.reader import Reader
from connectors.hosting.shared import SharedApi
from connectors.hosting.tally import Tally
from connectors.interface import Context
from connectors.sync import SourceResult
from data.model import Record
from tests.connectors.conformance import HOTFIX_PATTERN
from tests.connectors.house import House, Kill
from tests.connectors.loopback import FakeTime, LoopbackServer
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.world import Repository, World
from tests.doubles.host import Questions

R = TypeVar("R", bound=Record)
TOKEN = "ghp_0123456789abcdefABCDEF"


class OneStream:
    """The repository `acme/web`, of which one kind of stream is read."""

    def __init__(self, folder: Path, reader: Callable[..., Any], **settings: Any) -> None:
        self.time = FakeTime()
        self.world = World()
        self.world.organisation("acme")
        self.repository: Repository = self.world.add_repository("acme/web")
        self.dev = self.world.account("dev-1")
        self.double = GitHubDouble(self.world, self.time)
        self.double.add_token(TOKEN, "dev-1")
        (folder / "token.txt").write_text(TOKEN)
        self.settings = settings
        self._folder = folder
        self._reader = reader
        self._running = ExitStack()
        self._houses = 0
        self.server = self._running.enter_context(LoopbackServer(self.double))
        self.house = self.new_house()

    def close(self) -> None:
        self._running.close()

    @property
    def stream(self) -> str:
        return f"{self._reader.kind}:{self.repository.id}"

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
            clock=self.time.now,
            progress=lambda what, done, total: None,
            sleep=self.time.sleep,
        )

    def connector(self) -> GitHub:
        """Makes the connector anew, as another process would."""
        told = {"organisation": "acme", "url": f"{self.server.url}/api/v3", **self.settings}
        made = _Reduced("code", Settings(token="file:token.txt", **told), self.context)
        made.make_reader = self._reader
        return made

    def sync(
        self,
        kill: Kill | None = None,
        house: House | None = None,
        between: Callable[[int], None] = lambda _: None,
    ) -> SourceResult:
        """Reads what is new into the house."""
        self.double.forget()
        return (house or self.house).sync(self.connector(), self.context, kill, between)

    def rows(self, kind: type[R], house: House | None = None) -> list[R]:
        """Rows of one kind that the stream told, by id."""
        told = (house or self.house).of_stream(self.stream).values()
        found = [row for row in told if isinstance(row, kind)]
        return sorted(found, key=lambda row: row.id)

    def asked(self, path: str) -> Questions:
        """Questions of the last sync that count against the limit."""
        return self.double.counted.like(path)

    def reads_anew_alike(self) -> bool:
        """Whether another house that never saw an earlier state ends with the same rows."""
        fresh = self.new_house()
        self.sync(house=fresh)
        return fresh.of_stream(self.stream) == self.house.of_stream(self.stream)


class _Reduced(GitHub):
    """Reads but one kind of stream of each repository."""

    make_reader: Callable[..., Reader]

    def make_readers(self) -> Sequence[Reader]:
        return [self.make_reader(self._asking)]

    def make_organisation_readers(self) -> Sequence[OrganisationReader]:
        return []


@contextmanager
def small_pages(reader: object, size: int) -> Iterator[None]:
    """Makes a reader ask for small pages."""
    with patch.object(reader, "page_size", size):
        yield


A_DAY = timedelta(days=1)


def asking_with(**settings: Any) -> Asking:
    """What a mapping needs, without anybody to ask."""
    made = Settings(organisation="acme", url="https://git.example.com/api/v3", **settings)
    nowhere = Path("/nonexistent")

    def tell(_what: str, _done: int, _total: int | None) -> None:
        return None

    context = Context(nowhere, nowhere, HOTFIX_PATTERN, FakeTime().now, tell)
    api = SharedApi(made.url, list)
    tally = Tally("code", context.clock, context.progress, lambda: None)
    return Asking("code", made, context, api, DeploymentRules(made.deployments), tally)

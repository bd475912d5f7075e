"""What every GitHub source reads, against the conformance suite, on a double on loopback."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

from connectors.api.reader import OrganisationReader
from connectors.github.asking import Asking
from connectors.github.code.changes import Changes
from connectors.github.code.history import History
from connectors.github.code.repository import About
from connectors.github.connector import GitHub
from connectors.github.delivery.deployments import Deployments
from connectors.github.settings import Settings
from connectors.hosting.reader import Reader
from tests.connectors.conformance import Binding, Conformance
from tests.connectors.house import RowKey
from tests.connectors.loopback import Answer, Asked, LoopbackServer, Reset
from tests.doubles.github import story
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.world import Pull, World
from tests.doubles.host import Json, told

PULLS = 10
PAGE_SIZE = 4
SITE = "https://git.example.com"
QUESTIONS = {
    "repository": r"GET /api/v3/repos/acme/web$",
    "deployments": r"/deployments| Deployments ",
    "changes": r"/pulls| Changes ",
    "history": r" History ",
}
"""What is asked for each kind of stream."""


class GitHubBinding(Binding):
    """An organisation of one repository, read in small pages."""

    readers: ClassVar[Sequence[Callable[[Asking], Reader]]] = (
        About,
        Deployments,
        Changes,
        History,
    )
    organisation_readers: ClassVar[Sequence[Callable[[Asking], OrganisationReader]]] = ()
    connector_class: ClassVar[type[GitHub]] = GitHub
    secret = "ghp_0123456789abcdefABCDEF"

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        (folder / "token.txt").write_text(self.secret)
        place = "connectors.github.connector"
        running.enter_context(patch(f"{place}.READERS", self.readers))
        running.enter_context(patch(f"{place}.ORGANISATION_READERS", self.organisation_readers))
        for reader in (Changes, Deployments, History):
            running.enter_context(patch.object(reader, "page_size", PAGE_SIZE))
        self.world = World()
        self._tell_the_story()
        self.double = GitHubDouble(self.world, self.time)
        self.double.site = SITE
        self.double.add_token(self.secret, "dev-1")
        self.serving = running.enter_context(ExitStack())
        self.come_back()

    def _tell_the_story(self) -> None:
        world = self.world
        world.organisation("acme")
        self.repository = world.add_repository("acme/web")
        self.dev, self.reviewer = world.account("dev-1"), world.account("reviewer-2")
        self.bot = world.bot("release-bot")
        self.at = self.time.at - timedelta(days=10)
        story.push(world, self.repository, self.dev, self.at, "Begin")
        self.pulls = [self._land(number) for number in range(PULLS)]
        head = self.pulls[-3].head_sha
        self.check = story.check(world, self.repository, head, "slow", None, self._next())
        self.deployments = [self._deploy() for _ in range(PULLS)]

    def _next(self) -> datetime:
        self.at += timedelta(minutes=30)
        return self.at

    def _land(self, number: int) -> Pull:
        world = self.world
        pull = story.open_pull(world, self.repository, self.dev, self._next(), f"Change {number}")
        story.approve(world, pull, self.reviewer, self._next())
        merge = story.merge if number % 3 == 1 else story.squash_merge
        merge(world, pull, self.reviewer, self._next())
        return pull

    def _deploy(self) -> object:
        deployment = story.deploy(self.world, self.repository, self.bot, self._next())
        story.report(self.world, deployment, "success", self._next())
        return deployment

    def connector(self, clock_skew: timedelta = timedelta()) -> GitHub:
        url = f"{self.server.url}/api/v3"
        settings = Settings(organisation="acme", url=url, web_url=SITE, token="file:token.txt")
        return self.connector_class("code", settings, self.context(clock_skew))

    def change(self) -> None:
        self.check.conclusion, self.check.completed_at = "success", self._next()
        story.comment(self.world, self.pulls[2], self.reviewer, self._next())
        pull = story.open_pull(self.world, self.repository, self.dev, self._next(), "News")
        story.squash_merge(self.world, pull, self.reviewer, self._next())
        story.report(self.world, self.deployments[1], "inactive", self._next())
        self._deploy()
        for _ in range(PAGE_SIZE):
            story.push(self.world, self.repository, self.dev, self._next(), "Straight in")

    def vanish(self) -> None:
        self.serving.close()

    def come_back(self) -> None:
        self.server = self.serving.enter_context(LoopbackServer(self.double))

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "a change comes": lambda: self._land(0),
            "an old change is reviewed": lambda: story.comment(
                self.world, self.pulls[0], self.reviewer, self._next()
            ),
            "a deployment comes": self._deploy,
            "a push comes": lambda: story.push(
                self.world, self.repository, self.dev, self._next(), "More"
            ),
        }

    def storm(self) -> float:
        self.double.fail(
            "/api/",
            [
                Answer(429, headers={"Retry-After": "20"}),
                Answer(503, headers={"Retry-After": "10"}),
                Reset(),
                Answer.json({"message": "secondary rate limit"}, 403, Retry_After="60"),
                Answer(500),
            ],
        )
        return 90.0

    def refuse(self, stream: str, status: int, page: int) -> None:
        pattern = re.compile(QUESTIONS[stream.partition(":")[0]])

        def is_meant(asked: Asked) -> bool:
            line = told(asked)
            is_later = '"after": "' in line
            return bool(pattern.search(line)) and (page == 1 or is_later)

        self.double.refuse(is_meant, status)

    def allow(self) -> None:
        self.double.allow()

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        return [
            partial(self.double.refuse, "/pulls", 403, f"no: {self.secret}"),
            partial(self.double.tokens.clear),
            self.vanish,
        ]

    def add_unmapped(self) -> bytes:
        self.double.damage("/deployments|Deployments", _coloured)
        return b"octarine"

    def tell_times_in(self, zone: timezone) -> None:
        self.double.zone = zone

    def remove(self) -> Collection[RowKey]:
        """Replaces the newest commit of the mainline by another."""
        gone = self.repository.branches["main"]
        parent = self.repository.commits[gone].parents[0]
        self.repository.branches["main"] = parent
        story.push(self.world, self.repository, self.dev, self._next(), "Do it anew")
        return [("commit", f"github:acme/web#commit/{gone}")]

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        return {way: partial(self._damage, way) for way in DAMAGE}

    def _damage(self, way: str) -> int:
        """Damages one field of each, in as many pull requests and deployments of a page."""
        fields = iter(["title", "mergedAt", "createdAt"])
        self.double.damage(" Changes ", partial(_damaged, DAMAGE[way], "pullRequests", fields))
        others = iter(["commitOid", "createdAt", "environment"])
        self.double.damage(" Deployments ", partial(_damaged, DAMAGE[way], "deployments", others))
        return 6

    @property
    def requests(self) -> int:
        return len(self.double.counted)

    @property
    def fewest_requests(self) -> int:
        brought_by_merges = len(range(1, PULLS, 3))
        commits = 1 + PULLS + brought_by_merges
        questions = -(-commits // PAGE_SIZE) + 2 * -(-PULLS // PAGE_SIZE)
        lists, probes = 2, 2
        return lists + probes + questions

    idle_requests = 2
    """The list of repositories, and the check that runs."""


DAMAGE: Mapping[str, Callable[[Json, str], object]] = {
    "renamed": lambda node, field: node.update({f"{field}2": node.pop(field)}),
    "missing": lambda node, field: node.pop(field),
    "null": lambda node, field: node.update({field: None}),
    "a list": lambda node, field: node.update({field: []}),
}


def _damaged(
    change: Callable[[Json, str], object], listed: str, fields: Iterator[str], answer: Json
) -> Json:
    for node in answer["data"]["repository"][listed]["nodes"]:
        field = next(fields, None)
        if field is not None:
            change(node, field)
    return answer


def _coloured(answer: Json) -> Json:
    if isinstance(answer, dict):
        answer["extensions"] = {"colour": "octarine"}
    return answer


class TestGitHub(Conformance):
    binding = GitHubBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_a_filter_the_source_does_not_know_is_noticed": "these streams ask without filters",
        "test_what_has_no_time_is_bounded_by_two_readings": "what these streams tell has its time",
    }

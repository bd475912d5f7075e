"""GitLab against the conformance suite, on a double of it on loopback."""

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
from connectors.gitlab.asking import Asking
from connectors.gitlab.code.changes import Changes
from connectors.gitlab.code.history import History
from connectors.gitlab.connector import READERS, GitLab
from connectors.gitlab.delivery.deployments import Deployments
from connectors.gitlab.delivery.incidents import Incidents
from connectors.gitlab.pipelines.pipelines import ChildPipelines, Pipelines
from connectors.gitlab.settings import Settings
from connectors.hosting.reader import Reader
from tests.connectors.conformance import Binding, Conformance
from tests.connectors.gitlab.one_project import SITE
from tests.connectors.house import RowKey
from tests.connectors.loopback import Answer, Asked, LoopbackServer, Reset
from tests.doubles.gitlab import story
from tests.doubles.gitlab.double import GitLabDouble
from tests.doubles.gitlab.world import Deployment, MergeRequest, World
from tests.doubles.host import Json, told

CHANGES = 10
PAGE_SIZE = 4
QUESTIONS = {
    "repository": r"GET /api/v4/projects/\d+$",
    "deployments": r"/deployments| DeploymentApprovals ",
    "environments": r"/environments",
    "changes": r"/merge_requests| Changes ",
    "history": r"/repository/commits",
    "pipelines": r" Pipelines .*\"source\": null",
    "child_pipelines": r" Pipelines .*\"parent_pipeline\"",
    "incidents": r"/issues",
}
"""What is asked for each kind of stream."""
LATER = re.compile(r'updated_before=|[?&]page=[2-9]|"after": "|"iids"|Approvals')
"""What only a page after the first is asked with, or asks for more of the first."""


class GitLabBinding(Binding):
    """A group of one project, read in small pages."""

    readers: ClassVar[Sequence[Callable[[Asking], Reader]]] = READERS[:10]
    group_readers: ClassVar[Sequence[Callable[[Asking], OrganisationReader]]] = ()
    connector_class: ClassVar[type[GitLab]] = GitLab
    secret = "glpat-0123456789abcdefABCD"

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        (folder / "token.txt").write_text(self.secret)
        place = "connectors.gitlab.connector"
        running.enter_context(patch(f"{place}.READERS", self.readers))
        running.enter_context(patch(f"{place}.GROUP_READERS", self.group_readers))
        for reader in (Changes, Deployments, History, Pipelines, ChildPipelines, Incidents):
            running.enter_context(patch.object(reader, "page_size", PAGE_SIZE))
        # The house counts a page when its stream goes on: no other may have a turn meanwhile.
        running.enter_context(patch("connectors.turns.PAGES_A_TURN", 100))
        self.world = World()
        self._tell_the_story()
        self.double = GitLabDouble(self.world, self.time)
        self.double.add_token(self.secret, "dev-1")
        self.serving = running.enter_context(ExitStack())
        self.come_back()

    def _tell_the_story(self) -> None:
        world = self.world
        self.project = world.project("acme/web")
        self.dev, self.reviewer = world.user("dev-1"), world.user("reviewer-2")
        self.bot = world.user("release-bot", is_bot=True)
        self.at = self.time.at - timedelta(days=30)
        story.push(world, self.project, self.dev, self.at, "Begin")
        self.changes = [self._land(number) for number in range(CHANGES)]
        self.deployments = [self._deploy() for _ in range(CHANGES)]
        self.incident = story.open_incident(world, self.project, self.dev, self._next())

    def _next(self) -> datetime:
        self.at += timedelta(minutes=30)
        return self.at

    def _land(self, number: int) -> MergeRequest:
        world, project = self.world, self.project
        change = story.open_merge_request(
            world, project, self.dev, self._next(), f"Change {number}", committed_at=self.at
        )
        story.approve(world, change, self.reviewer, self._next())
        story.merge(world, change, self.reviewer, self._next(), is_squashed=number % 3 == 1)
        return change

    def _deploy(self) -> Deployment:
        run = story.run(self.world, self.project, self._next())
        return story.deploy(
            self.world, self.project, "production", self._next(), self.bot, pipeline=run
        )

    def connector(self, clock_skew: timedelta = timedelta()) -> GitLab:
        url = f"{self.server.url}/api/v4"
        settings = Settings(group="acme", url=url, web_url=SITE, token="file:token.txt")
        return self.connector_class("code", settings, self.context(clock_skew))

    def change(self) -> None:
        world, project = self.world, self.project
        story.comment(world, self.changes[2], self.reviewer, self._next())
        for number in range(PAGE_SIZE + 1):
            self._land(number)
        story.finish(self.deployments[1], "failed", self._next())
        job = self.deployments[0].job
        assert job is not None
        story.retry_job(world, job, self.dev, self._next())
        self._deploy()
        story.close(world, self.incident, self.dev, self._next())
        for _ in range(PAGE_SIZE):
            story.push(world, project, self.dev, self._next(), "Straight in")

    def vanish(self) -> None:
        self.serving.close()

    def come_back(self) -> None:
        self.server = self.serving.enter_context(LoopbackServer(self.double))

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "a change comes": lambda: self._land(0),
            "an old change is reviewed": lambda: story.comment(
                self.world, self.changes[0], self.reviewer, self._next()
            ),
            "a deployment comes": self._deploy,
            "a push comes": lambda: story.push(
                self.world, self.project, self.dev, self._next(), "More"
            ),
        }

    def storm(self) -> float:
        self.double.fail(
            "/api/",
            [
                Answer(429, b"Retry later\n", {"Retry-After": "20"}),
                Answer(503, headers={"Retry-After": "10"}),
                Reset(),
                Answer(500),
            ],
        )
        return 30.0

    def refuse(self, stream: str, status: int, page: int) -> None:
        pattern = re.compile(QUESTIONS[stream.partition(":")[0]])

        def is_meant(asked: Asked) -> bool:
            line = told(asked)
            return bool(pattern.search(line)) and (page == 1 or bool(LATER.search(line)))

        self.double.refuse(is_meant, status)

    def allow(self) -> None:
        self.double.allow()

    def ignore_filters(self) -> None:
        self.double.ignored_filters |= {"updated_before", "updated_after", "updatedAfter"}

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        return [
            partial(self.double.refuse, "/merge_requests", 403, f"no: {self.secret}"),
            partial(self.double.tokens.clear),
            self.vanish,
        ]

    def add_unmapped(self) -> bytes:
        self.double.damage("/deployments|Changes", _coloured)
        return b"octarine"

    def tell_times_in(self, zone: timezone) -> None:
        self.double.zone = zone

    def remove(self) -> Collection[RowKey]:
        """Replaces the newest commit of the mainline by another."""
        gone = self.project.branches["main"]
        parent = self.project.commits[gone].parents[0]
        self.project.branches["main"] = parent
        story.push(self.world, self.project, self.dev, self._next(), "Do it anew")
        return [("commit", f"gitlab:acme/web#commit/{gone}")]

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        return {way: partial(self._damage, way) for way in DAMAGE}

    def _damage(self, way: str) -> int:
        """Damages one field of each, in as many merge requests, pipelines and deployments."""
        change = DAMAGE[way]
        fields = iter(["title", "merged_at", "created_at"])
        self.double.damage(r"/merge_requests\?", partial(_damaged, change, fields))
        others = iter(["sha", "created_at", "environment"])
        self.double.damage(r"/deployments\?.*per_page=4", partial(_damaged, change, others))
        return 6

    @property
    def requests(self) -> int:
        return len(self.double.counted)

    @property
    def fewest_requests(self) -> int:
        listed = 2 + 1 + -(-(CHANGES - PAGE_SIZE) // (PAGE_SIZE - 1))  # the last of a page again
        projects, deployments, environments = 2, listed + 1, 2
        changes = listed + listed - 2
        commits = 1 + 2 * CHANGES + len(range(1, CHANGES, 3))
        history = 1 + -(-commits // PAGE_SIZE)
        pipelines = -(-CHANGES // PAGE_SIZE) + 2
        incidents = 2
        return projects + deployments + environments + changes + history + pipelines + incidents

    idle_requests = 8


DAMAGE: Mapping[str, Callable[[Json, str], object]] = {
    "renamed": lambda item, field: item.update({f"{field}2": item.pop(field)}),
    "missing": lambda item, field: item.pop(field),
    "null": lambda item, field: item.update({field: None}),
    "a list": lambda item, field: item.update({field: []}),
}


def _damaged(change: Callable[[Json, str], object], fields: Iterator[str], answer: Json) -> Json:
    for item in answer:
        field = next(fields, None)
        if field is not None:
            change(item, field)
    return answer


def _coloured(answer: Json) -> Json:
    for item in answer if isinstance(answer, list) else [answer]:
        item["colour"] = "octarine"
    return answer


class TestGitLab(Conformance):
    binding = GitLabBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_what_has_no_time_is_bounded_by_two_readings": "these streams tell no bounds",
    }

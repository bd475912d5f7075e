"""Runs, releases, tags and incidents of GitHub against the conformance suite."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

from connectors.github.connector import GitHub
from connectors.github.delivery.incidents import Incidents
from connectors.github.delivery.releases import Releases
from connectors.github.delivery.tags import Tags
from connectors.github.pipelines.runs import Runs
from connectors.github.settings import Settings
from tests.connectors.conformance import Conformance
from tests.connectors.github.test_conformance import DAMAGE, PAGE_SIZE, SITE, GitHubBinding
from tests.connectors.house import RowKey
from tests.doubles.github import story
from tests.doubles.github.world import Issue, Release, Run
from tests.doubles.host import Json

COUNT = 6
STREAMS = (Runs, Releases, Tags, Incidents)
QUESTIONS = {
    "runs": "/actions/runs",
    "releases": "/releases| Releases ",
    "tags": "/matching-refs| Tags ",
    "incidents": "/issues| Issues ",
}
RULES: Sequence[Mapping[str, Any]] = (
    {"from": "jobs", "pipeline": "Deploy", "name": "deploy to {environment}"},
    {"from": "runs", "pipeline": "Deploy", "environment": "staging"},
    {"from": "releases"},
    {"from": "tags", "name": "{service}/{version}"},
)


class OneByOne(GitHub):
    """Reads one stream after the other, so that its pages can be counted."""

    is_newest_first = False


class DeliveryBinding(GitHubBinding):
    """A repository that tells its deployments in all ways but GitHub's own."""

    connector_class = OneByOne

    readers = STREAMS

    def __init__(self, folder: Path, running: ExitStack) -> None:
        for reader in STREAMS:
            running.enter_context(patch.object(reader, "page_size", PAGE_SIZE))
        super().__init__(folder, running)

    def _tell_the_story(self) -> None:
        self.world.organisation("acme")
        self.repository = self.world.add_repository("acme/web")
        self.dev = self.world.account("dev-1")
        self.at = self.time.at - timedelta(days=20)
        story.push(self.world, self.repository, self.dev, self.at, "Begin")
        self.runs = [self._run() for _ in range(COUNT)]
        self.waiting = story.run(self.world, self.repository, self.dev, self._next())
        self.runs += [self._run() for _ in range(COUNT)]
        self.releases = [self._release(number) for number in range(COUNT)]
        for number in range(COUNT):
            self._tag(number)
        self.issues = [self._issue() for _ in range(COUNT)]

    def _run(self) -> Run:
        jobs = ("build", "deploy to production")
        run = story.run(self.world, self.repository, self.dev, self._next(), "Deploy", jobs=jobs)
        return story.finish(run, self._next())

    def _release(self, number: int) -> Release:
        name = f"v1.{number}"
        return story.publish(self.world, self.repository, self.dev, self._next(), name)

    def _tag(self, number: int) -> None:
        name = f"shop/1.{number}"
        story.tag(self.world, self.repository, name, tagged_at=self._next())

    def _issue(self) -> Issue:
        labels = ["incident"]
        return story.open_issue(self.world, self.repository, self.dev, self._next(), labels=labels)

    def connector(self, clock_skew: timedelta = timedelta()) -> GitHub:
        settings = Settings(
            organisation="acme",
            url=f"{self.server.url}/api/v3",
            web_url=SITE,
            token="file:token.txt",
            deployments=RULES,
            incidents=[{"labels": ["incident"]}],
        )
        return self.connector_class("code", settings, self.context(clock_skew))

    def change(self) -> None:
        self.time.sleep(24 * 3600)
        self.at = self.time.at - timedelta(hours=20)
        story.rerun(self.world, self.runs[2], self.dev, self._next())
        story.finish(self.runs[2], self._next(), "failure")
        story.finish(self.waiting, self._next())
        for _ in range(2 * PAGE_SIZE):
            self._run()
        self.releases[2].is_prerelease = True
        self._release(COUNT)
        self._tag(COUNT)
        story.close(self.world, self.issues[2], self.dev, self._next())
        story.unlabel(self.world, self.issues[3], "incident", self.dev, self._next())
        self._issue()

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "a run comes": self._run,
            "a release comes": lambda: self._release(COUNT),
            "a tag is deleted": lambda: self.repository.tags.pop("shop/1.1", None),
            "an incident is closed": lambda: story.close(
                self.world, self.issues[0], self.dev, self._next()
            ),
        }

    def refuse(self, stream: str, status: int, page: int) -> None:
        pattern = QUESTIONS[stream.partition(":")[0]]
        later = f'(?:{pattern}).*(?:created=|attempts|"after": "|"labels")'
        self.double.refuse(pattern if page == 1 else later, status)

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        return [
            partial(self.double.refuse, "/actions", 403, f"no: {self.secret}"),
            partial(self.double.tokens.clear),
            self.vanish,
        ]

    def ignore_filters(self) -> None:
        self.double.ignored_filters.add("created")

    def add_unmapped(self) -> bytes:
        self.double.damage("/actions/runs", _coloured)
        return b"octarine"

    def remove(self) -> Collection[RowKey]:
        gone = self.releases.pop(1)
        self.repository.releases.remove(gone)
        return [("deployment", f"github:acme/web#release/{gone.id}")]

    def _damage(self, way: str) -> int:
        """Damages a field of a run that deploys nothing, of issues and of releases."""
        self.double.damage("/actions/runs[?]", partial(_in_runs, way))
        hurt = {self.issues[0].number: "title", self.issues[1].number: "createdAt"}
        self.double.damage(" Issues ", partial(_in_issues, way, hurt))
        releases = iter(["tagName", "publishedAt"])
        self.double.damage(" Releases ", partial(_in_nodes, way, "releases", releases))
        return 5

    @property
    def fewest_requests(self) -> int:
        older_runs = 2 * COUNT + 1 - PAGE_SIZE
        # The oldest run of the newest page is read again with those of the same second.
        runs = 1 + _pages(older_runs + 1) + (2 * COUNT + 1)
        unfinished = 1
        releases, tags, incidents = _pages(COUNT), _pages(2 * COUNT), 1 + _pages(COUNT)
        lists, probes = 1, 3
        return lists + runs + unfinished + probes + releases + tags + incidents

    idle_requests = 1


def _pages(items: int) -> int:
    return -(-items // PAGE_SIZE)


def _in_runs(way: str, answer: Json) -> Json:
    for run in answer["workflow_runs"]:
        if run["name"] == "CI":
            DAMAGE[way](run, "updated_at")
    return answer


def _in_issues(way: str, hurt: Mapping[int, str], answer: Json) -> Json:
    """Damages issues wherever they are told: on a page of all, and on one of a label."""
    for issue in answer["data"]["repository"]["issues"]["nodes"]:
        if issue["number"] in hurt:
            DAMAGE[way](issue, hurt[issue["number"]])
    return answer


def _in_nodes(way: str, listed: str, fields: Iterator[str], answer: Json) -> Json:
    return _each(way, fields, answer["data"]["repository"][listed]["nodes"], answer)


def _each(way: str, fields: Iterator[str], items: Sequence[Json], answer: Json) -> Json:
    for item in items:
        field = next(fields, None)
        if field is not None:
            DAMAGE[way](item, field)
    return answer


def _coloured(answer: Json) -> Json:
    if isinstance(answer, dict):
        answer["colour"] = "octarine"
    return answer


class TestDelivery(Conformance):
    binding = DeliveryBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_what_has_no_time_is_bounded_by_two_readings": "all of it has a time",
    }

"""Jenkins against the conformance suite, on a double of it on loopback."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

from connectors.interface import Json
from connectors.jenkins.builds import Builds
from connectors.jenkins.connector import Jenkins
from tests.connectors.api_binding import ApiBinding
from tests.connectors.conformance import Conformance
from tests.connectors.house import RowKey
from tests.doubles.jenkins.double import FOLDER, MULTIBRANCH, Build, JenkinsDouble, Job

PAGE_SIZE = 3


class JenkinsBinding(ApiBinding):
    """A server with a job, a folder and a project of branches, read in small pages."""

    connector_class: ClassVar[type[Jenkins]] = Jenkins
    questions: ClassVar[Mapping[str, str]] = {
        "jobs": r"tree=.*buildable",
        "builds": r"tree=.*(lastBuild|allBuilds)",
    }
    later: ClassVar[str] = r"\{[1-9]"

    def __init__(self, folder: Path, running: ExitStack) -> None:
        running.enter_context(patch.object(Builds, "page_size", PAGE_SIZE))
        super().__init__(folder, running)

    def make_double(self) -> JenkinsDouble:
        made = JenkinsDouble(self.time)
        pair = base64.b64encode(f"cairn:{self.secret}".encode()).decode()
        made.add_token(pair, self.account)
        return made

    def settings(self) -> Mapping[str, Json]:
        return {"user": "cairn", "deployments": [{"job": "ship/{service}"}]}

    def tell_the_story(self) -> None:
        self.time.at -= timedelta(days=20)
        self.nightly = Job("nightly")
        self.ship = Job("web")
        self.main = Job("main")
        project = Job("web", MULTIBRANCH, [self.main, Job("feature%2Fpay")])
        self.idle = Job("idle")
        ship = Job("ship", FOLDER, [self.ship])
        self.double.jobs = [self.nightly, ship, project, self.idle]
        for _ in range(4):
            for job in (self.nightly, self.ship, self.main):
                self.build(job)
        self.unfinished = self.double.begin(self.nightly, self.time.at)

    def build(self, job: Job, result: str = "SUCCESS") -> Build:
        """A build from begin to end."""
        self.wait(hours=2)
        code = self.double.code("https://git.example/acme/web.git", f"{job.next_number:040x}")
        made: Build = self.double.begin(job, self.time.at, code)
        self.double.end(made, result)
        return made

    def change(self) -> None:
        self.wait()
        self.double.end(self.unfinished, "FAILURE")
        for _ in range(PAGE_SIZE + 1):
            self.build(self.ship)
        self.double.jobs.append(Job("new"))
        self.build(self.double.jobs[-1])

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "a build begins": partial(self.build, self.main),
            "a build ends": partial(self.double.end, self.unfinished, "FAILURE"),
        }

    def remove(self) -> Collection[RowKey]:
        self.double.jobs.remove(self.idle)
        return [("pipeline", "jenkins:api#pipeline/idle")]

    def add_unmapped(self) -> bytes:
        self.main.builds[0].actions[0]["lastBuiltRevision"]["branch"][0]["name"] = "octarine"
        return b"octarine"

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        fields = ["number", "timestamp", "duration"]
        ways = self.damaged(r"/job/web/job/main/.*allBuilds", lambda job: job["allBuilds"], fields)
        return dict(ways)

    fewest_requests = 2 + 2 + 2 + 2
    idle_requests = 3


class TestJenkins(Conformance):
    binding = JenkinsBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_a_filter_the_source_does_not_know_is_noticed": "no list is asked for with a filter",
        "test_what_has_no_time_is_bounded_by_two_readings": "every build has a time",
        "test_the_same_times_told_in_another_zone_are_the_same": "times are told since 1970",
    }

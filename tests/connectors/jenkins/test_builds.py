"""What builds of Jenkins become, and what is read of many jobs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.interface import Severity
from data.model import Deployment, GapReason, Pipeline, PipelineRun
from tests.connectors.jenkins.test_conformance import JenkinsBinding
from tests.connectors.one_api import OneApi
from tests.doubles.jenkins.double import FOLDER, MULTIBRANCH, JenkinsDouble, Job

WEB = "git@git.example:acme/web.git"
LIBRARY = "https://git.example/acme/shared-steps.git"
RULES = [
    {"job": "ship/{service}-to-{environment}"},
    {"job": "web", "branch": "main", "service": "web", "environment": "live"},
]


class Empty(JenkinsBinding):
    """A server with one job that never ran."""

    def tell_the_story(self) -> None:
        self.job = Job("job")
        self.double.jobs = [self.job]

    def settings(self) -> dict[str, Any]:
        return {"user": "cairn", "deployments": RULES, "libraries": ["*/shared-*"]}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OneApi]:
    with closing(OneApi(Empty, tmp_path)) as made:
        yield made


@pytest.fixture
def source(server: OneApi) -> Empty:
    assert isinstance(server.source, Empty)
    return server.source


@pytest.fixture
def double(source: Empty) -> JenkinsDouble:
    found = source.double
    assert isinstance(found, JenkinsDouble)
    return found


def _runs(server: OneApi) -> list[tuple[str, str]]:
    return [(row.run, row.result) for row in server.rows(PipelineRun)]


def test_a_job_that_never_ran_is_a_pipeline_without_runs(server: OneApi) -> None:
    server.sync()
    assert [row.name for row in server.rows(Pipeline)] == ["job"]
    assert not server.rows(PipelineRun)


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ("SUCCESS", "success"),
        ("UNSTABLE", "failure"),
        ("FAILURE", "failure"),
        ("NOT_BUILT", "skipped"),
        ("ABORTED", "cancelled"),
    ],
)
def test_a_build_ends_as_jenkins_says(
    server: OneApi, source: Empty, result: str, told: str
) -> None:
    source.build(source.job, result)
    server.sync()
    (run,) = server.rows(PipelineRun)
    assert run.result == told
    assert run.finished_at == run.created_at + timedelta(minutes=3)


def test_a_result_that_nobody_knows_is_a_gap(server: OneApi, source: Empty) -> None:
    source.build(source.job, "EXPLODED")
    server.sync()
    assert not server.rows(PipelineRun)
    assert len(server.gaps(GapReason.UNREADABLE)) == 1


def test_a_build_that_runs_is_read_again_until_it_is_over(
    server: OneApi, source: Empty, double: JenkinsDouble
) -> None:
    running = double.begin(source.job, source.time.at)
    source.build(source.job)
    server.sync()
    assert _runs(server) == [("1", "running"), ("2", "success")]
    assert server.sync().pages == 0
    double.end(running, "ABORTED")
    server.sync()
    assert _runs(server) == [("1", "cancelled"), ("2", "success")]
    assert server.sync().pages == 0


def test_a_build_discarded_while_it_ran_is_a_gap(
    server: OneApi, source: Empty, double: JenkinsDouble
) -> None:
    double.begin(source.job, source.time.at)
    source.build(source.job)
    server.sync()
    source.job.builds.pop()
    server.sync()
    (gap,) = server.gaps(GapReason.NOT_FOUND)
    assert "#1" in gap.what


def test_builds_discarded_between_two_readings_are_a_gap_with_their_number(
    server: OneApi, source: Empty
) -> None:
    source.build(source.job)
    server.sync()
    for _ in range(9):
        source.build(source.job)
    del source.job.builds[4:]
    server.sync()
    (gap,) = server.gaps(GapReason.TRUNCATED)
    assert gap.count == 5
    assert "from #2 to #6" in gap.what


def test_builds_discarded_before_the_first_reading_are_a_gap(server: OneApi, source: Empty) -> None:
    for _ in range(6):
        source.build(source.job)
    del source.job.builds[2:]
    server.sync()
    assert [gap.count for gap in server.gaps(GapReason.TRUNCATED)] == [4]


def test_a_job_made_anew_is_read_from_its_first_build(server: OneApi, source: Empty) -> None:
    for _ in range(3):
        source.build(source.job)
    server.sync()
    source.job = Job("job")
    source.double.jobs[:] = [source.job]
    source.build(source.job, "FAILURE")
    server.sync()
    assert _runs(server)[0] == ("1", "failure")


def test_branches_are_runs_of_one_pipeline(
    server: OneApi, source: Empty, double: JenkinsDouble
) -> None:
    main, feature = Job("main"), Job("feature%2Fpay")
    double.jobs.append(Job("shop", FOLDER, [Job("web", MULTIBRANCH, [main, feature])]))
    for job in (main, feature):
        source.build(job)
    server.sync()
    assert [row.name for row in server.rows(Pipeline)] == ["job", "shop/web"]
    told = [(run.pipeline, run.branch) for run in server.rows(PipelineRun)]
    assert told == [("shop/web", "feature/pay"), ("shop/web", "main")]


def test_folders_in_folders_are_read_however_deep(
    server: OneApi, source: Empty, double: JenkinsDouble
) -> None:
    deep = job = Job("deep")
    for number in range(9):
        job = Job(f"folder-{number}", FOLDER, [job, Job(f"side-{number}")])
    double.jobs.append(job)
    source.build(deep)
    server.sync()
    assert len(server.rows(Pipeline)) == 11
    assert len(server.rows(PipelineRun)) == 1


def test_the_commit_is_that_of_the_code_not_of_a_library(
    server: OneApi, source: Empty, double: JenkinsDouble
) -> None:
    code, library = double.code(WEB, "a" * 40), double.code(LIBRARY, "b" * 40)
    double.end(double.begin(source.job, source.time.at, library, code))
    server.sync()
    (run,) = server.rows(PipelineRun)
    assert (run.repository, run.sha, run.branch) == ("acme/web", "a" * 40, "main")


def test_of_two_repositories_neither_is_guessed(
    server: OneApi, source: Empty, double: JenkinsDouble
) -> None:
    other = double.code("https://git.example/acme/other.git", "b" * 40)
    double.end(double.begin(source.job, source.time.at, double.code(WEB, "a" * 40), other))
    server.sync()
    assert [(run.repository, run.sha) for run in server.rows(PipelineRun)] == [(None, None)]


def test_who_or_what_started_a_build_is_told(
    server: OneApi, source: Empty, double: JenkinsDouble
) -> None:
    upstream = "hudson.model.Cause$UpstreamCause"
    causes = [
        double.cause(userId="dev-1"),
        double.cause("hudson.triggers.TimerTrigger$TimerTriggerCause"),
        double.cause(upstream, upstreamProject="job", upstreamBuild=2),
        double.cause("org.example.MoonCause"),
    ]
    for cause in causes:
        double.end(double.begin(source.job, source.time.at, cause))
    server.sync()
    told = [(run.event, run.triggered_by) for run in server.rows(PipelineRun)]
    assert told == [
        ("manual", "dev-1"),
        ("schedule", None),
        ("upstream", None),
        ("MoonCause", None),
    ]
    assert server.rows(PipelineRun)[2].parent == "jenkins:api#run/job/2"


def test_jobs_that_a_rule_names_are_deployments(
    server: OneApi, source: Empty, double: JenkinsDouble
) -> None:
    ship = Job("pay-to-staging")
    main, other = Job("main"), Job("other")
    double.jobs += [Job("ship", FOLDER, [ship]), Job("web", MULTIBRANCH, [main, other])]
    source.build(ship, "FAILURE")
    source.build(main)
    source.build(other)
    server.sync()
    told = [(row.service, row.environment, row.status) for row in server.rows(Deployment)]
    assert told == [("pay", "staging", "failed"), ("web", "live", "success")]
    assert server.rows(Deployment)[1].run == "jenkins:api#run/web/main/1"


def test_parameters_and_descriptions_are_not_asked_for(server: OneApi, source: Empty) -> None:
    source.build(source.job)
    server.sync()
    assert not [page for _, page in server.house.pages() if b"secret words" in page]


def test_a_check_reads_and_keeps_nothing(server: OneApi, source: Empty) -> None:
    findings = source.connector().check()
    assert {finding.severity for finding in findings} == {Severity.OK}
    assert not list(source.folder.glob("mirrors/**/*"))

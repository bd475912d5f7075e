"""What workflow runs say of deployments and tasks, by the user's rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.github.pipelines.run_rows import run_rows
from connectors.github.pipelines.runs import Runs
from data.model import Deployment, Gap, GapReason, PipelineRun, Record, TaskRun
from tests.connectors.github.one_stream import A_DAY, OneStream, asking_with, small_pages
from tests.doubles.github import story
from tests.doubles.github.world import Job, Run

RUN: Mapping[str, Any] = {
    "id": 7,
    "run_attempt": 1,
    "name": "Deploy",
    "path": ".github/workflows/deploy.yml@main",
    "display_title": "Deploy shop to Staging",
    "event": "push",
    "status": "completed",
    "conclusion": "success",
    "workflow_id": 3,
    "head_branch": "main",
    "head_sha": "a" * 40,
    "created_at": "2026-02-01T10:00:00Z",
    "run_started_at": "2026-02-01T10:00:00Z",
    "updated_at": "2026-02-01T10:09:00Z",
    "html_url": "https://git.example.com/acme/web/actions/runs/7",
    "triggering_actor": {"login": "dev-1"},
}
JOB: Mapping[str, Any] = {
    "id": 70,
    "run_attempt": 1,
    "name": "deploy (production)",
    "status": "completed",
    "conclusion": "success",
    "started_at": "2026-02-01T10:01:00Z",
    "completed_at": "2026-02-01T10:04:00Z",
    "html_url": "https://git.example.com/acme/web/actions/runs/7/job/70",
}


def rows_of(
    rules: Sequence[Mapping[str, Any]],
    *runs: Any,
    jobs: Sequence[Any] = (),
    missing: Sequence[Any] = (),
) -> list[Record]:
    """Rows of a page with runs, and jobs of the first attempt of run 7."""
    header = {"repository": "acme/web", "parts": [["jobs", 7, 1]], "missing": missing}
    answers = [{"total_count": len(runs), "workflow_runs": list(runs)}, {"jobs": list(jobs)}]
    return list(run_rows(asking_with(deployments=rules), header, answers))


def only(kind: type[Record], rows: Sequence[Record]) -> Any:
    (found,) = (row for row in rows if isinstance(row, kind))
    return found


RUNS_RULE = {"from": "runs", "pipeline": "Deploy", "branch": "main"}
JOBS_RULE = {"from": "jobs", "pipeline": "deploy.yml", "name": "deploy ({environment})"}


def test_a_run_that_fits_a_rule_is_a_deployment_of_the_repository() -> None:
    row = only(Deployment, rows_of([RUNS_RULE], RUN))
    assert row.id == "github:acme/web#run/7/1"
    assert (row.service, row.environment, row.sha) == ("acme/web", "production", "a" * 40)
    assert (row.status, row.attempt, row.run) == ("success", 1, "github:acme/web#run/7")
    assert (row.started_at.minute, row.deployed_at.minute) == (0, 9)
    assert (row.title, row.triggered_by) == ("acme/web aaaaaaa", "dev-1")
    assert row.url == "https://git.example.com/acme/web/actions/runs/7/attempts/1"


def test_the_title_of_a_run_names_service_and_environment_in_any_case() -> None:
    rule = {**RUNS_RULE, "name": "deploy {service} to {environment}"}
    row = only(Deployment, rows_of([rule], RUN))
    assert (row.service, row.environment) == ("shop", "staging")


def test_the_name_of_a_workflow_counts_where_the_title_does_not_fit() -> None:
    rule = {"from": "runs", "name": "release {service}"}
    row = only(Deployment, rows_of([rule], {**RUN, "name": "Release shop"}))
    assert row.service == "shop"


@pytest.mark.parametrize(
    "changed",
    [{"pipeline": "CI"}, {"branch": "release/*"}, {"name": "rollback {service}"}],
)
def test_a_run_that_does_not_fit_is_no_deployment(changed: Mapping[str, str]) -> None:
    rows = rows_of([{**RUNS_RULE, **changed}], RUN)
    assert [type(row) for row in rows] == [PipelineRun]


@pytest.mark.parametrize("pattern", ["deploy.yml", ".github/workflows/deploy.yml", "Dep*"])
def test_a_workflow_is_known_by_its_name_its_path_and_its_file(pattern: str) -> None:
    assert only(Deployment, rows_of([{"from": "runs", "pipeline": pattern}], RUN))


@pytest.mark.parametrize(
    ("conclusion", "status", "result"),
    [
        ("success", "success", "success"),
        ("failure", "failed", "failure"),
        ("timed_out", "failed", "failure"),
        ("startup_failure", "failed", "failure"),
        ("action_required", "failed", "failure"),
        ("cancelled", "cancelled", "cancelled"),
        ("stale", "cancelled", "cancelled"),
        ("skipped", "cancelled", "skipped"),
        ("neutral", "cancelled", "skipped"),
    ],
)
def test_how_a_run_ended_is_how_its_deployment_ended(
    conclusion: str, status: str, result: str
) -> None:
    rows = rows_of([RUNS_RULE], {**RUN, "conclusion": conclusion})
    assert only(Deployment, rows).status == status
    assert only(PipelineRun, rows).result == result


@pytest.mark.parametrize("status", ["queued", "in_progress", "waiting", "requested", "pending"])
def test_a_run_that_has_not_ended_is_running(status: str) -> None:
    rows = rows_of([RUNS_RULE], {**RUN, "status": status, "conclusion": None})
    run = only(PipelineRun, rows)
    assert (run.result, run.finished_at) == ("running", None)
    assert only(Deployment, rows).status == "running"


def test_a_release_deploys_its_tag() -> None:
    row = only(
        Deployment, rows_of([{"from": "runs"}], {**RUN, "event": "release", "head_branch": "v1"})
    )
    assert row.version == "v1"


def test_a_job_that_fits_is_a_deployment_dated_by_itself() -> None:
    rows = rows_of([JOBS_RULE], RUN, jobs=[JOB, {**JOB, "id": 71, "name": "build"}])
    row = only(Deployment, rows)
    assert row.id == "github:acme/web#job/70"
    assert (row.environment, row.status, row.attempt) == ("production", "success", 1)
    assert (row.started_at.minute, row.deployed_at.minute) == (1, 4)
    assert row.url == JOB["html_url"]
    tasks = [row for row in rows if isinstance(row, TaskRun)]
    assert [(task.name, task.environment) for task in tasks] == [
        ("deploy (production)", "production"),
        ("build", None),
    ]


def test_a_skipped_job_deploys_nothing_and_never_began() -> None:
    rows = rows_of([JOBS_RULE], RUN, jobs=[{**JOB, "conclusion": "skipped"}])
    task = only(TaskRun, rows)
    assert (task.result, task.started_at) == ("skipped", None)
    assert not [row for row in rows if isinstance(row, Deployment)]


def test_a_cancelled_job_is_a_cancelled_deployment() -> None:
    rows = rows_of([JOBS_RULE], RUN, jobs=[{**JOB, "conclusion": "cancelled"}])
    assert only(Deployment, rows).status == "cancelled"


def test_a_job_that_waits_is_running_and_has_not_begun() -> None:
    waiting = {**JOB, "status": "waiting", "conclusion": None, "completed_at": None}
    rows = rows_of([JOBS_RULE], RUN, jobs=[waiting])
    assert only(Deployment, rows).status == "running"
    assert only(TaskRun, rows).started_at is None
    assert only(TaskRun, rows).finished_at is None


@pytest.mark.parametrize(
    "changed",
    [
        {"run_attempt": 2},
        {"started_at": "2026-02-01T09:01:00Z", "completed_at": "2026-02-01T09:59:00Z"},
    ],
)
def test_a_job_that_another_attempt_ran_is_not_told_twice(changed: Mapping[str, Any]) -> None:
    rows = rows_of([JOBS_RULE], RUN, jobs=[{**JOB, **changed}])
    assert [type(row) for row in rows] == [PipelineRun]


def without(name: str) -> dict[str, Any]:
    return {each: value for each, value in RUN.items() if each != name}


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param({**RUN, "conclusion": "octarine"}, id="a new word"),
        pytest.param({**RUN, "updated_at": None}, id="null"),
        pytest.param(without("head_branch"), id="no branch"),
        pytest.param(without("conclusion"), id="no conclusion"),
        pytest.param(None, id="nothing"),
        pytest.param("run", id="text"),
    ],
)
def test_a_run_that_cannot_be_read_is_a_gap_and_the_others_stand(damaged: Any) -> None:
    rows = rows_of([RUNS_RULE], damaged, {**RUN, "id": 8})
    gap = only(Gap, rows)
    assert (gap.reason, gap.count) == (GapReason.UNREADABLE, 1)
    assert only(PipelineRun, rows).run == "8"


def test_a_job_that_cannot_be_read_is_a_gap_and_its_run_stands() -> None:
    rows = rows_of([JOBS_RULE], RUN, jobs=[None, JOB])
    assert only(Gap, rows).reason == GapReason.UNREADABLE
    assert only(Deployment, rows)
    assert only(PipelineRun, rows)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneStream]:
    made = OneStream(tmp_path, Runs, deployments=[JOBS_RULE])
    story.push(made.world, made.repository, made.dev, made.time.at - 400 * A_DAY, "Begin")
    yield made
    made.close()


def deploys(source: OneStream, ago: timedelta, workflow: str = "Deploy") -> Run:
    at = source.time.at - ago
    jobs = ("build", "deploy (production)")
    run = story.run(source.world, source.repository, source.dev, at, workflow, jobs=jobs)
    return story.finish(run, at + timedelta(minutes=9))


def test_jobs_are_asked_for_where_a_rule_needs_them_alone(source: OneStream) -> None:
    run = deploys(source, A_DAY)
    deploys(source, A_DAY, "CI")
    source.sync()
    (asked,) = source.asked("/jobs")
    assert f"/runs/{run.id}/attempts/1/jobs" in asked.path
    (row,) = source.rows(Deployment)
    assert row.deployed_at == run.created_at + timedelta(minutes=9)
    assert len(source.rows(TaskRun)) == 2


def test_no_job_is_asked_for_where_runs_are_deployments(source: OneStream) -> None:
    source.settings["deployments"] = [RUNS_RULE]
    deploys(source, A_DAY)
    source.sync()
    assert not source.asked("/jobs")
    assert len(source.rows(Deployment)) == 1


def test_each_attempt_deploys_on_its_own(source: OneStream) -> None:
    run = deploys(source, A_DAY)
    story.finish(run, run.latest.updated_at, "failure", build="success")
    begun = source.time.at - timedelta(hours=3)
    story.rerun(source.world, run, source.dev, begun)
    story.finish(run, begun + timedelta(minutes=4))
    source.sync()
    first, second = sorted(source.rows(Deployment), key=lambda row: row.attempt)
    assert (first.status, second.status) == ("failed", "success")
    assert first.run == second.run
    assert first.deployed_at < begun < second.deployed_at


def test_jobs_of_what_did_not_change_are_not_asked_for_again(source: OneStream) -> None:
    for days in range(1, 6):
        deploys(source, days * A_DAY)
    source.sync()
    source.time.sleep(60)
    new = deploys(source, timedelta())
    source.sync()
    asked = {question.path.partition("/runs/")[2] for question in source.asked("/jobs")}
    assert f"{new.id}/attempts/1/jobs" in asked
    assert len(asked) <= 2, "the newest known one may have changed in the same second"
    assert source.reads_anew_alike()


def test_all_jobs_of_an_attempt_are_read_page_by_page(source: OneStream) -> None:
    run = deploys(source, A_DAY)
    jobs = run.latest.jobs
    for number in range(120):
        jobs.append(
            Job(
                source.world.new_id(),
                f"test {number}",
                run.created_at,
                completed_at=jobs[0].completed_at,
            )
        )
    source.sync()
    assert len(source.rows(TaskRun)) == 122


def test_a_deployment_that_is_run_again_later_is_seen_by_the_daily_look(source: OneStream) -> None:
    with small_pages(Runs, 2):
        runs = [deploys(source, days * A_DAY) for days in range(9, 1, -1)]
        source.sync()
        story.rerun(source.world, runs[1], source.dev, source.time.at)
        story.finish(runs[1], source.time.at + timedelta(minutes=4))
        source.time.sleep(24 * 3600)
        source.sync()
    assert len(source.rows(Deployment)) == len(runs) + 1
    assert len(source.asked("/jobs")) == 2
    assert source.reads_anew_alike()

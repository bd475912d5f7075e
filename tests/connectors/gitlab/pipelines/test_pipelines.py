"""Pipelines that change after they were read, and what rules see in runs and jobs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.interface import Json
from data.model import Deployment, GapReason, PipelineRun, TaskRun
from tests.connectors.gitlab.one_project import OneProject
from tests.connectors.house import Kill, Killed
from tests.doubles.gitlab import story


@pytest.fixture(autouse=True)
def begun(shop: OneProject) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())


def test_an_old_pipeline_that_is_retried_is_read_again_and_no_other(shop: OneProject) -> None:
    old = story.run(shop.world, shop.project, shop.at(), status="failed")
    for _ in range(150):
        story.run(shop.world, shop.project, shop.at())
    shop.sync()
    assert result(shop, old.id) == "failure"
    story.retry(shop.world, old, shop.dev, shop.at())
    shop.sync()
    assert result(shop, old.id) == "success"
    assert len(shop.asked(' Pipelines .*"source": null')) == 1
    assert shop.sync().pages == 0
    assert shop.reads_anew_alike()


def result(shop: OneProject, number: int) -> str:
    return next(row.result for row in shop.rows_of(PipelineRun) if row.run == str(number))


def test_a_pipeline_that_was_running_ends(shop: OneProject) -> None:
    run = story.run(shop.world, shop.project, shop.at(), status="running")
    shop.sync()
    (row,) = shop.rows_of(PipelineRun)
    assert (row.result, row.finished_at) == ("running", None)
    run.status, run.updated_at = "canceled", shop.at()
    run.finished_at = run.updated_at
    shop.sync()
    (row,) = shop.rows_of(PipelineRun)
    assert (row.result, row.finished_at) == ("cancelled", run.finished_at)


def test_pipelines_of_one_second_are_told_once_each(shop: OneProject) -> None:
    at = shop.at()
    for _ in range(7):
        story.run(shop.world, shop.project, at)
    shop.small_pages(3)
    shop.sync()
    assert len(shop.rows_of(PipelineRun)) == 7
    assert shop.sync().pages == 0
    story.run(shop.world, shop.project, at)
    shop.sync()
    assert len(shop.rows_of(PipelineRun)) == 8
    assert shop.sync().pages == 0


def test_more_news_than_fit_on_a_page_are_read_to_their_end(shop: OneProject) -> None:
    shop.small_pages(3)
    story.run(shop.world, shop.project, shop.at())
    shop.sync()
    for _ in range(10):
        story.run(shop.world, shop.project, shop.at())
    shop.sync()
    assert len(shop.rows_of(PipelineRun)) == 11
    assert shop.sync().pages == 0


def test_a_child_that_comes_later_is_told_with_its_parent(shop: OneProject) -> None:
    parent = story.run(shop.world, shop.project, shop.at())
    shop.sync()
    story.trigger(shop.world, parent, shop.at())
    shop.sync()
    rows = {row.event: row for row in shop.rows_of(PipelineRun)}
    assert rows["parent_pipeline"].parent == rows["push"].id
    assert shop.reads_anew_alike()


def test_a_parent_in_a_project_that_is_not_read_is_named_by_its_number(shop: OneProject) -> None:
    other = shop.world.project("elsewhere/infra")
    story.push(shop.world, other, shop.dev, shop.at())
    upstream = story.run(shop.world, other, shop.at())
    story.trigger(shop.world, upstream, shop.at(), project=shop.project)
    shop.sync()
    (row,) = shop.rows_of(PipelineRun)
    assert row.parent == f"gitlab:{other.id}#run/{upstream.id}/1"


def test_a_server_that_ignores_what_started_a_pipeline_doubles_nothing(shop: OneProject) -> None:
    parent = story.run(shop.world, shop.project, shop.at())
    story.trigger(shop.world, parent, shop.at())
    shop.double.ignored_filters.add("source")
    shop.sync()
    assert all(row.event == "push" for row in shop.rows_of(PipelineRun))
    (gap,) = shop.house.standing(f"pipelines:{shop.project.id}") or shop.house.standing(
        f"child_pipelines:{shop.project.id}"
    )
    assert gap.reason == GapReason.FILTER_IGNORED


def test_pipelines_of_merge_requests_bear_one_name(shop: OneProject) -> None:
    change = story.open_merge_request(shop.world, shop.project, shop.dev, shop.at())
    story.run_for(shop.world, change, shop.at())
    story.run(shop.world, shop.project, shop.at())
    shop.sync()
    assert {row.pipeline for row in shop.rows_of(PipelineRun)} == {"merge requests", "main"}


# --- rules ---------------------------------------------------------------------------------------


def test_without_a_rule_no_jobs_are_asked_for_and_no_run_deploys(shop: OneProject) -> None:
    story.run(shop.world, shop.project, shop.at())
    shop.sync()
    assert all(not asked.json["variables"]["jobs"] for asked in shop.asked(" Pipelines "))
    assert shop.rows_of(TaskRun) == []
    assert shop.rows_of(Deployment) == []


def test_runs_of_a_branch_are_deployments_where_a_rule_says_so(shop: OneProject) -> None:
    shop.settings = {"deployments": [{"from": "runs", "branch": "main", "environment": "live"}]}
    good = story.run(shop.world, shop.project, shop.at(), user=shop.dev)
    story.run(shop.world, shop.project, shop.at(), status="failed")
    story.run(shop.world, shop.project, shop.at(), status="skipped")
    story.trigger(shop.world, good, shop.at())
    story.run(shop.world, shop.project, shop.at(), ref="topic", sha=good.sha)
    story.deploy(shop.world, shop.project, "production", shop.at(), shop.bot)
    shop.sync()
    rows = shop.rows_of(Deployment)
    assert [row.status for row in rows] == ["success", "failed", "cancelled"]
    assert {row.environment for row in rows} == {"live"}
    assert rows[0].id == f"gitlab:acme/shop/web#run/{good.id}/1"
    assert (rows[0].deployed_at, rows[0].triggered_by) == (good.finished_at, "dev-1")
    assert not shop.asked("/deployments")


def test_jobs_are_deployments_by_their_name_and_a_retry_is_another_attempt(
    shop: OneProject,
) -> None:
    shop.settings = {"deployments": [{"from": "jobs", "name": "deploy {service} to {environment}"}]}
    run = story.run(shop.world, shop.project, shop.at(), jobs=("test",))
    first = story.add_job(shop.world, run, "deploy cart to live", "failed")
    again = story.retry_job(shop.world, first, shop.dev, shop.at())
    story.add_job(shop.world, run, "deploy search to live", "manual")
    story.trigger(shop.world, run, shop.at(), jobs=("deploy api to stage",))
    shop.sync()
    told = {
        (row.service, row.environment, row.attempt, row.status): row
        for row in shop.rows_of(Deployment)
    }
    assert set(told) == {
        ("cart", "live", 1, "failed"),
        ("cart", "live", 2, "success"),
        ("api", "stage", 1, "success"),
    }
    assert told["cart", "live", 2, "success"].deployed_at == again.finished_at
    assert len({row.run for row in told.values()}) == 2
    tasks = {(row.name, row.attempt): row.result for row in shop.rows_of(TaskRun)}
    assert tasks == {
        ("test", 1): "success",
        ("deploy cart to live", 1): "failure",
        ("deploy cart to live", 2): "success",
        ("deploy search to live", 1): "skipped",
        ("deploy api to stage", 1): "success",
    }


def test_jobs_that_do_not_fit_on_the_page_are_asked_for(shop: OneProject) -> None:
    shop.settings = {"deployments": [{"from": "jobs", "name": "deploy*"}]}
    run = story.run(
        shop.world, shop.project, shop.at(), jobs=[f"job-{number}" for number in range(120)]
    )
    story.retry_job(shop.world, run.jobs[0], shop.dev, shop.at())
    story.add_job(shop.world, run, "deploy")
    shop.sync()
    assert len(shop.rows_of(TaskRun)) == 122
    assert [row.attempt for row in shop.rows_of(TaskRun) if row.name == "job-0"] == [1, 2]
    assert len(shop.rows_of(Deployment)) == 1


def test_a_backfill_that_is_killed_goes_on_and_sees_what_changed_meanwhile(
    shop: OneProject,
) -> None:
    shop.small_pages(3)
    runs = [story.run(shop.world, shop.project, shop.at()) for _ in range(12)]
    shop.time.at += timedelta(days=1)
    with pytest.raises(Killed):
        shop.try_sync(Kill(6, is_committed=True))
    shop.house.take_logged(shop.connector())
    assert 0 < len(shop.rows_of(PipelineRun)) < 12
    runs[0].jobs[0].status = runs[0].status = "failed"
    runs[-1].jobs[0].status = runs[-1].status = "failed"
    runs[0].updated_at = runs[-1].updated_at = shop.time.at - timedelta(hours=1)
    shop.sync()
    assert [result(shop, run.id) for run in (runs[0], runs[-1])] == ["failure", "failure"]
    assert len(shop.rows_of(PipelineRun)) == 12
    assert shop.sync().pages == 0


def test_one_that_could_not_be_read_is_no_gap_once_it_is(shop: OneProject) -> None:
    run = story.run(shop.world, shop.project, shop.at(), status="running")

    def without_account(answer: Json) -> Json:
        for node in answer["data"]["project"]["pipelines"]["nodes"]:
            node["user"] = 7
        return answer

    shop.double.damage(" Pipelines ", without_account)
    shop.sync()
    assert [gap.reason for gap in shop.house.gaps()] == [GapReason.UNREADABLE]
    shop.double.allow()
    run.status, run.updated_at = "success", shop.at()
    run.finished_at = run.updated_at
    shop.sync()
    assert (shop.house.gaps(), result(shop, run.id)) == ([], "success")

"""Deployments that change after they were read, and who approved them."""

from __future__ import annotations

from data.model import Deployment, DeploymentStatus, Environment, GapReason
from tests.connectors.gitlab.one_project import OneProject
from tests.doubles.gitlab import story


def begun(shop: OneProject, count: int = 0) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())
    for _ in range(count):
        deploy(shop)


def deploy(shop: OneProject, status: str = "success", **told: object) -> object:
    run = story.run(shop.world, shop.project, shop.at(), user=shop.dev)
    return story.deploy(
        shop.world,
        shop.project,
        str(told.pop("to", "production")),
        shop.at(),
        shop.bot,
        pipeline=run,
        status=status,
        **told,  # type: ignore[arg-type]
    )


def test_one_that_waits_runs_and_ends_is_one_row_throughout(shop: OneProject) -> None:
    begun(shop)
    story.guard(shop.world, shop.project, "production")
    waiting = deploy(shop, "blocked", required_approvals=1)
    shop.sync()
    (row,) = shop.rows_of(Deployment)
    assert (row.status, row.approved_by) == (DeploymentStatus.RUNNING, ())
    story.decide(waiting, shop.reviewer, shop.at())  # type: ignore[arg-type]
    story.finish(waiting, "success", shop.at())  # type: ignore[arg-type]
    shop.sync()
    (row,) = shop.rows_of(Deployment)
    assert (row.status, row.approved_by) == (DeploymentStatus.SUCCESS, ("reviewer-2",))
    assert shop.reads_anew_alike()


def test_a_job_by_hand_deploys_once_somebody_starts_it(shop: OneProject) -> None:
    begun(shop)
    made = deploy(shop, "created")
    shop.sync()
    assert shop.rows_of(Deployment) == []
    story.finish(made, "success", shop.at())  # type: ignore[arg-type]
    shop.sync()
    assert len(shop.rows_of(Deployment)) == 1


def test_approvals_are_asked_for_protected_environments_alone(shop: OneProject) -> None:
    begun(shop)
    story.guard(shop.world, shop.project, "production")
    deploy(shop)
    deploy(shop, to="staging")
    shop.sync()
    (asked,) = shop.asked("DeploymentApprovals")
    assert asked.json["variables"]["environment"] == "production"
    shop.sync()
    assert not shop.asked("DeploymentApprovals")


def test_approvals_of_many_deployments_are_asked_for_a_hundred_at_once(shop: OneProject) -> None:
    begun(shop)
    story.guard(shop.world, shop.project, "production")
    for _ in range(210):
        story.decide(deploy(shop, required_approvals=1), shop.reviewer, shop.at())  # type: ignore[arg-type]
    shop.sync()
    assert len(shop.asked("DeploymentApprovals")) == 3
    assert {row.approved_by for row in shop.rows_of(Deployment)} == {("reviewer-2",)}


def test_without_the_right_or_the_plan_approvals_are_unknown(shop: OneProject) -> None:
    begun(shop)
    deploy(shop)
    shop.project.group.lineage[-1].plan = "free"
    shop.sync()
    (row,) = shop.rows_of(Deployment)
    assert row.approved_by is None
    (environment,) = shop.rows_of(Environment)
    assert (environment.reviewers, environment.required_approvals) == (None, None)
    assert environment.tier == "production"
    assert shop.house.gaps() == []


def test_rules_choose_environments_and_name_services(shop: OneProject) -> None:
    shop.settings = {"deployments": [{"name": "{environment}/{service}"}]}
    begun(shop)
    deploy(shop, to="live/cart")
    deploy(shop, to="review/fix-17/x")
    deploy(shop, to="elsewhere")
    shop.sync()
    told = {(row.service, row.environment) for row in shop.rows_of(Deployment)}
    assert told == {("cart", "live")}


def test_a_deployment_of_a_tag_bears_its_version(shop: OneProject) -> None:
    begun(shop)
    story.tag(shop.project, "v1.2.3")
    run = story.run(
        shop.world,
        shop.project,
        shop.at(),
        ref="v1.2.3",
        sha=shop.project.branches["main"],
        is_tag=True,
    )
    story.deploy(
        shop.world,
        shop.project,
        "production",
        shop.at(),
        None,
        ref="v1.2.3",
        pipeline=run,
        sha=shop.project.branches["main"],
    )
    shop.sync()
    (row,) = shop.rows_of(Deployment)
    assert (row.version, row.triggered_by) == ("v1.2.3", None)


def test_an_environment_that_gets_another_tier_is_told(shop: OneProject) -> None:
    begun(shop, 1)
    shop.sync()
    shop.project.environments[0].tier = "staging"
    shop.sync()
    (row,) = shop.rows_of(Environment)
    assert row.tier == "staging"
    assert shop.sync().pages == 0


def test_the_newest_come_first(shop: OneProject) -> None:
    begun(shop, 9)
    shop.small_pages(3)
    shop.sync()
    pages = [page for stream, page in shop.house.pages() if stream.startswith("deployments:")]
    newest = str(shop.project.deployments[-1].id).encode()
    assert newest in pages[0]
    assert len(pages) > 2
    assert len(shop.rows_of(Deployment)) == 9


def test_one_that_could_not_be_read_is_no_gap_once_it_is(shop: OneProject) -> None:
    begun(shop)
    running = deploy(shop, "running")
    shop.double.damage("/deployments", lambda told: [{**each, "status": None} for each in told])
    shop.sync()
    (gap,) = shop.house.gaps()
    assert (gap.reason, shop.rows_of(Deployment)) == (GapReason.UNREADABLE, [])
    shop.double.allow()
    story.finish(running, "success", shop.at())  # type: ignore[arg-type]
    shop.sync()
    assert (shop.house.gaps(), len(shop.rows_of(Deployment))) == ([], 1)
    assert shop.reads_anew_alike()

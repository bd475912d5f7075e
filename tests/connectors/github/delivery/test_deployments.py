"""Deployments as GitHub keeps them: how each ended, when, and where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest

from connectors.github.delivery.deployments import Deployments
from data.model import Deployment, GapReason
from tests.connectors.github.organisation import Organisation
from tests.doubles.github import story


def test_it_ended_when_it_was_told_to_succeed(acme: Organisation) -> None:
    web = acme.add_repository()
    made = acme.deploy(web, "queued", "in_progress", "success")
    acme.sync()
    told = acme.only(Deployment)
    assert (told.status, told.deployed_at, told.started_at) == (
        "success",
        acme.at,
        acme.at - timedelta(minutes=30),
    )
    assert (told.environment, told.service, told.sha) == ("production", "acme/web", made.sha)
    assert (told.triggered_by, told.version) == ("release-bot", None)


@pytest.mark.parametrize("is_newest_first", [True, False])
def test_the_order_of_statuses_does_not_matter(acme: Organisation, is_newest_first: bool) -> None:
    web = acme.add_repository()
    acme.double.are_statuses_newest_first = is_newest_first
    made = acme.deploy(web)
    begun, ended = acme.next(), acme.next()
    story.report(acme.world, made, "success", ended)
    story.report(acme.world, made, "in_progress", begun)
    acme.sync()
    assert (acme.only(Deployment).status, acme.only(Deployment).deployed_at) == ("success", ended)


def test_another_that_took_its_place_does_not_undo_it(acme: Organisation) -> None:
    web = acme.add_repository()
    acme.deploy(web, "success", "inactive")
    ended = acme.at - timedelta(minutes=10)
    acme.sync()
    assert (acme.only(Deployment).status, acme.only(Deployment).deployed_at) == ("success", ended)


def test_one_that_went_inactive_and_never_succeeded_is_unknown(acme: Organisation) -> None:
    web = acme.add_repository()
    acme.deploy(web, "in_progress", "inactive")
    acme.sync()
    assert acme.rows(Deployment) == []
    (gap,) = acme.gaps()
    assert (gap.reason, "`success`" in gap.fix) == (GapReason.TRUNCATED, True)


@pytest.mark.parametrize(
    ("states", "status"),
    [
        (("failure",), "failed"),
        (("error",), "failed"),
        (("failure", "inactive"), "failed"),
        (("success", "failure"), "success"),
        ((), "running"),
        (("waiting",), "running"),
        (("queued", "in_progress"), "running"),
    ],
)
def test_it_ended_as_it_was_told(acme: Organisation, states: tuple[str, ...], status: str) -> None:
    acme.deploy(acme.add_repository(), *states)
    acme.sync()
    assert acme.only(Deployment).status == status


def test_two_names_of_an_environment_that_differ_in_case_are_one(acme: Organisation) -> None:
    web = acme.add_repository()
    acme.deploy(web, "success", environment="Production")
    acme.deploy(web, "success", environment="production")
    acme.sync()
    assert [d.environment for d in acme.rows(Deployment)] == ["production"] * 2


def test_more_statuses_than_fit_on_a_page_are_read_whole(acme: Organisation) -> None:
    web = acme.add_repository()
    acme.double.are_statuses_newest_first = True
    made = acme.deploy(web, "success")
    ended = acme.at
    for _ in range(120):
        story.report(acme.world, made, "inactive", acme.next(1))
    acme.sync()
    assert (acme.only(Deployment).status, acme.only(Deployment).deployed_at) == ("success", ended)
    assert len(acme.double.asked.like("/statuses")) == 2


def test_a_deployment_of_a_tag_has_a_version(acme: Organisation) -> None:
    web = acme.add_repository()
    story.tag(acme.world, web, "v1.2.0")
    acme.deploy(web, "success", ref="v1.2.0")
    acme.sync()
    assert acme.only(Deployment).version == "v1.2.0"


def test_environments_that_no_rule_names_are_left_out(acme: Organisation) -> None:
    acme.settings["deployments"] = [{"name": "{service}-{environment}"}]
    web = acme.add_repository()
    acme.deploy(web, "success", environment="Shop-Live")
    acme.deploy(web, "success", environment="preview")
    acme.sync()
    told = acme.only(Deployment)
    assert (told.service, told.environment) == ("Shop", "live")


# --- what changes later -------------------------------------------------------------------------


@pytest.fixture
def small(acme: Organisation) -> Iterator[Organisation]:
    with patch.object(Deployments, "page_size", 3):
        yield acme


def test_one_that_was_under_way_is_read_until_it_ended(small: Organisation) -> None:
    web = small.add_repository()
    slow = small.deploy(web, "waiting")
    for _ in range(9):
        small.deploy(web, "success")
    small.sync()
    story.report(small.world, slow, "success", small.next())
    small.sync()
    statuses = [d.status for d in small.rows(Deployment)]
    assert statuses == ["success"] * 10


def test_a_new_one_does_not_have_the_last_month_read_again(small: Organisation) -> None:
    web = small.add_repository()
    for _ in range(12):
        small.deploy(web, "success")
    small.sync()
    small.deploy(web, "success")
    small.sync()
    assert len(small.rows(Deployment)) == 13
    assert len(small.double.asked.like(" Deployments ")) == 1


def test_a_deployment_that_is_deleted_while_it_is_read_stops_no_other(acme: Organisation) -> None:
    web = acme.add_repository()
    many, other = acme.deploy(web), acme.deploy(web, "success")
    for _ in range(40):
        story.report(acme.world, many, "in_progress", acme.next(1))
    acme.double.refuse(f"/deployments/{many.id}/statuses", 404)
    assert acme.sync().errors == []
    assert {d.id for d in acme.rows(Deployment)} >= {f"github:acme/web#deployment/{other.id}"}

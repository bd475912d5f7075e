"""Releases and tags, where the user says that they are deployments."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.model import Deployment, Version
from tests.connectors.gitlab.one_project import OneProject
from tests.doubles.gitlab import story

TAGS = {"deployments": [{"from": "tags", "name": "v{version}"}]}
RELEASES = {"deployments": [{"from": "releases", "name": "{service}-v{version}"}]}


@pytest.fixture(autouse=True)
def begun(shop: OneProject) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())


def versions(shop: OneProject) -> dict[str, Version]:
    return {row.name: row for row in shop.rows_of(Version)}


def deployed(shop: OneProject) -> dict[str | None, Deployment]:
    return {row.version: row for row in shop.rows_of(Deployment)}


def test_without_a_rule_neither_is_read(shop: OneProject) -> None:
    story.publish(shop.project, "v1.0.0", shop.dev, shop.at())
    shop.sync()
    assert versions(shop) == {}
    assert not shop.asked("/releases|/tags")


def test_tags_that_fit_deploy_when_they_were_made(shop: OneProject) -> None:
    shop.settings = TAGS
    sha = shop.project.branches["main"]
    story.tag(shop.project, "v1.0.0", message="First")
    shop.project.tags["v1.0.0"].created_at = told_at = shop.at()
    story.tag(shop.project, "v1.1.0")
    story.tag(shop.project, "v1.2.0-rc.1")
    story.tag(shop.project, "nightly")
    shop.sync()
    assert set(versions(shop)) == {"v1.0.0", "v1.1.0", "v1.2.0-rc.1", "nightly"}
    assert set(deployed(shop)) == {"1.0.0", "1.1.0"}
    assert deployed(shop)["1.0.0"].deployed_at == told_at
    assert deployed(shop)["1.1.0"].deployed_at == shop.project.commits[sha].committed_at
    assert {row.environment for row in deployed(shop).values()} == {"production"}
    assert versions(shop)["v1.0.0"].sha == sha


def test_previews_are_deployed_where_the_rule_says_so(shop: OneProject) -> None:
    shop.settings = {"deployments": [{"from": "tags", "include_prereleases": True}]}
    story.tag(shop.project, "v1.2.0-rc.1")
    shop.sync()
    assert set(deployed(shop)) == {"v1.2.0-rc.1"}


def test_a_tag_that_is_deleted_goes_and_one_that_moves_is_told(shop: OneProject) -> None:
    shop.settings = TAGS
    for name in ("v1.0.0", "v1.1.0"):
        story.tag(shop.project, name)
    shop.sync()
    assert shop.sync().pages == 0
    del shop.project.tags["v1.0.0"]
    moved = story.push(shop.world, shop.project, shop.dev, shop.at())
    story.tag(shop.project, "v1.1.0")
    shop.sync()
    assert {name: row.sha for name, row in versions(shop).items()} == {"v1.1.0": moved.sha}
    assert set(deployed(shop)) == {"1.1.0"}


def test_many_tags_are_read_page_by_page_and_an_idle_look_is_one_request(shop: OneProject) -> None:
    shop.settings = TAGS
    for number in range(250):
        story.tag(shop.project, f"v1.{number}.0")
    shop.sync()
    assert len(deployed(shop)) == 250
    shop.sync()
    assert len(shop.asked("/tags")) == 1


def test_releases_deploy_what_their_tag_names(shop: OneProject) -> None:
    shop.settings = RELEASES
    at = shop.at()
    story.publish(shop.project, "cart-v1.0.0", shop.dev, at)
    story.publish(shop.project, "cart-v1.1.0-beta.1", shop.dev, shop.at())
    shop.sync()
    (row,) = shop.rows_of(Deployment)
    assert (row.service, row.version, row.deployed_at) == ("cart", "1.0.0", at)
    assert (row.triggered_by, row.sha) == ("dev-1", shop.project.branches["main"])
    assert set(versions(shop)) == {"cart-v1.0.0", "cart-v1.1.0-beta.1"}


def test_a_release_that_is_yet_to_come_is_none(shop: OneProject) -> None:
    shop.settings = RELEASES
    later = shop.time.at + timedelta(days=2)
    story.publish(shop.project, "cart-v2.0.0", shop.dev, shop.at(), released_at=later)
    shop.sync()
    assert versions(shop) == {}
    shop.time.at = later + timedelta(days=1)
    shop.sync()
    assert set(deployed(shop)) == {"2.0.0"}

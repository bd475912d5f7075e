"""Releases of a repository, where they are its deployments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.github.delivery.releases import Releases
from data.model import Deployment, Gap, GapReason, Record, Version
from tests.connectors.github.one_stream import A_DAY, OneStream, asking_with, small_pages
from tests.connectors.house import Kill, Killed
from tests.doubles.github import story
from tests.doubles.github.world import Release

NODE: Mapping[str, Any] = {
    "databaseId": 5,
    "url": "https://git.example.com/acme/web/releases/tag/v1.2.0",
    "name": "Spring",
    "tagName": "v1.2.0",
    "tagCommit": {"oid": "b" * 40},
    "isDraft": False,
    "isPrerelease": False,
    "createdAt": "2026-02-01T09:00:00Z",
    "publishedAt": "2026-02-01T10:00:00Z",
    "updatedAt": "2026-02-01T10:00:00Z",
    "author": {"__typename": "Bot", "login": "release-bot"},
}


def rows_of(rule: Mapping[str, Any], *nodes: Any) -> list[Record]:
    """Rows of a page with these releases."""
    reader = Releases(asking_with(deployments=[{"from": "releases", **rule}]))
    answer = {"data": {"repository": {"releases": {"nodes": list(nodes)}}}}
    return list(reader.rows({"repository": "acme/web"}, [answer]))


def deployed(rule: Mapping[str, Any], *nodes: Any) -> list[Deployment]:
    return [row for row in rows_of(rule, *nodes) if isinstance(row, Deployment)]


def test_a_release_is_a_version_and_a_deployment_when_it_is_published() -> None:
    version, deployment = rows_of({}, NODE)
    assert isinstance(version, Version)
    assert isinstance(deployment, Deployment)
    assert version.id == deployment.id == "github:acme/web#release/5"
    assert (version.name, version.sha) == ("v1.2.0", "b" * 40)
    assert (deployment.service, deployment.environment) == ("acme/web", "production")
    assert (deployment.version, deployment.status) == ("v1.2.0", "success")
    assert deployment.deployed_at.hour == 10
    assert (deployment.sha, deployment.triggered_by) == ("b" * 40, "release-bot")


def test_the_tag_names_service_and_version() -> None:
    (row,) = deployed({"name": "{service}/v{version}"}, {**NODE, "tagName": "shop/v3.1"})
    assert (row.service, row.version, row.title) == ("shop", "3.1", "shop 3.1")


@pytest.mark.parametrize(
    "preview", [{"isPrerelease": True}, {"tagName": "v2.0.0-rc.1"}, {"tagName": "v2.0b1"}]
)
def test_a_preview_is_deployed_only_where_the_user_says_so(preview: Mapping[str, Any]) -> None:
    assert not deployed({}, {**NODE, **preview})
    assert len(deployed({"include_prereleases": True}, {**NODE, **preview})) == 1


def test_a_draft_is_nothing_yet() -> None:
    assert not rows_of({}, {**NODE, "isDraft": True, "publishedAt": None})


def test_a_release_without_its_tag_or_its_author_is_still_one() -> None:
    (row,) = deployed({}, {**NODE, "tagCommit": None, "author": None})
    assert (row.sha, row.triggered_by) == (None, None)


def test_where_tags_are_read_they_tell_the_versions() -> None:
    rules = [{"from": "releases"}, {"from": "tags"}]
    answer = {"data": {"repository": {"releases": {"nodes": [NODE]}}}}
    rows = Releases(asking_with(deployments=rules)).rows({"repository": "acme/web"}, [answer])
    assert [type(row) for row in rows] == [Deployment]


def test_a_release_that_cannot_be_read_is_a_gap_and_the_others_stand() -> None:
    renamed = {name: value for name, value in NODE.items() if name != "isPrerelease"}
    gap, *others = rows_of({}, renamed, {**NODE, "databaseId": 6})
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.count) == (GapReason.UNREADABLE, 1)
    assert len(others) == 2


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneStream]:
    made = OneStream(tmp_path, Releases, deployments=[{"from": "releases"}])
    story.push(made.world, made.repository, made.dev, made.time.at - 400 * A_DAY, "Begin")
    yield made
    made.close()


def publishes(source: OneStream, days_ago: int, **told: Any) -> Release:
    name = f"v1.{400 - days_ago}.0"
    at = source.time.at - days_ago * A_DAY
    return story.publish(source.world, source.repository, source.dev, at, name, **told)


def test_releases_are_asked_for_only_where_they_are_deployments(source: OneStream) -> None:
    source.settings["deployments"] = [{"from": "deployments"}]
    publishes(source, 3)
    source.sync()
    assert not source.double.asked.like("/releases|graphql")


def test_a_sync_without_news_is_free(source: OneStream) -> None:
    publishes(source, 3)
    source.sync()
    assert source.sync().pages == 0
    assert not source.asked("/releases|graphql")


def test_what_is_published_edited_and_deleted_is_seen(source: OneStream) -> None:
    with small_pages(Releases, 3):
        kept, edited, deleted = (publishes(source, days) for days in (40, 30, 20))
        draft = publishes(source, 10, is_draft=True)
        source.sync()
        assert len(source.rows(Deployment)) == 3
        draft.is_draft, draft.published_at = False, source.time.at
        edited.is_prerelease = True
        source.repository.releases.remove(deleted)
        source.sync()
        told = {row.id.rpartition("/")[2] for row in source.rows(Deployment)}
        assert told == {str(kept.id), str(draft.id)}
        assert source.reads_anew_alike()


@pytest.mark.parametrize("is_committed", [True, False])
@pytest.mark.parametrize("page", [1, 2])
def test_a_kill_is_resumed_where_it_was(source: OneStream, page: int, is_committed: bool) -> None:
    with small_pages(Releases, 3):
        for days in range(20, 9, -1):
            publishes(source, days)
        source.sync()
        source.repository.releases.pop(0)
        source.time.sleep(60)
        publishes(source, 0)
        with pytest.raises(Killed):
            source.sync(Kill(page, is_committed=is_committed))
        source.sync()
        assert source.sync().pages == 0
        assert len(source.rows(Deployment)) == 11
        assert source.reads_anew_alike()


def test_how_far_back_releases_are_known_is_told_in_the_first_reading_alone(
    source: OneStream,
) -> None:
    with small_pages(Releases, 3):
        for days in range(20, 12, -1):
            publishes(source, days)
        connector = source.connector()
        stream = next(s for s in connector.discover() if s.name == source.stream)
        first = list(connector.pull(stream, None))
        publishes(source, 1)
        second = list(connector.pull(stream, first[-1].cursor))
    at = source.time.at
    assert [batch.complete_from for batch in first] == [at - 15 * A_DAY, at - 18 * A_DAY, None]
    assert [batch.complete_from for batch in second] == [None] * 3
    assert [batch.is_first for batch in first] == [True, False, False]
    assert [batch.is_last for batch in first] == [False, False, True]


def test_an_hour_is_told_in_any_zone(source: OneStream) -> None:
    publishes(source, 3)
    source.sync()
    (row,) = source.rows(Deployment)
    assert row.deployed_at == source.time.at - timedelta(days=3)

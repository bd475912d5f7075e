"""Tags of a repository, where they are its deployments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.github.delivery.tags import Tags
from data.model import Deployment, Gap, GapReason, Record, Version
from tests.connectors.github.one_stream import A_DAY, OneStream, asking_with, small_pages
from tests.connectors.house import Kill, Killed
from tests.doubles.github import story

COMMIT = {"__typename": "Commit", "oid": "c" * 40, "committedDate": "2026-02-01T10:00:00Z"}
LIGHT: Mapping[str, Any] = {"name": "v1.2.0", "target": COMMIT}
ANNOTATED: Mapping[str, Any] = {
    "name": "v1.3.0",
    "target": {
        "__typename": "Tag",
        "oid": "d" * 40,
        "tagger": {"date": "2026-02-03T12:00:00+01:00"},
        "target": COMMIT,
    },
}


def rows_of(rule: Mapping[str, Any], *nodes: Any) -> list[Record]:
    """Rows of a page with these tags."""
    reader = Tags(asking_with(deployments=[{"from": "tags", **rule}]))
    answer = {"data": {"repository": {"refs": {"nodes": list(nodes)}}}}
    return list(reader.rows({"repository": "acme/web"}, [answer]))


def test_a_tag_is_a_version_and_a_deployment_at_the_time_of_its_commit() -> None:
    version, deployment = rows_of({}, LIGHT)
    assert isinstance(version, Version)
    assert isinstance(deployment, Deployment)
    assert version.id == deployment.id == "github:acme/web#tag/v1.2.0"
    assert version.sha == deployment.sha == "c" * 40
    assert version.tagged_at == deployment.deployed_at
    assert deployment.deployed_at == datetime.fromisoformat("2026-02-01T10:00:00Z")
    assert (deployment.service, deployment.version) == ("acme/web", "v1.2.0")


def test_an_annotated_tag_has_the_time_of_its_annotation_and_names_the_commit() -> None:
    version, deployment = rows_of({}, ANNOTATED)
    assert isinstance(version, Version)
    assert isinstance(deployment, Deployment)
    assert version.sha == "c" * 40
    assert deployment.deployed_at == datetime.fromisoformat("2026-02-03T11:00:00Z")


def test_an_annotation_without_a_time_has_that_of_its_commit() -> None:
    target = {**ANNOTATED["target"], "tagger": None}
    version, _ = rows_of({}, {**ANNOTATED, "target": target})
    assert isinstance(version, Version)
    assert version.tagged_at == datetime.fromisoformat("2026-02-01T10:00:00Z")


@pytest.mark.parametrize("kind", ["Tree", "Blob"])
def test_a_tag_that_names_no_commit_is_a_version_that_deploys_nothing(kind: str) -> None:
    (version,) = rows_of({}, {"name": "v0", "target": {"__typename": kind, "oid": "e" * 40}})
    assert isinstance(version, Version)
    assert (version.sha, version.tagged_at) == (None, None)


def test_previews_and_tags_that_do_not_fit_deploy_nothing() -> None:
    rule = {"name": "{service}/v{version}"}
    names = ("shop/v1.0.0", "shop/v1.1.0-rc.1", "nightly", "preview-shop/v2.0.0")
    rows = rows_of(rule, *({**LIGHT, "name": name} for name in names))
    deployed = [row for row in rows if isinstance(row, Deployment)]
    assert [(row.service, row.version) for row in deployed] == [
        ("shop", "1.0.0"),
        ("preview-shop", "2.0.0"),
    ]
    assert len([row for row in rows if isinstance(row, Version)]) == len(names)


def test_a_tag_that_cannot_be_read_is_a_gap_and_the_others_stand() -> None:
    gap, *others = rows_of({}, {"name": "v1"}, LIGHT)
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.count) == (GapReason.UNREADABLE, 1)
    assert len(others) == 2


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneStream]:
    made = OneStream(tmp_path, Tags, deployments=[{"from": "tags"}])
    for days in range(20, 10, -1):
        at = made.time.at - days * A_DAY
        commit = story.push(made.world, made.repository, made.dev, at, f"Change {days}")
        story.tag(made.world, made.repository, f"v1.{days}.0", commit.sha)
    yield made
    made.close()


def test_tags_are_asked_for_only_where_they_are_deployments(source: OneStream) -> None:
    source.settings["deployments"] = [{"from": "releases"}]
    source.sync()
    assert not source.double.asked.like("/tags|graphql")


def test_a_sync_without_news_is_free(source: OneStream) -> None:
    source.sync()
    assert len(source.rows(Deployment)) == 10
    assert source.sync().pages == 0
    assert not source.asked("/tags|graphql")


def test_what_is_made_moved_and_deleted_is_seen(source: OneStream) -> None:
    with small_pages(Tags, 3):
        source.sync()
        head = source.repository.head
        story.tag(source.world, source.repository, "v2.0.0", tagged_at=source.time.at)
        source.repository.tags["v1.15.0"].commit = head
        del source.repository.tags["v1.20.0"]
        source.sync()
    told = {row.version: row for row in source.rows(Deployment)}
    assert len(told) == 10
    assert told["v2.0.0"].deployed_at == source.time.at
    assert told["v1.15.0"].sha == head
    assert "v1.20.0" not in told
    assert source.reads_anew_alike()


@pytest.mark.parametrize("is_committed", [True, False])
@pytest.mark.parametrize("page", [0, 1, 3])
def test_a_kill_is_resumed_and_a_tag_made_meanwhile_is_not_lost(
    source: OneStream, page: int, is_committed: bool
) -> None:
    with small_pages(Tags, 3):
        with pytest.raises(Killed):
            source.sync(Kill(page, is_committed=is_committed))
        story.tag(source.world, source.repository, "v2.0.0", tagged_at=source.time.at)
        source.sync()
        assert source.sync().pages == 0
        assert len(source.rows(Deployment)) == 11
        assert source.reads_anew_alike()

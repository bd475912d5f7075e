"""What the history of an application becomes, and what Argo CD forgets of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from connectors.argocd.settings import Settings
from data.model import Deployment, GapReason
from tests.connectors.argocd.test_conformance import ArgoCdBinding
from tests.connectors.one_api import OneApi
from tests.doubles.argocd.double import ArgoCdDouble

CHART = {"repoURL": "https://charts.example", "chart": "web", "targetRevision": "1.2.3"}
VALUES = {"repoURL": "https://git.example/acme/values.git", "ref": "values"}
CODE = {"repoURL": "git@git.example:acme/web.git", "path": "deploy"}


class Empty(ArgoCdBinding):
    """A server without applications."""

    def tell_the_story(self) -> None:
        self.given: dict[str, Any] = {}
        self.web = self.double.add("web")

    def settings(self) -> dict[str, Any]:
        return self.given


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OneApi]:
    with closing(OneApi(Empty, tmp_path)) as made:
        yield made


@pytest.fixture
def source(server: OneApi) -> Empty:
    assert isinstance(server.source, Empty)
    return server.source


def _double(source: Empty) -> ArgoCdDouble:
    found = source.double
    assert isinstance(found, ArgoCdDouble)
    return found


def _told(server: OneApi) -> list[tuple[str | None, str]]:
    return [(row.version, row.status) for row in server.rows(Deployment)]


def test_an_application_that_was_never_synced_deployed_nothing(server: OneApi) -> None:
    server.sync()
    assert not server.rows(Deployment)
    assert not server.house.gaps()


def test_each_sync_is_a_deployment_with_the_tag_of_its_image(server: OneApi, source: Empty) -> None:
    for revision in ("a" * 40, "b" * 40):
        source.deploy(source.web, revision)
        server.sync()
    assert _told(server) == [("aaaaaa", "success"), ("bbbbbb", "success")]
    (first, _) = server.rows(Deployment)
    assert (first.service, first.environment, first.sha) == ("web", "production", None)
    assert first.triggered_by is None


def test_what_was_deployed_before_the_first_reading_bears_its_revision(
    server: OneApi, source: Empty
) -> None:
    source.deploy(source.web, "a" * 40)
    source.deploy(source.web, "b" * 40)
    server.sync()
    assert _told(server) == [("a" * 12, "success"), ("bbbbbb", "success")]


def test_more_syncs_than_are_kept_are_a_gap_with_its_time_and_number(
    server: OneApi, source: Empty
) -> None:
    source.deploy(source.web, "a" * 40)
    server.sync()
    (known,) = server.rows(Deployment)
    for number in range(13):
        source.deploy(source.web, f"{number:040x}")
    server.sync()
    (gap,) = server.gaps(GapReason.TRUNCATED)
    assert gap.count == 3
    assert gap.since_at == known.deployed_at
    assert len(server.rows(Deployment)) == 11
    assert gap.until_at == server.rows(Deployment)[1].deployed_at


def test_exactly_as_many_syncs_as_are_kept_are_no_gap(server: OneApi, source: Empty) -> None:
    source.deploy(source.web, "a" * 40)
    server.sync()
    for number in range(10):
        source.deploy(source.web, f"{number:040x}")
    server.sync()
    assert len(server.rows(Deployment)) == 11
    assert not server.house.gaps()


def test_what_was_forgotten_before_the_first_reading_is_a_gap_too(
    server: OneApi, source: Empty
) -> None:
    for number in range(12):
        source.deploy(source.web, f"{number:040x}")
    server.sync()
    (gap,) = server.gaps(GapReason.TRUNCATED)
    assert (gap.count, gap.since_at) == (2, None)


def test_an_application_made_anew_begins_its_numbers_anew(server: OneApi, source: Empty) -> None:
    for number in range(3):
        source.deploy(source.web, f"{number:040x}")
    server.sync()
    double = _double(source)
    double.applications.clear()
    double.add("other")
    source.web = double.add("web")
    source.deploy(source.web, "a" * 40)
    server.sync()
    assert len(server.rows(Deployment)) == 4
    assert not server.house.gaps()


def test_an_application_that_keeps_no_history_still_tells_its_last_sync(
    server: OneApi, source: Empty
) -> None:
    source.web.limit = 0
    source.deploy(source.web, "a" * 40)
    server.sync()
    assert _told(server) == [("a" * 12, "success")]
    assert len(server.gaps(GapReason.TRUNCATED)) == 1


@pytest.mark.parametrize(("phase", "status"), [("Failed", "failed"), ("Error", "failed")])
def test_a_sync_that_failed_is_a_failed_deployment(
    server: OneApi, source: Empty, phase: str, status: str
) -> None:
    source.deploy(source.web, "a" * 40, phase)
    server.sync()
    assert _told(server) == [("a" * 12, status)]


def test_a_sync_that_runs_becomes_the_deployment_that_it_ends_as(
    server: OneApi, source: Empty
) -> None:
    source.wait()
    _double(source).begin(source.web, source.time.at, user="dev-1")
    server.sync()
    assert [row.status for row in server.rows(Deployment)] == ["running"]
    source.wait()
    _double(source).end(source.web, source.time.at, "a" * 40, ["registry.example/web:v1"])
    server.sync()
    (row,) = server.rows(Deployment)
    assert (row.status, row.version, row.triggered_by) == ("success", "v1", "dev-1")
    assert row.deployed_at == source.time.at


def test_a_sync_that_ran_and_is_in_no_history_failed(server: OneApi, source: Empty) -> None:
    source.wait()
    _double(source).begin(source.web, source.time.at)
    server.sync()
    source.deploy(source.web, "b" * 40)
    server.sync()
    assert [row.status for row in server.rows(Deployment)] == ["failed", "success"]


@pytest.mark.parametrize("sync", [{"dryRun": True}, {"resources": [{"kind": "ConfigMap"}]}])
def test_a_dry_run_or_a_part_of_an_application_is_no_deployment(
    server: OneApi, source: Empty, sync: dict[str, Any]
) -> None:
    double = _double(source)
    double.begin(source.web, source.time.at, **sync)
    double.end(source.web, source.time.at, "a" * 40)
    server.sync()
    assert not server.rows(Deployment)


def test_a_rollback_deploys_the_same_version_again(server: OneApi, source: Empty) -> None:
    for revision in ("a" * 40, "b" * 40, "a" * 40):
        source.deploy(source.web, revision)
        server.sync()
    assert [version for version, _ in _told(server)] == ["aaaaaa", "bbbbbb", "aaaaaa"]


def test_of_several_sources_the_chart_is_the_version(server: OneApi, source: Empty) -> None:
    source.web.sources = [CHART, VALUES]
    source.wait()
    _double(source).begin(source.web, source.time.at)
    _double(source).end(source.web, source.time.at, ["1.2.3", "c" * 40], ["a:1", "b:2"])
    server.sync()
    assert _told(server) == [("1.2.3", "success")]


def test_a_repository_of_code_tells_the_commit(server: OneApi, source: Empty) -> None:
    source.given = {"has_code": True}
    source.web.sources = [VALUES, CODE]
    source.wait()
    _double(source).begin(source.web, source.time.at)
    _double(source).end(source.web, source.time.at, ["c" * 40, "d" * 40])
    server.sync()
    (row,) = server.rows(Deployment)
    assert (row.repository, row.sha) == ("acme/web", "d" * 40)


def test_parameters_of_a_chart_are_not_archived(server: OneApi, source: Empty) -> None:
    source.web.source["helm"] = {"parameters": [{"name": "password", "value": "s3cr3t-thing"}]}
    source.deploy(source.web, "a" * 40)
    server.sync()
    assert not [page for _, page in server.house.pages() if b"s3cr3t-thing" in page]


def test_what_argo_cd_forgot_is_told_again_from_the_start(server: OneApi, source: Empty) -> None:
    for number in range(12):
        source.deploy(source.web, f"{number:040x}")
        server.sync()
    before = server.rows(Deployment)
    assert len(before) == 12
    server.house.set_cursors({})
    server.sync()
    assert server.rows(Deployment) == before


APPLICATION = {
    "metadata": {"name": "web-stg", "labels": {"env": "qa", "app": "frontend"}},
    "spec": {"project": "shop", "destination": {"namespace": "web", "name": "prod-eu"}},
}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, ("web-stg", "production")),
        ({"environment": "live"}, ("web-stg", "live")),
        ({"application": "{service}-{environment}"}, ("web", "stg")),
        ({"environment_label": "env", "application": "{service}-{environment}"}, ("web", "qa")),
        ({"service_label": "app", "environments": {"cluster:prod-*": "p"}}, ("frontend", "p")),
        ({"environments": {"project:x": "a", "namespace:web": "b"}}, ("web-stg", "b")),
        ({"environments": {"name:*-stg": "staging"}}, ("web-stg", "staging")),
    ],
)
def test_service_and_environment_are_told_by_label_name_or_place(
    given: dict[str, Any], named: tuple[str, str]
) -> None:
    settings = Settings(url="https://argo.example", token="env:TOKEN", **given)
    assert settings.named(APPLICATION) == named


def test_a_pattern_of_nothing_known_is_refused() -> None:
    with pytest.raises(ValueError, match="must begin with"):
        Settings(url="https://argo.example", token="env:TOKEN", environments={"team:x": "a"})

"""Base files, the environments that inherit them, and the files that override them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.connectors.git.builder import GitRepo
from tests.connectors.gitops.config_repository import ConfigReader, image

OVERLAY = {"pattern": "apps/{service}/{environment:prod|stg}.yaml"}
ALWAYS = {"pattern": "apps/{service}/base.yaml", "inherit": ["prod", "stg"]}
BESIDE = ALWAYS | {"inherit_when": "overlay"}


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "config")


def read(folder: Path, *rules: dict[str, Any]) -> ConfigReader:
    return ConfigReader(folder, value={"yaml": "image"}, rule=list(rules)).sync()


def base(repo: GitRepo, tag: str) -> str:
    return repo.commit(f"base {tag}", {"apps/shop/base.yaml": image(tag)})


def overlay(repo: GitRepo, environment: str, content: str | None) -> str:
    return repo.commit(environment, {f"apps/shop/{environment}.yaml": content})


def test_a_path_that_names_no_environment_has_the_default_one(
    repo: GitRepo, tmp_path: Path
) -> None:
    base(repo, "v1")
    reader = read(tmp_path, {"pattern": "apps/{service}/base.yaml", "default_environment": "prod"})
    assert [(row.environment, row.version) for row in reader.deployments()] == [("prod", "v1")]


def test_a_file_of_the_default_environment_overrides_the_base(
    repo: GitRepo, tmp_path: Path
) -> None:
    base(repo, "v1")
    overlay(repo, "prod", image("v0"))
    base(repo, "v2")
    rule = {"pattern": "apps/{service}/base.yaml", "default_environment": "prod"}
    assert read(tmp_path, rule, OVERLAY).versions() == ["v1", "v0"]


def test_a_base_file_deploys_to_every_environment_that_inherits_it(
    repo: GitRepo, tmp_path: Path
) -> None:
    base(repo, "v1")
    base(repo, "v2")
    reader = read(tmp_path, OVERLAY, ALWAYS)
    assert reader.versions("prod") == reader.versions("stg") == ["v1", "v2"]


def test_an_environment_with_a_value_of_its_own_is_not_touched_by_the_base(
    repo: GitRepo, tmp_path: Path
) -> None:
    base(repo, "v1")
    overlay(repo, "stg", image("pr-7"))
    base(repo, "v2")
    reader = read(tmp_path, OVERLAY, ALWAYS)
    assert reader.versions("stg") == ["v1", "pr-7"]
    assert reader.versions("prod") == ["v1", "v2"]


def test_an_overlay_that_says_what_the_base_says_deploys_nothing(
    repo: GitRepo, tmp_path: Path
) -> None:
    base(repo, "v1")
    overlay(repo, "stg", image("v1"))
    overlay(repo, "stg", None)
    assert read(tmp_path, OVERLAY, ALWAYS).versions("stg") == ["v1"]


@pytest.mark.parametrize("without", ["replicas: 2\n", None])
def test_an_overlay_that_gives_its_value_up_deploys_the_base_again(
    repo: GitRepo, tmp_path: Path, without: str | None
) -> None:
    base(repo, "v1")
    overlay(repo, "stg", image("pr-7"))
    overlay(repo, "stg", without)
    reader = read(tmp_path, OVERLAY, ALWAYS)
    assert reader.versions("stg") == ["v1", "pr-7", "v1"]
    assert reader.versions("prod") == ["v1"]


def test_with_overlays_asked_for_only_environments_with_a_file_inherit(
    repo: GitRepo, tmp_path: Path
) -> None:
    base(repo, "v1")
    overlay(repo, "prod", "replicas: 2\n")
    base(repo, "v2")
    overlay(repo, "prod", None)
    base(repo, "v3")
    reader = read(tmp_path, OVERLAY, BESIDE)
    assert reader.versions("prod") == ["v1", "v2"]
    assert reader.versions("stg") == []


def test_the_deployment_that_an_overlay_starts_is_of_the_commit_that_adds_it(
    repo: GitRepo, tmp_path: Path
) -> None:
    base(repo, "v1")
    sha = overlay(repo, "prod", "replicas: 2\n")
    assert [row.run for row in read(tmp_path, OVERLAY, BESIDE).deployments()] == [sha]


def test_base_and_overlay_may_come_in_one_commit(repo: GitRepo, tmp_path: Path) -> None:
    files = {"apps/shop/prod.yaml": "replicas: 2\n", "apps/shop/base.yaml": image("v1")}
    repo.commit("both", files)
    repo.commit("gone", dict.fromkeys(files))
    repo.commit("back", files)
    assert read(tmp_path, OVERLAY, BESIDE).versions() == ["v1", "v1"]


def test_a_base_file_beside_no_overlay_is_told(repo: GitRepo, tmp_path: Path) -> None:
    base(repo, "v1")
    reader = read(tmp_path, OVERLAY, BESIDE)
    assert reader.deployments() == []
    assert reader.gap("not-inherited").count == 1
    assert "apps/shop/base.yaml" in reader.gap("not-inherited").what
    overlay(repo, "prod", "replicas: 2\n")
    assert reader.sync().told() == []


def test_a_base_named_like_its_folder_is_told_from_its_overlays(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.commit(
        "layout",
        {
            "apps/web/shop/shop.yaml": image("v1"),
            "apps/web/shop/prod.yaml": "replicas: 2\n",
            "apps/web/shop/policy.yaml": image("v9"),
            "apps/web/cart/shop.yaml": image("v9"),
        },
    )
    reader = read(
        tmp_path,
        {"pattern": "apps/{namespace}/{service}/{environment:prod|stg}.yaml"},
        {
            "pattern": "apps/{namespace}/{service}/{service}.yaml",
            "inherit": ["prod", "stg"],
            "inherit_when": "overlay",
        },
    )
    rows = [(row.environment, row.service, row.version) for row in reader.deployments()]
    assert rows == [("prod", "shop", "v1")]


def test_what_was_inherited_before_is_known_in_the_next_sync(repo: GitRepo, tmp_path: Path) -> None:
    base(repo, "v1")
    overlay(repo, "stg", image("pr-7"))
    reader = read(tmp_path, OVERLAY, ALWAYS)
    overlay(repo, "stg", "replicas: 2\n")
    reader.sync()
    base(repo, "v2")
    reader.sync()
    assert reader.versions("stg") == ["v1", "pr-7", "v1", "v2"]
    assert reader.versions("prod") == ["v1", "v2"]


def test_of_two_files_for_one_service_the_first_counts_and_the_other_is_told(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.commit("a", {"apps/a/shop/prod.yaml": image("v1"), "apps/b/shop/prod.yaml": image("v2")})
    reader = read(tmp_path, {"pattern": "apps/*/{service}/{environment}.yaml"})
    assert reader.versions() == ["v1"]
    assert reader.gap("shadowed").count == 1
    assert "apps/b/shop/prod.yaml" in reader.gap("shadowed").what
    assert reader.sync().batches == []
    assert reader.gap("shadowed").count == 1


def test_each_environment_in_one_file_is_its_own(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit("a", {"versions/shop.yaml": "prod: {tag: v1}\nstg: {tag: v2}\n"})
    repo.commit("b", {"versions/shop.yaml": "prod: {tag: v2}\nstg: {tag: v2}\n"})
    rule = {"pattern": "versions/{service}.yaml", "value": {"yaml": "{environment}.tag"}}
    reader = read(tmp_path, rule)
    assert reader.versions("prod") == ["v1", "v2"]
    assert reader.versions("stg") == ["v2"]


def test_environments_that_a_value_names_are_limited_too(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit("a", {"versions/shop.yaml": "prod: {tag: v1}\nlab: {tag: v2}\n"})
    rule = {"pattern": "versions/{service}.yaml", "value": {"yaml": "{environment}.tag"}}
    reader = read(tmp_path, rule | {"environments": ["prod"]})
    assert {row.environment for row in reader.deployments()} == {"prod"}
    assert reader.told() == []

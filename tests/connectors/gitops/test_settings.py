"""Settings of a `gitops` source: what they mean, and what is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.gitops.settings import GitOpsSettings
from connectors.interface import Severity
from tests.connectors.git.builder import GitRepo
from tests.connectors.gitops.config_repository import PER_ENVIRONMENT, ConfigReader, deploy, image

RULE = {"pattern": "apps/{service}/{environment}.yaml", "value": {"yaml": "image"}}


def settings(**changes: Any) -> GitOpsSettings:
    return GitOpsSettings.model_validate({"path": "config", "rule": [RULE]} | changes)


def with_rule(**changes: Any) -> GitOpsSettings:
    return settings(rule=[RULE | changes])


def refusal(make: Any, **changes: Any) -> str:
    with pytest.raises(ValidationError) as error:
        make(**changes)
    return str(error.value)


def test_what_is_said_once_is_meant_for_every_rule_without_its_own() -> None:
    document = tomllib.loads(
        """
        path = "config"
        value = { yaml = "image" }
        service_name = "{namespace}-{service}"
        repository = "acme/{service}"
        version_sha = "-(?P<sha>[0-9a-f]{7})$"
        [[rule]]
        pattern = "{namespace}/{service}/{environment}.yaml"
        [[rule]]
        pattern = "{service}.yaml"
        default_environment = "prod"
        service_name = "{service}"
        value = { regex = "v=(?P<version>.+)" }
        """
    )
    first, second = GitOpsSettings.model_validate(document).rule
    assert (first.service_name, second.service_name) == ("{namespace}-{service}", "{service}")
    assert (first.repository, second.repository) == ("acme/{service}", "acme/{service}")
    assert (first.value.yaml, second.value.yaml) == ("image", None)
    assert first.version_sha == second.version_sha == "-(?P<sha>[0-9a-f]{7})$"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"paths": "x"}, "paths"),
        ({"path": None}, "either `path` or `url`"),
        ({"url": "https://git.example/a/b"}, "either `path` or `url`"),
        ({"path": "configs/*"}, "one repository"),
        ({"path": None, "url": "nonsense"}, "url"),
        ({"path": None, "url": "http://git.example/a", "token": "env:T"}, "https"),
        ({"token": "env:T"}, "`url`"),
        ({"web_url": "javascript:alert(1)"}, "web address"),
        ({"web_url": "https://me@git.example/a"}, "user name"),
        ({"rule": []}, "rule"),
        ({"rule": None}, "rule"),
    ],
)
def test_a_source_that_cannot_be_meant_is_refused(changes: dict[str, Any], why: str) -> None:
    assert why in refusal(settings, **changes)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"patern": "x"}, "patern"),
        ({"pattern": "apps/{service"}, "brace"),
        ({"pattern": "apps/{service}.yaml"}, "exactly one of {environment}"),
        ({"default_environment": "prod"}, "exactly one of {environment}"),
        ({"pattern": "{service}", "default_environment": "p", "inherit": ["p"]}, "exactly one"),
        ({"pattern": "apps/{environment}.yaml"}, "service_name asks for {service}"),
        ({"repository": "{team}"}, "repository asks for {team}"),
        ({"value": {}}, "exactly one of yaml"),
        ({"value": {"yaml": "a", "helm": "b"}}, "exactly one of yaml"),
        ({"value": {"yaml": "a..b"}}, "key path"),
        ({"value": {"yaml": []}}, "exactly one of yaml"),
        ({"value": {"regex": "("}}, "regular expression"),
        ({"value": {"json": "a"}}, "json"),
        ({"version_sha": "("}, "regular expression"),
        ({"version_sha": "abc"}, "(?P<sha>"),
        ({"inherit_when": "never"}, "inherit_when"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(changes: dict[str, Any], why: str) -> None:
    assert why in refusal(with_rule, **changes)


def test_placeholders_may_come_from_the_value() -> None:
    assert with_rule(pattern="{environment}.yaml", value={"flux": "*"}, service_name="{policy}")
    assert with_rule(pattern="{environment}.yaml", value={"kustomize": "*"}, service_name="{image}")
    assert with_rule(
        pattern="all.yaml",
        value={"yaml": ["{environment}.{service}.tag", "{service}.{environment}"]},
    )
    assert with_rule(
        pattern="all.env", value={"regex": "(?P<environment>.+)/(?P<service>.+)=(?P<version>.+)"}
    )


def test_flux_policies_in_one_file_are_services_of_their_own(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "config")
    marker = 'image: r/{0}:{1} # {{"$imagepolicy": "flux-system:{0}"}}\n'
    for shop, cart in (("v1", "v1"), ("v2", "v1")):
        repo.commit(
            "x", {"apps/prod.yaml": marker.format("shop", shop) + marker.format("cart", cart)}
        )
    rule = {"pattern": "apps/{environment}.yaml", "service_name": "{policy}"}
    reader = ConfigReader(tmp_path, value={"flux": "*"}, rule=[rule]).sync()
    assert [(row.service, row.version) for row in reader.deployments()] == [
        ("cart", "v1"),
        ("shop", "v1"),
        ("shop", "v2"),
    ]


def test_a_value_that_does_not_say_whose_it_is_is_left_aside_and_told(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "config")
    repo.commit(
        "x", {"apps/prod.yaml": "metadata: {name: shop}\nimage: r/a:v1\n---\nimage: r/b:v2\n"}
    )
    rule = {"pattern": "apps/{environment}.yaml", "service_name": "{resource}"}
    reader = ConfigReader(tmp_path, value={"yaml": "image"}, rule=[rule]).sync()
    assert [(row.service, row.version) for row in reader.deployments()] == [("shop", "v1")]
    assert reader.gap("truncated/apps/prod.yaml").count == 1


def test_the_first_rule_that_is_about_a_path_decides(tmp_path: Path) -> None:
    GitRepo(tmp_path / "config").commit("x", {"apps/shop/prod.yaml": image("v1") + "tag: v2\n"})
    rules = [RULE | {"environments": ["stg"]}, RULE | {"value": {"yaml": "tag"}}, RULE]
    assert ConfigReader(tmp_path, rule=rules).sync().versions() == ["v2"]


def test_the_doctor_counts_what_each_rule_finds_and_warns_of_rules_that_find_nothing(
    tmp_path: Path,
) -> None:
    repo = GitRepo(tmp_path / "config")
    deploy(repo, "v1")
    deploy(repo, "v1", "stg")
    base = {"pattern": "apps/{service}/base.yaml", "inherit": ["prod"]}
    reader = ConfigReader(tmp_path, value={"yaml": "image"}, rule=[*PER_ENVIRONMENT["rule"], base])
    first, second = reader.connector().check()
    assert (first.severity, first.what) == (Severity.OK, "2 files match, and set 2 versions")
    assert (second.severity, second.where) == (Severity.WARNING, "flux: apps/{service}/base.yaml")


def test_the_doctor_says_what_is_wrong_with_the_repository(tmp_path: Path) -> None:
    (finding,) = ConfigReader(tmp_path).connector().check()
    assert (finding.severity, finding.what) == (Severity.ERROR, "there is no such folder")
    GitRepo(tmp_path / "config")
    (finding,) = ConfigReader(tmp_path).connector().check()
    assert (finding.severity, finding.what) == (Severity.ERROR, "it has no commit")

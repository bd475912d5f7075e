from __future__ import annotations

import pytest
from pydantic import ValidationError

from connectors.gitlab.settings import Settings, TokenKind
from connectors.hosting.deployment_rule import DeploymentSource


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://git.example.com", "https://git.example.com/api/v4"),
        ("https://git.example.com/", "https://git.example.com/api/v4"),
        ("https://git.example.com/api/v4/", "https://git.example.com/api/v4"),
        ("https://example.com/gitlab/api/v4", "https://example.com/gitlab/api/v4"),
    ],
)
def test_a_plain_host_is_enough(url: str, api: str) -> None:
    assert Settings(url=url).url == api


def test_without_a_host_it_is_gitlab_com_with_a_private_token() -> None:
    settings = Settings()
    assert settings.url == "https://gitlab.com/api/v4"
    assert settings.token_kind is TokenKind.PRIVATE
    assert settings.tokens == ()


def test_several_tokens_share_the_load() -> None:
    assert Settings(token="env:A").tokens == ("env:A",)
    assert Settings(token=("env:A", "file:b")).tokens == ("env:A", "file:b")


def test_a_rule_is_told_as_in_the_configuration_file() -> None:
    settings = Settings.model_validate({"deployments": [{"from": "runs", "branch": "main"}]})
    assert settings.deployments[0].source is DeploymentSource.RUNS


@pytest.mark.parametrize(
    "told",
    [
        {"url": "git.example.com"},
        {"url": "https://user:passphrase@git.example.com"},
        {"token": "glpat-0123456789abcdef"},
        {"group": "/acme"},
        {"projects": ["web"]},
        {"organisation": "acme"},
    ],
)
def test_what_cannot_be_meant_is_refused_and_no_secret_repeated(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate(told)
    assert "glpat-" not in str(refused.value)
    assert "passphrase" not in str(refused.value)

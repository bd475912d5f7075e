"""The address of an organisation's page is enough to find its API, and the organisation."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from connectors.github.settings import Settings as GitHubSettings
from connectors.gitlab.settings import Settings as GitLabSettings


@pytest.mark.parametrize(
    ("url", "api", "organisation"),
    [
        ("https://github.com/acme", "https://api.github.com", "acme"),
        ("https://www.github.com/acme/", "https://api.github.com", "acme"),
        ("https://github.com/orgs/acme", "https://api.github.com", "acme"),
        ("https://git.example.com/acme", "https://git.example.com/api/v3", "acme"),
        ("http://127.0.0.1:8080/acme", "http://127.0.0.1:8080/api/v3", "acme"),
        ("https://acme.ghe.com/shop", "https://api.acme.ghe.com", "shop"),
        ("https://git.example.com/api/v3", "https://git.example.com/api/v3", None),
        ("https://example.com/github/api/v3", "https://example.com/github/api/v3", None),
        ("https://github.com", "https://api.github.com", None),
        ("https://api.github.com/orgs/acme", "https://api.github.com", "acme"),
        ("https://GitHub.com./acme", "https://api.github.com", "acme"),
        ("https://github.com.example/acme", "https://github.com.example/api/v3", "acme"),
    ],
)
def test_a_page_at_github_names_the_organisation(
    url: str, api: str, organisation: str | None
) -> None:
    settings = GitHubSettings(url=url)
    assert (settings.url, settings.organisation) == (api, organisation)


@pytest.mark.parametrize(
    ("url", "api", "group"),
    [
        ("https://gitlab.com/acme", "https://gitlab.com/api/v4", "acme"),
        ("https://gitlab.com/acme/shop/", "https://gitlab.com/api/v4", "acme/shop"),
        ("https://gitlab.com/groups/acme/-/issues", "https://gitlab.com/api/v4", "acme"),
        ("https://example.com/gitlab/api/v4", "https://example.com/gitlab/api/v4", None),
        ("https://git.example.com", "https://git.example.com/api/v4", None),
    ],
)
def test_a_page_at_gitlab_names_the_group(url: str, api: str, group: str | None) -> None:
    settings = GitLabSettings(url=url)
    assert (settings.url, settings.group) == (api, group)


def test_the_page_of_a_repository_is_no_organisation() -> None:
    with pytest.raises(ValidationError, match="organisation"):
        GitHubSettings(url="https://github.com/acme/web")


def test_url_and_key_may_say_the_same_and_not_two_things() -> None:
    assert GitHubSettings(url="https://github.com/acme", organisation="acme").organisation == "acme"
    assert GitHubSettings(url="https://github.com/Acme", organisation="acme").organisation == "acme"
    with pytest.raises(ValidationError, match="name one of them"):
        GitLabSettings(url="https://gitlab.com/acme", group="shop")
    with pytest.raises(ValidationError, match="name one of them"):
        GitHubSettings(url="https://github.com/acme", organisation="shop")


@pytest.mark.parametrize("tail", ["?x=1", "#x", ""])
def test_an_address_carries_nothing_but_a_place(tail: str) -> None:
    user = "" if tail else "user:passphrase@"
    with pytest.raises(ValidationError) as refused:
        GitHubSettings(url=f"https://{user}git.example.com/acme{tail}")
    assert "passphrase" not in str(refused.value)

"""Links to commits, changes and tags, by host."""

from __future__ import annotations

import pytest

from connectors.git.hosts import HostStyle, Links, web_address


@pytest.mark.parametrize(
    ("web_url", "commit", "change", "tag"),
    [
        (
            "https://github.com/acme/web",
            "https://github.com/acme/web/commit/1a2b",
            "https://github.com/acme/web/pull/12",
            "https://github.com/acme/web/releases/tag/pay/v1%2B2",
        ),
        (
            "https://gitlab.example.org/acme/team/web/",
            "https://gitlab.example.org/acme/team/web/-/commit/1a2b",
            "https://gitlab.example.org/acme/team/web/-/merge_requests/12",
            "https://gitlab.example.org/acme/team/web/-/tags/pay/v1%2B2",
        ),
        (
            "https://bitbucket.org/acme/web",
            "https://bitbucket.org/acme/web/commits/1a2b",
            "https://bitbucket.org/acme/web/pull-requests/12",
            "https://bitbucket.org/acme/web/src/pay/v1%2B2",
        ),
        ("https://git.example.org/acme/web", None, None, None),
        (None, None, None, None),
    ],
)
def test_links_follow_the_style_of_the_host(
    web_url: str | None, commit: str | None, change: str | None, tag: str | None
) -> None:
    links = Links.of(web_url)
    assert (links.commit("1a2b"), links.change("12"), links.tag("pay/v1+2")) == (
        commit,
        change,
        tag,
    )


def test_a_style_can_be_said_where_the_name_of_the_host_says_nothing() -> None:
    links = Links.of("https://git.example.org/acme/web", HostStyle.GITEA)
    assert links.change("12") == "https://git.example.org/acme/web/pulls/12"


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("https://github.com/acme/web.git", "https://github.com/acme/web"),
        ("https://ada:secret@github.com/acme/web.git", "https://github.com/acme/web"),
        ("git@github.com:acme/web.git", "https://github.com/acme/web"),
        ("ssh://git@gitlab.com:22/acme/team/web.git", "https://gitlab.com/acme/team/web"),
        ("https://ada@bitbucket.org/acme/web", "https://bitbucket.org/acme/web"),
        ("https://notgithub.example.org/acme/web", None),
        ("https://git.example.org/acme/web", None),
        ("/srv/github.com/web.git", None),
        ("../github/web", None),
        ("file:///srv/github/web", None),
        ("https://github.com/../../etc", None),
        ("https://[github.com/acme", None),
        ("javascript://github.com/%0aalert(1)", None),
        ("", None),
    ],
)
def test_the_page_of_a_repository_is_told_from_its_remote_without_a_secret(
    remote: str, expected: str | None
) -> None:
    assert web_address(remote) == expected

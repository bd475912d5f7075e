"""A token is dropped when its host accepts it for nothing, not when it lacks a right."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connectors.hosting.shared import SharedApi
from tests.connectors.github.organisation import TOKEN as GITHUB_TOKEN
from tests.connectors.github.organisation import Organisation
from tests.connectors.gitlab.one_project import TOKEN as GITLAB_TOKEN
from tests.connectors.gitlab.one_project import OneProject
from tests.connectors.loopback import Answer
from tests.doubles.host import HostDouble

SECOND = "a-second-token-0123456789"


class TwoTokens:
    """A host that is asked with two tokens."""

    def __init__(self, folder: Path, made: Organisation | OneProject, token: str) -> None:
        self.double: HostDouble = made.double
        self.token = token
        self.double.add_token(SECOND, "reviewer-2")
        (folder / "second.txt").write_text(SECOND)
        made.settings["token"] = ["file:token.txt", "file:second.txt"]
        self.api: SharedApi = made.connector().api

    def asked_with(self, token: str) -> list[str]:
        """Paths that were asked for with a token."""
        asked = self.double.asked.like(lambda each: token in " ".join(each.headers.values()))
        return [each.path.rpartition("/")[2] for each in asked]


@pytest.fixture(params=["github", "gitlab"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TwoTokens]:
    """GitHub, then GitLab."""
    is_github = request.param == "github"
    made = Organisation(tmp_path) if is_github else OneProject(tmp_path)
    with closing(made):
        yield TwoTokens(tmp_path, made, GITHUB_TOKEN if is_github else GITLAB_TOKEN)


def test_a_token_that_is_dead_is_asked_for_its_proof_and_never_again(
    host: TwoTokens, caplog: pytest.LogCaptureFixture
) -> None:
    host.double.tokens[host.token].is_revoked = True
    for _ in range(4):
        assert host.api.get("user").status == 200
    assert len(host.asked_with(host.token)) == 2
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_token_that_lacks_a_right_answers_whatever_else_is_asked(
    host: TwoTokens, caplog: pytest.LogCaptureFixture
) -> None:
    host.double.refuse(
        lambda asked: (
            asked.path.endswith("/user") and host.token in " ".join(asked.headers.values())
        ),
        401,
    )
    for _ in range(4):
        assert host.api.get("user").status == 200
    proofs = [path for path in host.asked_with(host.token) if path != "user"]
    assert len(proofs) == 1
    host.double.allow()
    host.double.forget()
    for _ in range(6):
        host.api.get("user")
    assert len(host.asked_with(host.token)) > 0
    assert caplog.records == []


def test_a_proof_that_failed_by_accident_is_asked_for_again(host: TwoTokens) -> None:
    host.double.tokens[host.token].is_revoked = True
    host.double.fail(r"/(rate_limit|version)$", [Answer(502)] * 20)
    assert host.api.get("user").status == 200
    host.double.allow()
    for _ in range(3):
        assert host.api.get("user").status == 200
    host.double.forget()
    for _ in range(3):
        host.api.get("user")
    assert host.asked_with(host.token) == []

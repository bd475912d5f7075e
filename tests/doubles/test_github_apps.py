"""Applications: a signed question gives a token for an hour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
import pytest
from github import GithubIntegration
from github.Auth import AppAuth

from tests.connectors.loopback import FakeTime, LoopbackServer
from tests.doubles.github.asking import Asker, asked
from tests.doubles.github.cases import Cases, hour, install, tell
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.world import App, Installation

OTHER = GitHubDouble(tell().world).add_app("other", "acme")[1]


@dataclass
class Place:
    cases: Cases
    double: GitHubDouble
    app: App
    key: str
    installation: Installation
    asker: Asker

    def signed(self, key: str | None = None, algorithm: str = "RS256", **claims: Any) -> str:
        now = self.double.now
        told = {"iss": str(self.app.id), "iat": now, "exp": now + timedelta(minutes=9)}
        return jwt.encode({**told, **claims}, key or self.key, algorithm)

    def ask_for_a_token(self) -> str:
        self.asker.token = self.signed()
        path = f"/app/installations/{self.installation.id}/access_tokens"
        answer = self.asker.post(path)
        assert answer.status_code == 201
        return str(answer.json()["token"])


@pytest.fixture
def place() -> Iterator[Place]:
    cases = tell()
    double = GitHubDouble(cases.world, FakeTime(hour(200)))
    app, key = double.add_app("reader", "acme", metadata="read", contents="read")
    installation = install(cases, app)
    with asked(double, "") as asker:
        yield Place(cases, double, app, key, installation, asker)


def test_a_signed_question_is_believed(place: Place) -> None:
    place.asker.token = place.signed()
    assert place.asker.get("/app").json()["slug"] == "reader"
    listed = place.asker.get("/app/installations").json()
    assert [one["id"] for one in listed] == [place.installation.id]


@pytest.mark.parametrize(
    "claims",
    [
        {"key": OTHER},
        {"key": "a secret that is shared and long enough", "algorithm": "HS256"},
        {"exp": hour(199)},
        {"exp": hour(201)},
        {"iat": hour(201)},
        {"iss": "1"},
    ],
    ids=["another key", "no key pair", "over", "for too long", "not yet", "another app"],
)
def test_nothing_else_is(place: Place, claims: dict[str, Any]) -> None:
    place.asker.token = place.signed(**claims)
    assert place.asker.get("/app").status_code == 401


def test_a_token_of_an_installation_has_the_rights_of_the_application_for_an_hour(
    place: Place,
) -> None:
    place.asker.token = place.ask_for_a_token()
    assert place.asker.get("/repos/acme/web/commits").status_code == 200
    refused = place.asker.get("/repos/acme/web/pulls")
    assert refused.status_code == 403
    assert refused.json()["message"] == "Resource not accessible by integration"
    assert place.asker.get("/user").status_code == 403
    place.double.time.sleep(3600)
    assert place.asker.get("/repos/acme/web/commits").status_code == 401


def test_an_installation_sees_what_was_selected(place: Place) -> None:
    place.installation.repository_ids = {place.cases.attic.id}
    place.asker.token = place.ask_for_a_token()
    shown = place.asker.get("/installation/repositories").json()
    assert [one["name"] for one in shown["repositories"]] == ["attic"]
    assert place.asker.get("/repos/acme/web").status_code == 404


def test_a_suspended_installation_gets_no_token(place: Place) -> None:
    place.installation.suspended_at = hour(150)
    place.asker.token = place.signed()
    path = f"/app/installations/{place.installation.id}/access_tokens"
    assert place.asker.post(path).status_code == 403


def test_each_token_has_limits_of_its_own(place: Place) -> None:
    first = place.ask_for_a_token()
    second = place.ask_for_a_token()
    place.asker.token = first
    assert place.asker.get("/rate_limit").json()["rate"]["remaining"] == 5000
    place.asker.get("/repos/acme/web")
    assert place.asker.get("/rate_limit").json()["rate"]["remaining"] == 4999
    place.asker.token = second
    assert place.asker.get("/rate_limit").json()["rate"]["remaining"] == 5000


def test_pygithub_gets_a_token_of_it() -> None:
    # PyGithub signs with the clock of the machine, so the double's stands there too.
    cases = tell()
    double = GitHubDouble(cases.world, FakeTime(_machine_time()))
    app, key = double.add_app("reader", "acme", metadata="read", contents="read")
    installation = install(cases, app)
    with LoopbackServer(double) as server:
        client = GithubIntegration(
            base_url=f"{server.url}/api/v3", auth=AppAuth(str(app.id), key), retry=None
        )
        token = client.get_access_token(installation.id)
        assert token.token in double.tokens
        client.close()


def _machine_time() -> Any:
    from datetime import UTC, datetime  # noqa: PLC0415 - the only place that looks at a wall clock

    return datetime.now(UTC)

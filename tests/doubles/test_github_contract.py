"""What the double of GitHub sends is what GitHub says that it sends."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
import requests
from graphql import (
    GraphQLEnumType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_specified_scalar_type,
)

from tests.connectors.loopback import FakeTime, LoopbackServer
from tests.doubles.github.asking import Asker
from tests.doubles.github.cases import Cases, hour, install, tell
from tests.doubles.github.contract import description, problems, rules
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.graphql.resolvers import RESOLVERS
from tests.doubles.github.graphql.serving import schema
from tests.doubles.github.rest import ROUTES
from tests.doubles.github.world.tree import Entry

REST = "/api/v3"
NOT_DESCRIBED = {"/orgs/{org}/audit-log"}
"""Only the description of the cloud for enterprises has it."""

ASKED = [
    ("/user", "/user"),
    ("/rate_limit", "/rate_limit"),
    ("/orgs/acme", "/orgs/{org}"),
    ("/orgs/acme/repos", "/orgs/{org}/repos"),
    ("/orgs/acme/teams", "/orgs/{org}/teams"),
    ("/orgs/acme/teams/web/members", "/orgs/{org}/teams/{team_slug}/members"),
    ("/orgs/acme/teams/web/repos", "/orgs/{org}/teams/{team_slug}/repos"),
    ("/orgs/acme/members?filter=2fa_disabled", "/orgs/{org}/members"),
    ("/orgs/acme/outside_collaborators", "/orgs/{org}/outside_collaborators"),
    ("/orgs/acme/installations", "/orgs/{org}/installations"),
    ("/orgs/acme/rulesets", "/orgs/{org}/rulesets"),
    ("/orgs/acme/audit-log", "/orgs/{org}/audit-log"),
    ("/orgs/acme/actions/permissions/workflow", "/orgs/{org}/actions/permissions/workflow"),
    ("/users/elsewhere/repos", "/users/{username}/repos"),
    ("/user/repos?affiliation=owner", "/user/repos"),
    ("/repos/acme/web", "/repos/{owner}/{repo}"),
    ("/repos/acme/web/collaborators", "/repos/{owner}/{repo}/collaborators"),
    ("/repos/acme/web/keys", "/repos/{owner}/{repo}/keys"),
    ("/repos/acme/web/hooks", "/repos/{owner}/{repo}/hooks"),
    ("/repos/acme/web/commits", "/repos/{owner}/{repo}/commits"),
    ("/repos/acme/web/commits/{sha}", "/repos/{owner}/{repo}/commits/{ref}"),
    ("/repos/acme/web/commits/{sha}/check-runs", "/repos/{owner}/{repo}/commits/{ref}/check-runs"),
    ("/repos/acme/web/commits/{sha}/status", "/repos/{owner}/{repo}/commits/{ref}/status"),
    ("/repos/acme/web/pulls?state=all&sort=updated", "/repos/{owner}/{repo}/pulls"),
    ("/repos/acme/web/issues?state=all", "/repos/{owner}/{repo}/issues"),
    ("/repos/acme/web/deployments", "/repos/{owner}/{repo}/deployments"),
    (
        "/repos/acme/web/deployments/{deployment}/statuses",
        "/repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
    ),
    ("/repos/acme/web/environments", "/repos/{owner}/{repo}/environments"),
    (
        "/repos/acme/web/environments/production/deployment-branch-policies",
        "/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies",
    ),
    ("/repos/acme/web/releases", "/repos/{owner}/{repo}/releases"),
    ("/repos/acme/web/git/matching-refs/tags", "/repos/{owner}/{repo}/git/matching-refs/{ref}"),
    ("/repos/acme/web/teams", "/repos/{owner}/{repo}/teams"),
    ("/orgs/acme/installation", "/orgs/{org}/installation"),
    ("/users/acme/installation", "/users/{username}/installation"),
    ("/repos/acme/web/tags", "/repos/{owner}/{repo}/tags"),
    ("/repos/acme/web/actions/runs", "/repos/{owner}/{repo}/actions/runs"),
    ("/repos/acme/web/actions/runs/{run}", "/repos/{owner}/{repo}/actions/runs/{run_id}"),
    (
        "/repos/acme/web/actions/runs/{run}/attempts/1",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}",
    ),
    (
        "/repos/acme/web/actions/runs/{run}/attempts/1/jobs",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs",
    ),
    ("/repos/acme/web/actions/runs/{run}/jobs", "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs"),
    (
        "/repos/acme/web/actions/runs/{run}/approvals",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/approvals",
    ),
    ("/repos/acme/web/actions/workflows", "/repos/{owner}/{repo}/actions/workflows"),
    (
        "/repos/acme/web/actions/permissions/workflow",
        "/repos/{owner}/{repo}/actions/permissions/workflow",
    ),
    ("/repos/acme/web/branches/main", "/repos/{owner}/{repo}/branches/{branch}"),
    (
        "/repos/acme/web/branches/main/protection",
        "/repos/{owner}/{repo}/branches/{branch}/protection",
    ),
    ("/repos/acme/web/rules/branches/main", "/repos/{owner}/{repo}/rules/branches/{branch}"),
    ("/repos/acme/web/rulesets", "/repos/{owner}/{repo}/rulesets"),
    ("/repos/acme/web/rulesets/{ruleset}", "/repos/{owner}/{repo}/rulesets/{ruleset_id}"),
    (
        "/repos/acme/web/rulesets/rule-suites?time_period=month",
        "/repos/{owner}/{repo}/rulesets/rule-suites",
    ),
    ("/repos/acme/web/codeowners/errors", "/repos/{owner}/{repo}/codeowners/errors"),
    ("/repos/acme/web/git/trees/main?recursive=1", "/repos/{owner}/{repo}/git/trees/{tree_sha}"),
    ("/repos/acme/web/git/blobs/{blob}", "/repos/{owner}/{repo}/git/blobs/{file_sha}"),
    ("/repos/acme/web/contents/src/app.py", "/repos/{owner}/{repo}/contents/{path}"),
    ("/repos/acme/web/contents/src", "/repos/{owner}/{repo}/contents/{path}"),
    ("/repos/acme/web/dependabot/alerts", "/repos/{owner}/{repo}/dependabot/alerts"),
    ("/repos/acme/web/code-scanning/alerts", "/repos/{owner}/{repo}/code-scanning/alerts"),
    ("/repos/acme/web/secret-scanning/alerts", "/repos/{owner}/{repo}/secret-scanning/alerts"),
    ("/app", "/app"),
    ("/app/installations/{installation}", "/app/installations/{installation_id}"),
    ("/installation/repositories", "/installation/repositories"),
]


class Asking:
    """The double of the cases, and how to ask it."""

    def __init__(self) -> None:
        self.cases: Cases = tell()
        self.cases.world.account("owner-3")
        self.cases.world.add_repository("owner-3/tools")
        self.double = GitHubDouble(self.cases.world, FakeTime(hour(200)))
        self.double.add_token("tok", "owner-3")
        app, key = self.double.add_app("reader", "acme", contents="read", metadata="read")
        self.installation = install(self.cases, app)
        now = self.double.now
        claims = {"iss": str(app.id), "iat": now, "exp": now + timedelta(minutes=9)}
        self.jwt = jwt.encode(claims, key, "RS256")
        self.server = LoopbackServer(self.double)

    def ask(self, path: str) -> requests.Response:
        """Asks as the owner; applications' addresses as the application."""
        named = {
            "sha": self.cases.squashed.head_sha,
            "deployment": self.cases.web.deployments[0].id,
            "run": self.cases.rerun.id,
            "ruleset": self.cases.above.id,
            "blob": Entry("", self.cases.web.files["src/app.py"]).sha,
            "installation": self.installation.id,
        }
        return self._as(self._token(path), path.format(**named))

    def make_token(self) -> requests.Response:
        """Makes a token of the installation."""
        path = f"/app/installations/{self.installation.id}/access_tokens"
        asker = Asker(self.server.url, self.jwt)
        with closing(asker):
            return asker.post(path)

    def _token(self, path: str) -> str:
        if path.startswith("/installation/"):
            return str(self.make_token().json()["token"])
        return self.jwt if path.startswith("/app") or path.endswith("/installation") else "tok"

    def _as(self, token: str, path: str) -> requests.Response:
        with closing(Asker(self.server.url, token)) as asker:
            return asker.get(path)


@pytest.fixture(scope="module")
def asking() -> Iterator[Asking]:
    asking = Asking()
    with asking.server:
        yield asking


@pytest.mark.parametrize(("path", "template"), ASKED, ids=[path for path, _ in ASKED])
def test_an_answer_has_the_shape_that_github_describes(
    asking: Asking, path: str, template: str
) -> None:
    answer = asking.ask(path)
    assert answer.status_code == 200, answer.text
    if path != "/users/elsewhere/repos":
        assert answer.json(), "an empty answer proves nothing"
    if template in NOT_DESCRIBED:
        assert {"@timestamp", "_document_id", "action"} <= answer.json()[0].keys()
        return
    assert problems(template, "get", 200, answer.json()) == []


def test_an_application_s_installations_have_the_shape_that_github_describes_of_one(
    asking: Asking,
) -> None:
    # Of the list it says that each account is a user and an enterprise at once.
    (shown,) = asking.ask("/app/installations").json()
    assert problems("/app/installations/{installation_id}", "get", 200, shown) == []


def test_a_new_token_of_an_installation_has_the_shape_that_github_describes(
    asking: Asking,
) -> None:
    answer = asking.make_token()
    template = "/app/installations/{installation_id}/access_tokens"
    assert problems(template, "post", 201, answer.json()) == []


def test_every_route_is_asked_and_judged() -> None:
    asked = {f"GET {REST}{path.partition('?')[0].format(**_FILLED)}" for path, _ in ASKED}
    unjudged = [
        template
        for template in ROUTES.templates
        if template.startswith("GET")
        and not template.endswith("/app/installations")
        and "/repositories/{" not in template
        and "/organizations/{" not in template
        and not any(re.fullmatch(re.sub(r"\{[^}]+\}", ".+", template), path) for path in asked)
    ]
    assert unjudged == []


_FILLED = dict.fromkeys(("sha", "deployment", "run", "ruleset", "blob", "installation"), "1")


def test_a_renamed_field_is_noticed(asking: Asking) -> None:
    deployments = asking.ask("/repos/acme/web/deployments").json()
    deployments[0]["environment_name"] = deployments[0].pop("environment")
    assert problems("/repos/{owner}/{repo}/deployments", "get", 200, deployments) != []


def test_our_own_rules_judge_where_github_s_are_not_at_hand(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CAIRN_CONTRACTS", str(tmp_path))
    assert description() is None
    wrong = {}
    for path, template in ASKED:
        body = asking.ask(path).json()
        if found := problems(template, "get", 200, body):
            wrong[path] = found
    assert wrong == {}
    deployments = asking.ask("/repos/acme/web/deployments").json()
    del deployments[0]["sha"]
    assert problems("/repos/{owner}/{repo}/deployments", "get", 200, deployments) != []


def test_our_own_rules_are_for_addresses_that_are_asked() -> None:
    known = {f"get {template}" for _, template in ASKED}
    known |= {
        "post /app/installations/{installation_id}/access_tokens",
        "get /app/installations",
    }
    assert set(rules()["answers"]) <= known


# --- GraphQL ----------------------------------------------------------------------------------


def test_every_field_of_the_schema_is_answered() -> None:
    unanswered = [
        f"{name}.{field}"
        for name, kind in schema().type_map.items()
        if isinstance(kind, GraphQLObjectType)
        for field in kind.fields
        if not name.startswith("__") and field not in RESOLVERS.get(name, {})
    ]
    assert unanswered == []


def test_the_schema_is_a_part_of_github_s_own() -> None:
    path = os.environ.get("CAIRN_GITHUB_SCHEMA")
    if not path:
        pytest.skip("CAIRN_GITHUB_SCHEMA names no schema.graphql of @octokit/graphql-schema")
    theirs = build_schema(Path(path).read_text(), assume_valid=True)
    assert list(differences(schema(), theirs)) == []


def differences(ours: GraphQLSchema, theirs: GraphQLSchema) -> Iterator[str]:
    """Tells what our schema has that theirs has not, or has otherwise."""
    for name, kind in ours.type_map.items():
        known = theirs.type_map.get(name)
        if known is None or type(kind) is not type(known):
            yield name
        elif not name.startswith("__") and not is_specified_scalar_type(kind):
            yield from (f"{name}: {part}" for part in _parts(kind) - _parts(known))
            yield from _different_fields(name, kind, known)


def _parts(kind: GraphQLNamedType) -> set[str]:
    """The values of an enumeration, the members of a union."""
    if isinstance(kind, GraphQLEnumType):
        return set(kind.values)
    return {member.name for member in kind.types} if isinstance(kind, GraphQLUnionType) else set()


def _different_fields(name: str, kind: object, known: object) -> Iterator[str]:
    for field, ours in getattr(kind, "fields", {}).items():
        theirs = known.fields.get(field)  # type: ignore[attr-defined]
        if theirs is None or str(ours.type) != str(theirs.type):
            yield f"{name}.{field}"
            continue
        for argument, of in getattr(ours, "args", {}).items():
            if argument not in theirs.args or str(theirs.args[argument].type) != str(of.type):
                yield f"{name}.{field}({argument})"

"""The GraphQL of the double: right answers, pages, prices and errors inside a 200."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    NonNullTypeNode,
    OperationDefinitionNode,
    build_schema,
    execute_sync,
    parse,
)

from tests.connectors.loopback import Answer, Asked, FakeTime
from tests.doubles.github import answers, story
from tests.doubles.github.asking import Asker, asked
from tests.doubles.github.cases import Cases, hour, tell
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.graphql.context import Context
from tests.doubles.github.graphql.executing import Walk
from tests.doubles.github.graphql.pricing import Price, price_of
from tests.doubles.github.graphql.problems import Failure
from tests.doubles.github.graphql.resolvers import RESOLVERS
from tests.doubles.github.graphql.serving import SCHEMA_FILE, schema, type_of
from tests.doubles.github.view import View

QUESTIONS = sorted(Path("connectors/github/api/questions").glob("*.graphql"))
NUMBERS = """
query Numbers($first: Int!, $after: String) {
  rateLimit { cost remaining }
  repository(owner: "acme", name: "web") {
    pullRequests(first: $first, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { number }
    }
  }
}
"""
HISTORY = """
query History($first: Int!, $after: String) {
  repository(owner: "acme", name: "web") {
    ref(qualifiedName: "refs/heads/main") {
      target {
        ... on Commit {
          history(first: $first, after: $after) {
            totalCount
            pageInfo { hasNextPage endCursor }
            nodes { oid }
          }
        }
      }
    }
  }
}
"""

TOO_DEEP = """
pullRequests(first: 100) {
  nodes { commits(first: 100) { nodes { commit { parents(first: 100) { totalCount } } } } }
}
"""


@pytest.fixture
def cases() -> Cases:
    return tell()


@pytest.fixture
def double(cases: Cases) -> GitHubDouble:
    double = GitHubDouble(cases.world, FakeTime(hour(200)))
    double.add_token("tok", "owner-3")
    return double


@pytest.fixture
def asker(double: GitHubDouble) -> Iterator[Asker]:
    with asked(double, "tok") as asker:
        yield asker


# --- right answers ----------------------------------------------------------------------------


def variables_of(question: str, cases: Cases) -> dict[str, Any]:
    """Fills in what a question needs."""
    known: dict[str, Any] = {
        "owner": "acme",
        "name": "web",
        "login": "acme",
        "first": 20,
        "ref": "refs/heads/main",
        "number": cases.dismissed.number,
        "ids": [f"PR_{cases.dismissed.id}", "PR_0"],
        "slug": "web",
    }
    (operation,) = parse(question).definitions
    assert isinstance(operation, OperationDefinitionNode)
    filled = {}
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        if isinstance(definition.type, NonNullTypeNode):
            filled[name] = known.get(name, True)
    return filled


@pytest.mark.parametrize("path", QUESTIONS, ids=[path.stem for path in QUESTIONS])
@pytest.mark.parametrize("rights", [["*"], ["metadata:read", "pull_requests:read"]])
def test_our_own_walk_answers_as_graphql_core_does(
    path: Path, rights: list[str], cases: Cases, double: GitHubDouble
) -> None:
    question = path.read_text()
    token = double.add_token("tok", "owner-3", rights)
    asked = Asked("POST", "/api/graphql", {}, {"host": "127.0.0.1"})
    view = View(double, asked, token)
    context = Context(view, Price(7, 7), double.allowance(token, "graphql"))
    document = parse(question)
    variables = variables_of(question, cases)

    walk = Walk(schema(), RESOLVERS, type_of, context, document, variables)
    assert walk.coerce() == []
    data = walk.answer()
    theirs = execute_sync(slow_schema(), document, None, context, variables)

    assert data == theirs.data
    ours = [(failure.message, failure.path) for failure in walk.failures]
    assert ours == [(error.message, error.path) for error in theirs.errors or ()]
    if rights == ["*"]:
        assert ours == []


def slow_schema() -> Any:
    """The schema with our functions in it, as graphql-core calls them."""
    made = build_schema(SCHEMA_FILE.read_text())
    for name, kind in made.type_map.items():
        if isinstance(kind, (GraphQLInterfaceType, GraphQLUnionType)):
            kind.resolve_type = lambda value, _info, _kind: type_of(value)
        if isinstance(kind, GraphQLObjectType) and name in RESOLVERS:
            for field, definition in kind.fields.items():
                definition.resolve = called(RESOLVERS[name][field])
    return made


def called(resolver: Any) -> Any:
    return lambda value, info, **told: resolver(value, info.context, **told)


@pytest.mark.parametrize("path", QUESTIONS, ids=[path.stem for path in QUESTIONS])
def test_every_question_of_the_connector_is_answered(
    path: Path, asker: Asker, cases: Cases
) -> None:
    question = path.read_text()
    answer = asker.graphql(question, **variables_of(question, cases))
    assert "errors" not in answer
    data = answer["data"]
    known = {"repository": cases.web.id, "organization": cases.web.owner.id}
    assert {known[name] for name in data if name in known} == {
        data[name]["databaseId"] for name in known if name in data
    }


def test_there_are_questions() -> None:
    assert {"changes", "deployments", "history", "issues"} <= {path.stem for path in QUESTIONS}


def test_a_question_that_the_schema_does_not_know_is_refused(asker: Asker) -> None:
    answer = asker.graphql('{ repository(owner: "acme", name: "web") { databaseID } }')
    assert "data" not in answer
    assert "databaseID" in answer["errors"][0]["message"]


def test_a_variable_that_is_missing_is_named(asker: Asker) -> None:
    answer = asker.graphql(NUMBERS)
    assert "first" in answer["errors"][0]["message"]


# --- pages ------------------------------------------------------------------------------------


def numbers(asker: Asker, first: int, between: Any = lambda: None) -> Iterator[list[int]]:
    """Reads the numbers of pull requests page by page."""
    after = None
    while True:
        answer = asker.graphql(NUMBERS, first=first, after=after)
        page = answer["data"]["repository"]["pullRequests"]
        yield [node["number"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]
        between()


def test_pages_by_cursor_give_each_pull_once(asker: Asker, cases: Cases) -> None:
    pages = list(numbers(asker, 4))
    assert [len(page) for page in pages] == [4, 4, 3]
    assert sorted(chain(*pages)) == sorted(cases.web.pulls)


def test_what_changes_while_it_is_paged_moves_out_of_sight(asker: Asker, cases: Cases) -> None:
    last = min(cases.web.pulls.values(), key=lambda pull: pull.updated_at)

    def change() -> None:
        if "late" not in last.labels:
            story.label(cases.world, last, "late", None, hour(150))

    seen = list(chain(*numbers(asker, 4, change)))
    assert last.number not in seen
    assert len(seen) == len(cases.web.pulls) - 1


def test_a_push_does_not_shift_a_history_that_is_paged(asker: Asker, cases: Cases) -> None:
    def page(after: str | None) -> Any:
        answer = asker.graphql(HISTORY, first=5, after=after)
        return answer["data"]["repository"]["ref"]["target"]["history"]

    first = page(None)
    story.push(cases.world, cases.web, None, hour(150))
    second = page(first["pageInfo"]["endCursor"])
    oids = [node["oid"] for node in first["nodes"] + second["nodes"]]
    assert len(set(oids)) == 10
    assert second["totalCount"] == first["totalCount"]
    assert page(None)["totalCount"] == first["totalCount"] + 1


def test_an_invented_cursor_is_refused(asker: Asker) -> None:
    answer = asker.graphql(NUMBERS, first=4, after="bm9uc2Vuc2U=")
    assert answer["errors"][0]["type"] == "INVALID_CURSOR_ARGUMENTS"


# --- prices -----------------------------------------------------------------------------------


def test_the_price_is_what_github_s_own_example_says() -> None:
    # https://docs.github.com/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api
    document = parse("""
      query {
        viewer {
          repositories(first: 50) {
            edges {
              repository: node {
                name
                pullRequests(first: 20) {
                  edges { pullRequest: node { comments(first: 10) { edges { node { id } } } } }
                }
                issues(first: 20) {
                  totalCount
                  edges { issue: node { comments(first: 10) { edges { node { id } } } } }
                }
              }
            }
          }
          followers(first: 10) { edges { follower: node { login } } }
        }
      }
    """)
    price = price_of(document, {})
    assert price.nodes == 22_060
    assert price.requests == 1 + 50 + 50 * 20 + 50 + 50 * 20 + 1


def test_a_question_is_charged_its_price(asker: Asker, double: GitHubDouble) -> None:
    question = next(path for path in QUESTIONS if path.stem == "changes").read_text()
    told = asker.graphql(question, owner="acme", name="web", first=50)["data"]["rateLimit"]
    assert told["cost"] > 1
    assert told["remaining"] == 5000 - told["cost"]
    assert double.allowance(double.tokens["tok"], "graphql").used == told["cost"]
    assert double.allowance(double.tokens["tok"], "core").used == 0
    assert len(double.counted.like("graphql Changes")) == 1


@pytest.mark.parametrize(
    ("inner", "kind"),
    [
        ("pullRequests { totalCount }", "MISSING_PAGINATION_BOUNDARIES"),
        ("pullRequests(first: 101) { totalCount }", "EXCESSIVE_PAGINATION"),
        (TOO_DEEP, "MAX_NODE_LIMIT_EXCEEDED"),
    ],
)
def test_a_question_that_may_give_too_much_is_refused(asker: Asker, inner: str, kind: str) -> None:
    answer = asker.graphql('{ repository(owner: "acme", name: "web") { %s } }' % inner)  # noqa: UP031
    assert answer["errors"][0]["type"] == kind


@pytest.mark.parametrize("kind", ["RATE_LIMITED", "RATE_LIMIT"])
def test_when_the_points_are_used_up_it_says_so_inside_a_200(
    asker: Asker, double: GitHubDouble, kind: str
) -> None:
    double.graphql_limit_type = kind
    double.spend("tok", "graphql")
    answer = asker.graphql(NUMBERS, first=4)
    assert answer["errors"][0]["type"] == kind
    assert "data" not in answer
    assert asker.get("/user").status_code == 200
    double.time.sleep(3600)
    assert "errors" not in asker.graphql(NUMBERS, first=4)


# --- errors inside a 200 ----------------------------------------------------------------------


def test_a_repository_that_is_not_there_is_null_with_an_error(asker: Asker) -> None:
    answer = asker.graphql('{ repository(owner: "acme", name: "nowhere") { databaseId } }')
    assert answer["data"] == {"repository": None}
    assert answer["errors"] == [
        {
            "type": "NOT_FOUND",
            "path": ["repository"],
            "message": "Could not resolve to a Repository with the name 'acme/nowhere'.",
        }
    ]


def test_what_a_token_may_not_read_is_null_and_the_rest_is_there(
    asker: Asker, double: GitHubDouble
) -> None:
    rights = ["metadata:read", "contents:read", "pull_requests:read"]
    double.add_token("some", "dev-1", rights)
    asker.token = "some"
    answer = asker.graphql("""
      { repository(owner: "acme", name: "web") {
          databaseId
          pullRequests(first: 1) { nodes {
            number
            commits(last: 1) { nodes { commit { oid statusCheckRollup { state } } } }
          } }
      } }
    """)
    (pull,) = answer["data"]["repository"]["pullRequests"]["nodes"]
    assert pull["commits"]["nodes"][0]["commit"]["statusCheckRollup"] is None
    assert answer["errors"][0]["type"] == "FORBIDDEN"
    assert answer["errors"][0]["path"][-1] == "statusCheckRollup"
    refused = asker.graphql(
        '{ repository(owner: "acme", name: "web") { deployments(first: 1) { totalCount } } }'
    )
    assert refused["data"] == {"repository": None}


def test_single_sign_on_is_an_error_inside_a_200(asker: Asker, double: GitHubDouble) -> None:
    double.add_token("far", "dev-1").sso_pending = {"acme"}
    asker.token = "far"
    answer = asker.graphql(NUMBERS, first=1)
    assert answer["errors"][0]["extensions"] == {"saml_failure": True}


def test_a_timeout_is_an_error_inside_a_200(asker: Asker, double: GitHubDouble) -> None:
    double.fail("graphql Numbers", [answers.graphql_timeout()])
    assert "Something went wrong" in asker.graphql(NUMBERS, first=1)["errors"][0]["message"]
    assert "errors" not in asker.graphql(NUMBERS, first=1)


def test_a_name_that_a_repository_once_had_is_followed_unless_asked_otherwise(
    asker: Asker, cases: Cases
) -> None:
    told = '{ repository(owner: "elsewhere", name: "old-name"%s) { databaseId nameWithOwner } }'
    found = asker.graphql(told.replace("%s", ""))["data"]["repository"]
    assert found == {"databaseId": cases.moved.id, "nameWithOwner": "acme/new-name"}
    refused = asker.graphql(told.replace("%s", ", followRenames: false"))
    assert refused["data"]["repository"] is None


def test_filters_of_graphql_can_be_ignored_too(
    asker: Asker, double: GitHubDouble, cases: Cases
) -> None:
    question = """
      query Late($since: DateTime) { repository(owner: "acme", name: "web") {
        issues(first: 10, filterBy: {since: $since}) { nodes { number } }
      } }
    """
    since = (cases.unlabelled.updated_at - timedelta(minutes=1)).isoformat()

    def found() -> list[int]:
        page = asker.graphql(question, since=since)["data"]["repository"]["issues"]
        return [node["number"] for node in page["nodes"]]

    assert found() == [cases.unlabelled.number]
    double.ignored_filters = {"since"}
    assert found() == [cases.unlabelled.number, cases.reopened.number]


def test_an_answer_can_be_damaged(asker: Asker, double: GitHubDouble) -> None:
    def without_data(said: dict[str, Any]) -> dict[str, Any]:
        return {**said, "data": None}

    double.damage("graphql Numbers", without_data)
    assert asker.graphql(NUMBERS, first=1)["data"] is None
    double.spoil("graphql Numbers", lambda _: Answer.json({"message": "no"}, 502))
    assert asker.graphql(NUMBERS, first=1) == {"message": "no"}


def test_a_failure_knows_how_the_host_writes_it() -> None:
    failure = Failure("No", "FORBIDDEN")
    failure.path = ["repository", "pullRequests"]
    assert failure.told() == {
        "type": "FORBIDDEN",
        "path": ["repository", "pullRequests"],
        "message": "No",
    }

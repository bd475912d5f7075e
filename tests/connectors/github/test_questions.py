"""The questions to the GraphQL API: that GitHub understands them, and what they cost.

GitHub's schema is 1.2 MB and not ours. Where the environment variable CAIRN_GITHUB_SCHEMA names the
`schema.graphql` of the npm package @octokit/graphql-schema, it judges; the double's always does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    IntValueNode,
    Node,
    OperationDefinitionNode,
    VariableNode,
    build_schema,
    get_named_type,
    parse,
    validate,
)
from graphql.validation import NoDeprecatedCustomRule, specified_rules

from connectors.github.api import question
from connectors.github.code.changes import Changes
from connectors.github.code.history import History
from connectors.github.delivery.deployments import Deployments
from connectors.github.delivery.incidents import Incidents
from connectors.github.delivery.releases import Releases
from connectors.github.delivery.tags import Tags
from connectors.github.governance.teams import Teams
from tests.doubles import github as double
from tests.doubles.github.graphql.pricing import price_of

FOLDER = Path(question.__file__).parent / "questions"
OF_THE_DOUBLE = Path(double.__file__).parent / "graphql" / "schema.graphql"
QUESTIONS = sorted(path.stem for path in FOLDER.glob("*.graphql"))
PAGE_SIZES = {
    "changes": Changes.page_size,
    "deployments": Deployments.page_size,
    "history": History.page_size,
    "issues": Incidents.page_size,
    "releases": Releases.page_size,
    "tags": Tags.page_size,
    "teams": Teams.page_size,
}
MOST_POINTS = {"changes": 40}
"""Of a page; of all others it is 5."""
MOST_NODES = 500_000
MOST_OF_A_LIST = 100


@dataclass
class Cost:
    """What GitHub reckons before it answers.

    Each list is asked for once for every item of the lists around it, and each of these is taken to
    be full; a hundred such requests are a point.
    https://docs.github.com/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api
    """

    requests: int = 0
    nodes: int = 0
    longest: int = 0

    @property
    def points(self) -> int:
        return max(1, round(self.requests / 100))


@pytest.fixture(scope="module", params=["the double's", "GitHub's"])
def schema(request: pytest.FixtureRequest) -> GraphQLSchema:
    if request.param == "the double's":
        return schema_of(OF_THE_DOUBLE)
    named = os.environ.get("CAIRN_GITHUB_SCHEMA")
    if not named:
        pytest.skip("CAIRN_GITHUB_SCHEMA names no schema.graphql of @octokit/graphql-schema")
    return schema_of(Path(named))


@cache
def schema_of(path: Path) -> GraphQLSchema:
    return build_schema(path.read_text(), assume_valid=True)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_understood_and_asks_for_nothing_that_is_going(
    schema: GraphQLSchema, name: str
) -> None:
    rules = [*specified_rules, NoDeprecatedCustomRule]
    assert validate(schema, parse(question.text_of(name)), rules) == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_page_costs_no_more_than_it_may(schema: GraphQLSchema, name: str) -> None:
    cost = cost_of(schema, parse(question.text_of(name)), {"first": PAGE_SIZES.get(name)})
    assert cost.points <= MOST_POINTS.get(name, 5)
    assert cost.nodes <= MOST_NODES
    assert cost.longest <= MOST_OF_A_LIST


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_double_charges_what_github_would(name: str) -> None:
    asked = parse(question.text_of(name))
    variables = {"first": PAGE_SIZES.get(name), **_all_of_the_rest(asked)}
    expected = cost_of(schema_of(OF_THE_DOUBLE), asked, variables)
    found = price_of(asked, variables)
    assert (found.requests, found.nodes, found.points) == (
        expected.requests,
        expected.nodes,
        expected.points,
    )


def test_every_paged_question_is_priced_at_the_size_of_its_pages() -> None:
    paged = {name for name in QUESTIONS if "$first: Int!" in question.text_of(name)}
    assert paged == set(PAGE_SIZES)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_asks_what_it_costs(name: str) -> None:
    assert "rateLimit { cost limit remaining resetAt }" in question.text_of(name)


def test_githubs_own_example_costs_what_it_says() -> None:
    """A hundred repositories, of each fifty issues, of each sixty labels: 5,101 requests."""
    schema = build_schema(
        """
        type Query { viewer: User }
        type User { repositories(first: Int): RepositoryConnection }
        type RepositoryConnection { edges: [RepositoryEdge] }
        type RepositoryEdge { node: Repository }
        type Repository { issues(first: Int): IssueConnection }
        type IssueConnection { edges: [IssueEdge] }
        type IssueEdge { node: Issue }
        type Issue { labels(first: Int): LabelConnection }
        type LabelConnection { totalCount: Int }
        """
    )
    asked = parse(
        "{ viewer { repositories(first: 100) { edges { node { issues(first: 50) { edges { node {"
        " labels(first: 60) { totalCount } } } } } } } } }"
    )
    cost = cost_of(schema, asked, {})
    assert (cost.requests, cost.points) == (5101, 51)


def cost_of(schema: GraphQLSchema, asked: DocumentNode, variables: Mapping[str, Any]) -> Cost:
    """Reckons a question with all its parts."""
    cost = Cost()
    for definition in asked.definitions:
        if isinstance(definition, OperationDefinitionNode):
            _add(cost, schema, schema.query_type, definition, 1, variables)
    return cost


def _add(
    cost: Cost, schema: GraphQLSchema, of: Any, node: Any, times: int, variables: Mapping[str, Any]
) -> None:
    """Adds what is asked of something of a type, so many times."""
    for inner in node.selection_set.selections if node.selection_set else ():
        if not isinstance(inner, FieldNode):  # `... on Commit`
            _add(
                cost,
                schema,
                schema.type_map[inner.type_condition.name.value],
                inner,
                times,
                variables,
            )
            continue
        if inner.name.value == "__typename":
            continue
        kind = get_named_type(of.fields[inner.name.value].type)
        again = times
        if kind.name.endswith("Connection"):
            size = next(_sizes(inner.arguments or (), variables))
            again = times * size
            cost.requests += times
            cost.nodes += again
            cost.longest = max(cost.longest, size)
        _add(cost, schema, kind, inner, again, variables)


def _sizes(arguments: tuple[ArgumentNode, ...], variables: Mapping[str, Any]) -> Iterator[int]:
    for argument in arguments:
        if argument.name.value in ("first", "last"):
            yield _number(argument.value, variables)


def _number(value: Node, variables: Mapping[str, Any]) -> int:
    if isinstance(value, VariableNode):
        return int(variables[value.name.value])
    assert isinstance(value, IntValueNode)
    return int(value.value)


def _all_of_the_rest(asked: DocumentNode) -> Mapping[str, bool]:
    """The variables that ask for parts, all set."""
    (definition,) = asked.definitions
    assert isinstance(definition, OperationDefinitionNode)
    names = [each.variable.name.value for each in definition.variable_definitions or ()]
    return {name: True for name in names if name.startswith("with")}

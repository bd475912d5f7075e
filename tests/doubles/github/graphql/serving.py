"""The one address of GraphQL: from the body of a question to the body of its answer."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, build_schema, parse, validate

from tests.connectors.loopback import Answer, Asked
from tests.doubles.github.graphql.context import Context
from tests.doubles.github.graphql.executing import Walk
from tests.doubles.github.graphql.fields import MODULES
from tests.doubles.github.graphql.pricing import Price, price_of
from tests.doubles.github.graphql.problems import Failure
from tests.doubles.github.graphql.resolvers import RESOLVERS, TYPES
from tests.doubles.github.tokens import GitHubToken
from tests.doubles.github.view import View
from tests.doubles.host import Given, Problem

if TYPE_CHECKING:
    from tests.doubles.github.double import GitHubDouble

SCHEMA_FILE = Path(__file__).with_name("schema.graphql")
assert MODULES


@cache
def schema() -> GraphQLSchema:
    """The types that are answered."""
    return build_schema(SCHEMA_FILE.read_text())


@cache
def checked(question: str) -> DocumentNode | tuple[str, ...]:
    """Parses a question; of one that the schema does not know, says why."""
    try:
        document = parse(question)
    except GraphQLError as error:
        return (error.message,)
    wrong = validate(schema(), document)
    return tuple(error.message for error in wrong) if wrong else document


def type_of(value: Any) -> str:
    """Names the type of a value where it may be one of several."""
    return TYPES[type(value)](value)


def answer(double: GitHubDouble, asked: Asked, token: GitHubToken) -> Given:
    """Answers a question."""
    view = View(double, asked, token)
    try:
        body = asked.json
        question, variables = body["query"], body.get("variables") or {}
    except (ValueError, KeyError, TypeError):
        raise Problem(400, "Problems parsing JSON") from None
    document = checked(question)
    if isinstance(document, tuple):
        return Given({"errors": [{"message": words} for words in document]})
    context = Context(view, Price(), double.allowance(token, "graphql"))
    walk = Walk(schema(), RESOLVERS, type_of, context, document, variables)
    try:
        failures = walk.coerce()
        context.price = Price() if failures else price_of(document, walk.values)
    except Failure as failure:
        failures = [failure]
    if failures:
        return Given({"errors": [failure.told() for failure in failures]})
    said: dict[str, Any] = {"data": walk.answer()}
    if walk.failures:
        said["errors"] = [failure.told() for failure in walk.failures]
    return Given(said, points=context.price.points)


def limit_reached(kind: str, whose: str) -> Answer:
    """Says that the points are used up: with a 200."""
    if kind == "RATE_LIMIT":
        error = {
            "type": kind,
            "code": "graphql_rate_limit",
            "message": f"API rate limit already exceeded for {whose}.",
        }
    else:
        error = {"type": kind, "message": f"API rate limit exceeded for {whose}."}
    return Answer.json({"errors": [error]})

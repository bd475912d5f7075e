"""Answers a GraphQL question: reads it, checks it, counts its complexity, walks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, build_schema, parse, validate

from tests.doubles.github.graphql.executing import Walk
from tests.doubles.github.graphql.problems import Failure
from tests.doubles.gitlab.graphql import changes, delivery, projects
from tests.doubles.gitlab.graphql.complexity import complexity
from tests.doubles.gitlab.graphql.resolvers import RESOLVERS
from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import Vulnerability

MODULES = (projects, changes, delivery)
"""All that answer; importing them fills the table."""

SCHEMA: GraphQLSchema = build_schema(
    (Path(__file__).parent / "schema.graphql").read_text(encoding="utf-8")
)
_LONGEST = 10_000


@dataclass
class Context:
    """What the fields of one question know."""

    view: View
    limit: int
    complexity: int = 0
    _asked_once: set[str] = field(default_factory=set)

    def moment(self, at: datetime | None) -> str | None:
        """Writes a time to the second, as GraphQL does."""
        if at is None:
            return None
        told = at.astimezone(self.view.double.zone).isoformat(timespec="seconds")
        return told.replace("+00:00", "Z")

    def once(self, name: str) -> None:
        """Refuses a field that one question may ask for one thing only.

        Raises:
            Failure: the second time.
        """
        if name in self._asked_once:
            message = f'"{name}" field can be requested only for 1 Environment(s) at a time.'
            raise Failure(message)
        self._asked_once.add(name)


def serve(view: View) -> dict[str, Any]:
    """Answers what was posted."""
    asked = view.asked.json
    question, told = asked.get("query") or "", asked.get("variables") or {}
    ignored = view.double.ignored_filters
    variables = {name: value for name, value in told.items() if name not in ignored}
    if len(question) > _LONGEST:
        return _refused("Query too large")
    read = _read(question)
    if not isinstance(read, DocumentNode):
        return {"errors": list(read)}
    context = Context(view, view.double.max_complexity)
    walk = Walk(SCHEMA, RESOLVERS, type_of, context, read, variables)
    wrong = walk.coerce()
    if wrong:
        return {"errors": [failure.told() for failure in wrong]}
    context.complexity = complexity(SCHEMA, read, walk.values)
    view.double.complexities.append(context.complexity)
    if context.complexity > context.limit:
        return _refused(
            f"Query has complexity of {context.complexity}, "
            f"which exceeds max complexity of {context.limit}"
        )
    data = walk.answer()
    if walk.failures:
        return {"data": data, "errors": [failure.told() for failure in walk.failures]}
    return {"data": data}


def type_of(value: Any) -> str:
    """Names the type of a value where it may be one of several."""
    assert isinstance(value, Vulnerability)
    return delivery.LOCATIONS[value.report_type]


@lru_cache
def _read(question: str) -> DocumentNode | tuple[dict[str, Any], ...]:
    try:
        document = parse(question)
    except GraphQLError as error:
        return ({"message": error.message, "locations": _places(error)},)
    wrong = validate(SCHEMA, document)
    if wrong:
        return tuple({"message": one.message, "locations": _places(one)} for one in wrong)
    return document


def _places(error: GraphQLError) -> list[dict[str, int]]:
    return [{"line": place.line, "column": place.column} for place in error.locations or ()]


def _refused(message: str) -> dict[str, Any]:
    return {"errors": [{"message": message}]}

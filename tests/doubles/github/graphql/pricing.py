"""What a GraphQL question costs, reckoned before it is answered.

Each connection is asked for once for every node of the connections around it, as many as these may
give. A hundred such requests are a point, and each question costs at least one.
https://docs.github.com/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    value_from_ast_untyped,
)

from tests.doubles.github.graphql.executing import is_wanted
from tests.doubles.github.graphql.problems import Failure

MOST_ITEMS = 100
MOST_NODES = 500_000


@dataclass
class Price:
    """What was reckoned so far."""

    requests: int = 0
    nodes: int = 0

    @property
    def points(self) -> int:
        return max(1, round(self.requests / 100))


def price_of(document: DocumentNode, variables: Mapping[str, Any]) -> Price:
    """Reckons a question.

    Raises:
        Failure: if a list has no bounds, or the question may give too much.
    """
    price = Price()
    fragments = {
        known.name.value: known
        for known in document.definitions
        if isinstance(known, FragmentDefinitionNode)
    }
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            _add(price, definition.selection_set, 1, fragments, variables)
    if price.nodes > MOST_NODES:
        raise Failure(
            f"This query requests up to {price.nodes:,} possible nodes which exceeds the maximum "
            f"limit of {MOST_NODES:,}.",
            "MAX_NODE_LIMIT_EXCEEDED",
        )
    return price


def _add(
    price: Price,
    selected: SelectionSetNode | None,
    times: int,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
) -> None:
    for node in selected.selections if selected else ():
        if not is_wanted(node, variables):
            continue
        if isinstance(node, FragmentSpreadNode):
            inner: SelectionSetNode | None = fragments[node.name.value].selection_set
            _add(price, inner, times, fragments, variables)
            continue
        assert isinstance(node, (FieldNode, InlineFragmentNode))
        inner = node.selection_set
        again = times
        if isinstance(node, FieldNode) and _is_connection(inner):
            price.requests += times
            again = times * _items(node, variables)
            price.nodes += again
        _add(price, inner, again, fragments, variables)


def _is_connection(selected: SelectionSetNode | None) -> bool:
    names = {"nodes", "edges", "pageInfo", "totalCount"}
    nodes = selected.selections if selected else ()
    return any(isinstance(node, FieldNode) and node.name.value in names for node in nodes)


def _items(node: FieldNode, variables: Mapping[str, Any]) -> int:
    told = {
        argument.name.value: variables.get(argument.value.name.value)
        if isinstance(argument.value, VariableNode)
        else value_from_ast_untyped(argument.value)
        for argument in node.arguments or ()
    }
    name = node.name.value
    for bound in ("first", "last"):
        wanted = told.get(bound)
        if wanted is not None:
            count = int(wanted)
            if count > MOST_ITEMS:
                raise Failure(
                    f"Requesting {count} records on the `{name}` connection exceeds the `{bound}` "
                    f"limit of {MOST_ITEMS} records.",
                    "EXCESSIVE_PAGINATION",
                )
            return count
    raise Failure(
        f"You must provide a `first` or `last` value to properly paginate the `{name}` connection.",
        "MISSING_PAGINATION_BOUNDARIES",
    )

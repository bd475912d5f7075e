"""How complex a question is, counted as GitLab counts it.

A field counts 1 and what is asked of it. A list with a resolver is dearer by a hundredth for each
item it may load, unless it is asked for items by number. Lists without one are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    value_from_ast_untyped,
)

from tests.doubles.github.graphql.executing import is_wanted

MOST_ITEMS = 100


def complexity(schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> int:
    """Counts a question that is valid."""
    fragments = {
        known.name.value: known
        for known in document.definitions
        if isinstance(known, FragmentDefinitionNode)
    }
    root = schema.query_type
    assert root is not None
    return sum(
        _Count(schema, fragments, variables).of(known.selection_set, root)
        for known in document.definitions
        if isinstance(known, OperationDefinitionNode)
    )


class _Count:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables

    def of(self, selected: SelectionSetNode | None, on: GraphQLNamedType) -> int:
        if selected is None:
            return 0
        if isinstance(on, GraphQLUnionType):
            # Of the types a value may have, the dearest counts.
            return max(self._selected(selected, kind) for kind in on.types)
        return self._selected(selected, on)

    def _selected(self, selected: SelectionSetNode, on: GraphQLNamedType) -> int:
        total = 0
        for node in selected.selections:
            if not is_wanted(node, self._variables):
                continue
            if isinstance(node, FieldNode):
                total += self._field(node, on)
                continue
            found: Any = node
            if isinstance(node, FragmentSpreadNode):
                found = self._fragments[node.name.value]
            if found.type_condition is None or found.type_condition.name.value == on.name:
                total += self._selected(found.selection_set, on)
        return total

    def _field(self, node: FieldNode, on: GraphQLNamedType) -> int:
        if node.name.value == "__typename":
            return 1
        assert isinstance(on, GraphQLObjectType)
        definition = on.fields[node.name.value]
        kind = get_named_type(definition.type)
        inner = self.of(node.selection_set, kind)
        cost = _costs(definition.ast_node)
        if cost.get("own"):
            return int(cost["own"]) + inner
        total = float(inner + 1 + bool(cost.get("asksGit")))
        if cost.get("isResolver"):
            told = {given.name.value: self._value(given.value) for given in node.arguments or ()}
            total += bool(told.get("sort")) + 5 * bool(told.get("search"))
            if kind.name.endswith("Connection") and not told.get("iids"):
                total *= 1 + 0.01 * min(told.get("first") or MOST_ITEMS, MOST_ITEMS)
        return int(total)

    def _value(self, node: Any) -> Any:
        return value_from_ast_untyped(node, dict(self._variables))


def _costs(definition: Any) -> dict[str, Any]:
    for directive in definition.directives or () if definition else ():
        if directive.name.value == "cost":
            return {
                given.name.value: value_from_ast_untyped(given.value)
                for given in directive.arguments or ()
            }
    return {}

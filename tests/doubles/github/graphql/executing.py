"""Answers a GraphQL question: the walk of graphql-core over the same functions, an order quicker.

A question is bound to its variables once, into nested lists of what to call for each type; the walk
then calls and nothing else. `tests/doubles/test_github_graphql.py` compares it with graphql-core.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_argument_values,
    get_variable_values,
)

from tests.doubles.github.graphql.problems import Failure

Resolver = Callable[..., Any]
"""Gets the value, the context and the arguments by name."""
Finish = Callable[[Any], Any]
Step = tuple[str, Resolver, dict[str, Any], Finish | None, bool]
"""Key, what resolves it, its arguments, what becomes of the value, whether it may be null."""


def is_wanted(node: SelectionNode, variables: Mapping[str, Any]) -> bool:
    """Tells whether `@include` and `@skip` leave a field in."""
    for directive in node.directives or ():
        (argument,) = directive.arguments or ()
        value = argument.value
        told = variables[value.name.value] if isinstance(value, VariableNode) else value.value  # type: ignore[attr-defined]
        if bool(told) is not (directive.name.value == "include"):
            return False
    return True


@dataclass
class Walk:
    """One question on its way to an answer."""

    schema: GraphQLSchema
    resolvers: Mapping[str, Mapping[str, Resolver]]
    type_of: Callable[[Any], str]
    """Names the type of a value where it may be one of several."""
    context: Any
    document: DocumentNode
    variables: dict[str, Any]
    failures: list[Failure] = field(default_factory=list)

    def __post_init__(self) -> None:
        definitions = self.document.definitions
        self._fragments = {
            known.name.value: known
            for known in definitions
            if isinstance(known, FragmentDefinitionNode)
        }
        self._operation = next(
            known for known in definitions if isinstance(known, OperationDefinitionNode)
        )

    def coerce(self) -> list[Failure]:
        """Takes the variables in; returns what is wrong with them."""
        definitions = self._operation.variable_definitions or ()
        told: Any = get_variable_values(self.schema, definitions, self.variables)
        if isinstance(told, list):
            return [Failure(error.message) for error in told]
        # Before graphql-core 3.3 they were a dictionary by themselves.
        self.values: dict[str, Any] = getattr(told, "coerced", told)
        self._told = told
        return []

    def answer(self) -> dict[str, Any] | None:
        """Answers the question, once `coerce` was content; then see `failures`."""
        root = self.schema.query_type
        assert root is not None
        steps = self._bind(self._operation.selection_set, root)
        try:
            return self._select(steps, None)
        except Failure as failure:
            self.failures.append(failure)
            return None

    # --- binding -------------------------------------------------------------------------------

    def _bind(self, selected: SelectionSetNode, on: GraphQLObjectType) -> list[Step]:
        nodes: dict[str, list[FieldNode]] = {}
        self._collect(selected, on, nodes)
        return [self._step(key, found, on) for key, found in nodes.items()]

    def _collect(
        self, selected: SelectionSetNode, on: GraphQLObjectType, into: dict[str, list[FieldNode]]
    ) -> None:
        for node in selected.selections:
            if not is_wanted(node, self.values):
                continue
            if isinstance(node, FieldNode):
                key = (node.alias or node.name).value
                into.setdefault(key, []).append(node)
                continue
            if isinstance(node, FragmentSpreadNode):
                found: FragmentDefinitionNode | InlineFragmentNode = self._fragments[
                    node.name.value
                ]
            else:
                assert isinstance(node, InlineFragmentNode)
                found = node
            condition = found.type_condition
            if condition is None or self._applies(condition.name.value, on):
                self._collect(found.selection_set, on, into)

    def _applies(self, name: str, on: GraphQLObjectType) -> bool:
        known = self.schema.type_map[name]
        if isinstance(known, (GraphQLUnionType, GraphQLInterfaceType)):
            return self.schema.is_sub_type(known, on)
        return known is on

    def _step(self, key: str, nodes: list[FieldNode], on: GraphQLObjectType) -> Step:
        name = nodes[0].name.value
        if name == "__typename":
            return key, lambda _value, _context: on.name, {}, None, False
        definition = on.fields[name]
        arguments = get_argument_values(definition, nodes[0], self._told)
        is_nullable = not isinstance(definition.type, GraphQLNonNull)
        resolver = self.resolvers[on.name][name]
        return key, resolver, arguments, self._finish(definition.type, nodes), is_nullable

    def _finish(self, kind: Any, nodes: list[FieldNode]) -> Finish | None:
        if isinstance(kind, GraphQLNonNull):
            return self._finish(kind.of_type, nodes)
        if isinstance(kind, GraphQLList):
            return self._finish_list(kind.of_type, nodes)
        if isinstance(kind, GraphQLObjectType):
            steps = self._steps(nodes, kind)
            return lambda value: self._select(steps, value)
        if isinstance(kind, (GraphQLUnionType, GraphQLInterfaceType)):
            return self._finish_one_of(nodes)
        return None

    def _finish_one_of(self, nodes: list[FieldNode]) -> Finish:
        known: dict[str, list[Step]] = {}

        def finish(value: Any) -> Any:
            name = self.type_of(value)
            if name not in known:
                on = self.schema.type_map[name]
                assert isinstance(on, GraphQLObjectType)
                known[name] = self._steps(nodes, on)
            return self._select(known[name], value)

        return finish

    def _finish_list(self, kind: Any, nodes: list[FieldNode]) -> Finish:
        inner = self._finish(kind, nodes)
        is_nullable = not isinstance(kind, GraphQLNonNull)

        def finish(values: Any) -> list[Any]:
            found: list[Any] = []
            failures = self.failures
            for place, value in enumerate(values):
                known = len(failures)
                try:
                    found.append(inner(value) if inner and value is not None else value)
                except Failure as failure:
                    if not is_nullable:
                        self._place(place, [failure, *failures[known:]])
                        raise
                    failures.append(failure)
                    found.append(None)
                if len(failures) > known:
                    self._place(place, failures[known:])
            return found

        return finish

    def _steps(self, nodes: list[FieldNode], on: GraphQLObjectType) -> list[Step]:
        into: dict[str, list[FieldNode]] = {}
        for node in nodes:
            assert node.selection_set is not None
            self._collect(node.selection_set, on, into)
        return [self._step(key, found, on) for key, found in into.items()]

    # --- walking -------------------------------------------------------------------------------

    def _select(self, steps: list[Step], value: Any) -> dict[str, Any]:
        out: dict[str, Any] = {}
        context, failures = self.context, self.failures
        for key, resolve, arguments, finish, is_nullable in steps:
            known = len(failures)
            try:
                found = resolve(value, context, **arguments)
                if found is None and not is_nullable:
                    raise Failure(f"Cannot return null for non-nullable field {key}")  # noqa: TRY301
                if found is not None and finish is not None:
                    found = finish(found)
            except Failure as failure:
                if not is_nullable:
                    self._place(key, [failure, *failures[known:]])
                    raise
                failures.append(failure)
                found = None
            if len(failures) > known:
                self._place(key, failures[known:])
            out[key] = found
        return out

    def _place(self, key: str | int, failures: list[Failure]) -> None:
        """Says of failures further in that they lie below this field or item."""
        for failure in failures:
            failure.path.insert(0, key)

"""What several sets of rules for one branch, or for tags, come to together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

_ALLOWING = frozenset({"is_force_push_allowed", "is_deletion_allowed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one set of rules asks for; by default nothing. Null is unknown.

    Fields are those of `data.model.Protection`.
    """

    is_request_required: bool | None = False
    required_approvals: int | None = 0
    is_stale_approval_dismissed: bool | None = False
    is_last_push_approval_required: bool | None = False
    is_code_owner_required: bool | None = False
    is_conversation_resolution_required: bool | None = False
    required_checks: frozenset[str] | None = frozenset()
    is_up_to_date_required: bool | None = False
    is_force_push_allowed: bool | None = True
    is_deletion_allowed: bool | None = True
    is_signature_required: bool | None = False
    is_linear_required: bool | None = False
    is_merge_queue_required: bool | None = False
    push_actors: frozenset[str] | None = None
    """Null: not limited, or unknown."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One set of rules and who may pass it by."""

    rules: Rules
    actors: frozenset[str] | None
    """Null: unknown."""


UNKNOWN = Layer(Rules(**dict.fromkeys((field.name for field in fields(Rules)), None)), None)
"""Rules that are in force, or may be, and are not shown."""


def together(layers: Iterable[Layer]) -> Rules:
    """The union of the rules: the strictest of each; unknown where one that is hidden may be."""
    every = [layer.rules for layer in layers]
    told = {field.name: [getattr(rules, field.name) for rules in every] for field in fields(Rules)}
    return Rules(**{name: _strictest(name, values) for name, values in told.items() if values})


def passing_by(layers: Sequence[Layer]) -> frozenset[str] | None:
    """Who may do what the layers forbid together; null if unknown.

    Nobody passes by a rule that another layer holds him to.
    """
    whole = together(layers)
    shown = [layer for layer in layers if layer.actors is not None]
    if together(shown) != whole:
        return None
    actors = frozenset[str]().union(*(layer.actors or () for layer in shown))
    return frozenset(
        actor
        for actor in actors
        if together(layer for layer in shown if actor not in (layer.actors or ())) != whole
    )


def _strictest(name: str, told: Sequence[Any]) -> Any:
    if name == "push_actors":
        limits = [each for each in told if each is not None]
        return frozenset.intersection(*limits) if limits else None
    if name in _ALLOWING:
        return False if False in told else None if None in told else True
    if name.startswith("is_"):
        return True if True in told else None if None in told else False
    if None in told:
        return None
    if name == "required_checks":
        return frozenset.union(*told)
    return max(told)

"""Which failing rows of a control a waiver would cover: what is told before one is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from data.controls.decided import as_row
from data.controls.outcome import Result
from data.decisions.scope import Above, Covering, Scope, ScopeKind

_NAMED = {
    ScopeKind.REPOSITORY: "repository",
    ScopeKind.SERVICE: "service",
    ScopeKind.MODEL: "model",
    ScopeKind.ROW: "id",
}


def covered(failing: Iterable[Result], scope: Scope, above: Above) -> tuple[Result, ...]:
    """The rows in a scope.

    Args:
        failing: rows of one control that fail.
        scope: what is asked for.
        above: of each team, those it is part of.
    """
    asked = Covering([("", scope, True)], above)
    return tuple(one for one in failing if asked.covering("", as_row(one)))


def scopes(failing: Iterable[Result], above: Above) -> Mapping[ScopeKind, Counter[str]]:
    """What can be named of each kind of scope, and how many of the rows are in it.

    Args:
        failing: rows of one control that fail.
        above: of each team, those it is part of.
    """
    found: dict[ScopeKind, Counter[str]] = {kind: Counter() for kind in (*_NAMED, ScopeKind.TEAM)}
    for one in failing:
        row = as_row(one)
        for kind, key in _NAMED.items():
            if name := row[key]:
                found[kind][name] += 1
        if one.team:
            found[ScopeKind.TEAM].update({one.team, *above.get(one.team, ())})
    return found

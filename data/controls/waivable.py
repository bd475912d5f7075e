"""Which failing rows of a control a waiver would cover: what is told before one is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from data.controls.decided import as_row
from data.controls.outcome import Result
from data.decisions.scope import Above, Covering, Scope, ScopeKind
from data.few import are_few

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


def is_about_few(results: Iterable[Result], scope: Scope, above: Above) -> bool:
    """Whether a scope is about too few people to be told of where names are hidden.

    Args:
        results: all rows of one control.
        scope: what is asked for.
        above: of each team, those it is part of.
    """
    return are_few(one.person for one in covered(results, scope, above))


def scopes(rows: Iterable[Result], above: Above) -> Mapping[ScopeKind, Counter[str]]:
    """What can be named of each kind of scope, and how many of the rows are in it.

    Args:
        rows: of one control.
        above: of each team, those it is part of.
    """
    found: dict[ScopeKind, Counter[str]] = {kind: Counter() for kind in (*_NAMED, ScopeKind.TEAM)}
    for one in rows:
        row = as_row(one)
        for kind, key in _NAMED.items():
            if name := row[key]:
                found[kind][name] += 1
        if one.team:
            found[ScopeKind.TEAM].update({one.team, *above.get(one.team, ())})
    return found

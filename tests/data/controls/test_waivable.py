"""Which failing rows a waiver would cover."""

from __future__ import annotations

import pytest

from data.controls.state import State
from data.controls.waivable import covered, scopes
from data.decisions.scope import ScopeKind, parse_scope
from tests.data.controls.made import result

ABOVE = {"web": ("shops",), "shops": (), "core": ()}
FAILING = tuple(
    result(row, State.FAIL, **fields)
    for row, fields in {
        "a": {"team": "web", "repository": "shop-web", "service": "shop"},
        "b": {"team": "web", "repository": "shop-app", "model": "churn"},
        "c": {"team": "core", "repository": "tools"},
        "d": {"team": None},
    }.items()
)


@pytest.mark.parametrize(
    ("scope", "rows"),
    [
        ("organisation", "abcd"),
        ("team:web", "ab"),
        ("team:shops", "ab"),
        ("team:core", "c"),
        ("repository:shop-*", "ab"),
        ("repository:shop-web", "a"),
        ("service:shop", "a"),
        ("model:churn", "b"),
        ("row:d", "d"),
        ("row:x", ""),
    ],
)
def test_a_scope_covers_what_is_in_it(scope: str, rows: str) -> None:
    assert "".join(one.id for one in covered(FAILING, parse_scope(scope), ABOVE)) == rows


def test_each_scope_that_can_be_picked_says_how_many_rows_are_in_it() -> None:
    found = scopes(FAILING, ABOVE)
    assert found[ScopeKind.TEAM] == {"web": 2, "shops": 2, "core": 1}
    assert found[ScopeKind.REPOSITORY] == {"shop-web": 1, "shop-app": 1, "tools": 1}
    assert found[ScopeKind.ROW] == dict.fromkeys("abcd", 1)
    for kind, names in found.items():
        for name, many in names.items():
            assert len(covered(FAILING, parse_scope(f"{kind}:{name}"), ABOVE)) == many


def test_of_nothing_that_fails_there_is_nothing_to_pick() -> None:
    assert not any(scopes((), ABOVE).values())

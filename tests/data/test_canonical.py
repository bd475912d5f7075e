"""Plain values as bytes: the same wherever they come from."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from data.canonical import NotCanonical, canonical, sha256

AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
WHOLE = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS


def _values(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda deeper: st.lists(deeper, max_size=4) | st.dictionaries(TEXTS, deeper, max_size=4),
        max_leaves=12,
    )


@given(_values(WHOLE | st.floats(allow_nan=False, allow_infinity=False)))
def test_the_fast_way_writes_what_the_standard_writes(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [True, None]}, b'{"a":[true,null],"b":1}'),
        ({"\ufb33": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ufb33":1}'.encode()),
        ([1e30, 4.50, 2e-3], b"[1e+30,4.5,0.002]"),
        ("\u20ac$\x0f\nA'B\"\\/", '"\u20ac$\\u000f\\nA\'B\\"\\\\/"'.encode()),
        ({"at": "12:00:00.000000Z"}, b'{"at":"12:00:00.000000Z"}'),
    ],
)
def test_a_value_has_one_way_to_be_written(value: Any, written: bytes) -> None:
    assert canonical(value) == written


@given(_values(WHOLE))
def test_what_is_written_is_read_as_the_same_and_written_the_same_again(value: Any) -> None:
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


def test_the_order_of_keys_does_not_matter_and_that_of_lists_does() -> None:
    assert sha256({"a": 1, "b": 2}) == sha256({"b": 2, "a": 1})
    assert sha256([1, 2]) != sha256([2, 1])


class _Number(IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        2**53,
        AT,
        {1: 2},
        {"a": {_Number.ONE: 1}},
        b"a",
        "\ud800",
        [object()],
    ],
)
def test_what_json_cannot_hold_exactly_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)

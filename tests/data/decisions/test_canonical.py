"""Plain values as bytes: the same wherever they come from."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.decisions.canonical import canonical, sha256

KEYS = st.text(st.characters(max_codepoint=127), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(value=VALUES)
def test_what_is_written_is_read_as_the_same_and_written_the_same_again(value: Any) -> None:
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


def test_the_form_is_that_of_the_standard() -> None:
    value = {"b": [True, None, -7], "a": '\u20ac"\\\n\u001f\u007f', "B": {}}
    expected = '{"B":{},"a":"\u20ac\\"\\\\\\n\\u001f\u007f","b":[true,null,-7]}'
    assert canonical(value) == expected.encode()


def test_the_order_of_keys_does_not_matter_and_that_of_lists_does() -> None:
    assert sha256({"a": 1, "b": 2}) == sha256({"b": 2, "a": 1})
    assert sha256([1, 2]) != sha256([2, 1])


@pytest.mark.parametrize("value", [1.0, 2**53, {1: 2}, {"\u00e4": 1}, [object()], "\ud800"])
def test_what_could_be_written_in_two_ways_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"canonical|surrogates"):
        canonical(value)

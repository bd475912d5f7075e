"""Items of lists, whatever they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.gitlab.api.items import key_of, list_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(("item", "key"), [({"id": 7}, "7"), ({"id": "7"}, "7"), ({"id": 0}, "0")])
def test_an_item_is_called_by_its_id(item: object, key: str) -> None:
    assert key_of(item) == key


@given(JSON)
def test_whatever_an_item_is_it_has_a_key_of_one_word(item: object) -> None:
    assert key_of(item).isprintable()
    assert 0 < len(key_of({"id": item})) <= 200


@pytest.mark.parametrize("answer", [None, {}, "ab", 7])
def test_what_is_no_list_has_no_items(answer: object) -> None:
    with pytest.raises(TypeError):
        list_of(answer)

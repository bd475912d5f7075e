"""Names: which are of one person, which are not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.decisions.person import is_named, is_same


@pytest.mark.parametrize(
    "other",
    [
        " Helen  Cope ",
        "HELEN COPE",
        "\uff48elen cope",  # a wide h
        "helen\u200b cope",  # with a space of no width
        "helen\u00a0cope",
        "h\u0435l\u0435n \u0441\u043e\u0440\u0435",  # with Cyrillic letters
        "\u0397elen C\u039fPE",  # with Greek capitals
        "\u04bbelen c\u03bfpe",
        "h\ufe00elen cope",
        "helencope",
        "helen.cope",
        "Helen-Cope.",
        "h\u00e9len cope",
        "he\u0301len cope",
        "@helen-cope",
        "github:helen-cope",
        "helen.cope@example.com",
    ],
)
def test_what_looks_like_a_name_is_that_name(other: str) -> None:
    assert is_same("helen cope", other)


@pytest.mark.parametrize(
    "other",
    ["helen", "helena cope", "h.cope", "cope helen", "helen cope 2", "cope@helen.example", ""],
)
def test_what_can_be_told_apart_is_another_name(other: str) -> None:
    assert not is_same("helen cope", other)


@given(name=st.text(min_size=1, max_size=30))
def test_a_name_is_itself_in_any_case_and_form(name: str) -> None:
    assert is_same(name, name)
    assert is_same(name, f"  {name}\u200d")
    assert is_same(name, unicodedata.normalize("NFC", name))


@pytest.mark.parametrize(
    "name", ["\u0397\u039b\u0399\u0391\u03a3", "\u0418\u0420\u0418\u041d\u0410"]
)
def test_a_name_in_another_script_is_the_same_in_small_letters(name: str) -> None:
    assert is_same(name, name.lower())


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\u3164 \ufe0f", ".", "@", ":"])
def test_what_nobody_sees_is_no_name(name: str) -> None:
    assert not is_named(name)


def test_vowels_of_other_scripts_are_no_accents() -> None:
    assert not is_same("\u0930\u093e\u092e", "\u0930\u092e\u093e")

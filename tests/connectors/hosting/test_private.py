"""What is hidden in answers before they are archived, and what is left as it was sent."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.hosting.page import read_page, write_page
from connectors.hosting.private import without_addresses_in, without_private

HIDDEN = "[hidden]"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Co-authored-by: Dev <dev-1@example.com>", f"Co-authored-by: Dev <{HIDDEN}>"),
        ("from a.b+c_d%e@mail.example.co.uk, today", f"from {HIDDEN}, today"),
        ("first line\ndev-1@example.com", f"first line\n{HIDDEN}"),
        ("tab\tdev-1@example.com", f"tab\t{HIDDEN}"),
        ('"dev-1@example.com"', f'"{HIDDEN}"'),
        ("back\\dev-1@example.com", f"back\\{HIDDEN}"),
        ("müller@exämple.example", HIDDEN),
        ("1+dev-1@users.noreply.github.example", HIDDEN),
        ("dev-1@example.com,dev-2@example.org", f"{HIDDEN},{HIDDEN}"),
        ("https://dev-1@example.com/x", f"https://{HIDDEN}/x"),
        ("a token ghp_0123456789abcdefABCDEF here", f"a token {HIDDEN} here"),
        ("glpat-0123456789abcdefABCDEF", HIDDEN),
    ],
)
@pytest.mark.parametrize("is_ascii", [True, False])
def test_addresses_and_tokens_are_hidden(text: str, kept: str, is_ascii: bool) -> None:
    told = without_private(json.dumps({"a": [text], "b": 1}, ensure_ascii=is_ascii).encode())
    said = json.loads(told)["a"][0]
    assert said == kept or (is_ascii and "example" not in said)


@pytest.mark.parametrize(
    "text",
    [
        "thanks @dev-1 and @reviewer-2!",
        "uses: acme/deploy@v1.rc",
        "uses: acme/flows/.github/workflows/build.yml@release.next",
        "git@git.example.com:acme/web.git",
        "pin numpy@1.26.4",
        "highs_and_lows_of_something_long_enough",
        "global-settings-of-everything-here",
        "1 @ 2",
    ],
)
def test_what_is_no_address_stays(text: str) -> None:
    answer = json.dumps({"a": text}).encode()
    assert without_private(answer) == answer


@given(
    st.recursive(
        st.none() | st.integers() | st.text('ab\\"\n\t<>@.uü0é/{} ', max_size=30),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
        max_leaves=8,
    ),
    st.booleans(),
)
def test_json_stays_json_of_the_same_shape(value: object, is_ascii: bool) -> None:
    told = json.loads(without_private(json.dumps(value, ensure_ascii=is_ascii).encode()))
    assert _shape(told) == _shape(value)


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return [_shape(inner) for inner in value.values()]
    if isinstance(value, list):
        return [_shape(inner) for inner in value]
    return type(value)


@given(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.from_regex(r"[a-z0-9._+-]{1,20}@[a-z0-9-]{1,10}\.(com|org|example)", fullmatch=True),
    st.sampled_from([" ", "\n", "<", '"', ":", ",", "\\", "\t", "("]),
)
def test_no_address_is_left_wherever_it_stands(before: str, address: str, mark: str) -> None:
    told = without_private(json.dumps({"m": f"{before}{mark}{address}>"}).encode())
    assert address not in json.loads(told)["m"]


def test_an_address_in_a_message_is_hidden() -> None:
    assert without_addresses_in("ask dev-1@example.com") == f"ask {HIDDEN}"
    assert without_addresses_in("\ud800 ask dev-1@example.com") == f"\ud800 ask {HIDDEN}"


def test_a_page_is_archived_without_them() -> None:
    page = write_page({"repository": "acme/web"}, b'{"m": "<dev-1@example.com>"}', b"[1]")
    assert b"dev-1@" not in page
    assert read_page(page) == ({"repository": "acme/web"}, [{"m": f"<{HIDDEN}>"}, [1]])


def test_it_takes_no_time_to_speak_of_on_strange_answers() -> None:
    """Each of these would keep a careless pattern busy for minutes."""
    for strange in (b"a" * 300_000, b"a.a-" * 75_000 + b"@", b"@" * 300_000, b"x@" * 150_000):
        assert without_private(b'"' + strange + b'"')
    assert b"a@" not in without_private(b"a" * 300_000 + b"@example.com")

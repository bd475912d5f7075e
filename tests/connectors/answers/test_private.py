"""What is hidden in answers before they are archived, and what is left as it was sent."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from connectors.answers.page import read_page, write_page
from connectors.answers.private import without_addresses_in, without_private

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
        ("https://example.com/u/dev-1@example.com", f"https://example.com/u/{HIDDEN}"),
        (
            "https://example.com:80/o'n/dev-1@example.com#x",
            f"https://example.com:80/o'n/{HIDDEN}#x",
        ),
        ("https:\\/\\/example.com\\/dev-1@example.com", f"https:\\/\\/example.com\\/{HIDDEN}"),
        ("<a href='/u/dev-1@example.com'>", f"<a href='/u/{HIDDEN}'>"),
        ("to?mail=dev-1@example.com&x=1", f"to?mail={HIDDEN}&x=1"),
        ("to?mail=dev-1%40example.com&x=1", f"to?mail={HIDDEN}&x=1"),
        ("to?next=%3Fmail%3Ddev-1%2540example.com", f"to?next={HIDDEN}"),
        ("mailto:dev-1@example.com?subject=x", f"mailto:{HIDDEN}?subject=x"),
        ("dev-1@example.com/dev-2@example.com", f"{HIDDEN}/{HIDDEN}"),
        ("ask team/dev-1@example.com", f"ask team/{HIDDEN}"),
        ("owner: acme/dev-1@example.com", f"owner: acme/{HIDDEN}"),
        ("reuses: acme/dev-1@example.com", f"reuses: acme/{HIDDEN}"),
        ("@first.last@example.com", f"@{HIDDEN}"),
        ("acme/x@v1.rc@example.com", f"acme/x@{HIDDEN}"),
        ("https://ci-token:p!w;1@git.example/x.git", f"https://{HIDDEN}@git.example/x.git"),
        ('https://u:p"w@localhost:80/x', 'https://u:p"w@localhost:80/x'),
        ("a token ghp_0123456789abcdefABCDEF here", f"a token {HIDDEN} here"),
        ("glpat-0123456789abcdefABCDEF", HIDDEN),
        ("glpat-0123456789abcdefABCDEFGHIJK.01.0abcdef.", f"{HIDDEN}."),
        ("GR13489410123456789abcdefABCDEF", HIDDEN),
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
        "ssh://git@git.example.com:22/acme/web.git",
        "https://git.example.com/acme/web/-/tags/web@1.0.0-beta.rc",
        "https://git.example.com/acme/deploy@v1.rc",
        "component: $CI_SERVER_FQDN/acme/build@release.next",
        "https://git.example.com/acme\n  uses: 'acme/deploy@release.next'",
        "acme/deploy@v1.2.rc",
        "see https://example.com/a:b and 12:30 @ noon",
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
        st.none() | st.integers() | st.text('ab\\"\n\t<>@.uü0é/{} :%4', max_size=30),
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
    st.sampled_from([" ", "\n", "<", '"', ":", ",", "\\", "\t", "(", "?m=", "://x/", "@"]),
    st.sampled_from(["@", "%40", "%2540"]),
    st.booleans(),
)
def test_no_address_is_left_wherever_it_stands(
    before: str, address: str, mark: str, at: str, is_ascii: bool
) -> None:
    address = address.replace("@", at)
    assume(not address.startswith("git" + at))
    text = f"{before}{mark}{address}>"
    for encoding in ("utf-8", "utf-16"):
        answer = json.dumps({"m": text}, ensure_ascii=is_ascii).encode(encoding)
        assert address not in json.loads(without_private(answer))["m"]


@given(
    st.from_regex(r"[a-z0-9._-]{1,9}(/[a-z0-9._-]{1,9}){0,3}", fullmatch=True),
    st.from_regex(r"[a-z0-9._+-]{1,20}@[a-z0-9-]{1,10}\.(com|org|example)", fullmatch=True),
    st.sampled_from(["https", "http", "ftp", "git+ssh"]),
)
def test_no_address_is_left_in_a_web_address(path: str, address: str, scheme: str) -> None:
    assume(not address.startswith("git@"))
    text = f"see {scheme}://{path}/{address}/x"
    assert address not in without_addresses_in(text)
    assert address not in json.loads(without_private(json.dumps([text]).encode()))[0]


def test_an_address_with_an_escaped_mark_is_hidden() -> None:
    assert without_private(rb'"dev-1\u0040example.com"') == f'"{HIDDEN}"'.encode()
    assert without_private(rb'"C:\\u0040example.com"') == rb'"C:\\u0040example.com"'


def test_an_address_in_a_message_is_hidden() -> None:
    assert without_addresses_in("ask dev-1@example.com") == f"ask {HIDDEN}"
    assert without_addresses_in("\ud800 ask dev-1@example.com") == f"\ud800 ask {HIDDEN}"


def test_a_page_is_archived_without_them() -> None:
    page = write_page({"repository": "acme/web"}, b'{"m": "<dev-1@example.com>"}', b"[1]")
    assert b"dev-1@" not in page
    assert read_page(page) == ({"repository": "acme/web"}, [{"m": f"<{HIDDEN}>"}, [1]])


def test_it_takes_no_time_to_speak_of_on_strange_answers() -> None:
    """Each of these would keep a careless pattern busy for minutes."""
    for strange in (
        b"a" * 300_000,
        b"a.a-" * 75_000 + b"@",
        b"@" * 300_000,
        b"x@" * 150_000,
        b"a/" + b"x%40v1.rc" * 30_000,
        b"a/b@c.de " * 30_000,
        b"/" * 300_000 + b"a@b.cc",
        b"https://" + b"a/" * 150_000 + b"x@b.cc",
        b"://a:" + b"b:" * 150_000,
        b"\\" * 300_000 + b"@a.bc",
    ):
        assert without_private(b'"' + strange + b'"')
    assert b"a@" not in without_private(b"a" * 300_000 + b"@example.com")

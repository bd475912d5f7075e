"""Versions in the text of a file: images, Flux markers, regular expressions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.gitops.values import (
    Expression,
    Finder,
    FluxMarkers,
    NoImageError,
    Unread,
    Value,
    image_value,
    plain_value,
)

DIGEST = "sha256:" + "0123456789abcdef" * 4


def found(finder: Finder, text: str) -> list[tuple[str, dict[str, str]]]:
    values = finder.find(text.encode())
    assert not isinstance(values, Unread)
    return [(one.value.version, dict(one.captures)) for one in values]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("shop:v1", Value("v1", None, "shop")),
        ("registry.example/web/shop:v1", Value("v1", None, "registry.example/web/shop")),
        ("localhost:5000/shop:v1", Value("v1", None, "localhost:5000/shop")),
        (f"r/shop:v1@{DIGEST}", Value("v1", DIGEST, "r/shop")),
        (f"r/shop@{DIGEST}", Value(DIGEST, DIGEST, "r/shop")),
        (
            "r/shop:prod-5badb8c-20260821180038",
            Value("prod-5badb8c-20260821180038", None, "r/shop"),
        ),
    ],
)
def test_an_image_is_split_into_name_tag_and_digest(text: str, value: Value) -> None:
    assert image_value(text) == value


@pytest.mark.parametrize("text", ["shop", "r/shop", "localhost:5000/shop"])
def test_an_image_without_tag_and_digest_has_no_version(text: str) -> None:
    assert image_value(text) is None


@pytest.mark.parametrize("text", ["", "r/shop::v1", "a b:c", "${IMAGE}:v1", "r/shop:", "x" * 9999])
def test_a_text_that_is_no_image_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(NoImageError):
        image_value(text)


@given(
    st.from_regex(
        r"[a-z0-9.-]{1,9}(:[0-9]{1,4}/|/)([a-z0-9._-]{1,9}/){0,2}[a-z0-9_-]{1,9}", fullmatch=True
    ),
    st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True),
)
def test_every_image_with_a_tag_gives_that_tag(name: str, tag: str) -> None:
    assert image_value(f"{name}:{tag}") == Value(tag, None, name)


def test_a_long_text_that_looks_like_an_image_for_a_while_takes_no_time() -> None:
    with pytest.raises(NoImageError):
        image_value("a/" * 100_000)


def test_what_is_far_too_long_is_no_version() -> None:
    assert plain_value(" 1.10 ") == Value("1.10")
    assert plain_value("x" * 300) is None
    assert plain_value("  ") is None


def test_the_digest_tells_versions_apart_only_where_both_have_one() -> None:
    assert Value("v1", "a").is_same(Value("v1"))
    assert not Value("v1", "a").is_same(Value("v1", "b"))
    assert not Value("v1", "a").is_same(Value("v2", "a"))


def test_flux_marks_the_image_that_it_keeps_up_to_date() -> None:
    text = 'spec:\n  image: r/shop:v1 # {"$imagepolicy": "flux-system:shop"}\n  replicas: 2\n'
    assert found(FluxMarkers("*"), text) == [("v1", {"policy": "shop"})]


def test_a_flux_marker_needs_no_space_and_may_quote_the_value() -> None:
    text = (
        'image: "r/shop:v1" #{"$imagepolicy":"flux-system:shop"}\n'
        '- r/job:v2 #  { "$imagepolicy" : "a:job" }'
    )
    assert found(FluxMarkers("*"), text) == [("v1", {"policy": "shop"}), ("v2", {"policy": "job"})]


def test_a_flux_marker_of_a_tag_gives_the_tag_and_that_of_a_name_nothing() -> None:
    text = (
        'newName: r/shop # {"$imagepolicy": "flux-system:shop:name"}\n'
        'newTag: v1 # {"$imagepolicy": "flux-system:shop:tag"}\n'
    )
    assert found(FluxMarkers("*"), text) == [("v1", {"policy": "shop"})]


def test_a_flux_marker_of_a_digest_belongs_to_the_tag_before_it() -> None:
    text = (
        'tag: v1 # {"$imagepolicy": "flux-system:shop:tag"}\n'
        f'digest: {DIGEST} # {{"$imagepolicy": "flux-system:shop:digest"}}\n'
    )
    (one,) = FluxMarkers("*").find(text.encode())  # type: ignore[misc]
    assert one.value == Value("v1", DIGEST)


def test_a_line_that_is_commented_out_sets_nothing() -> None:
    text = '# image: r/shop:v0 # {"$imagepolicy": "flux-system:shop"}\n'
    assert found(FluxMarkers("*"), text) == []
    assert found(FluxMarkers("*"), "   " + text) == []


def test_only_the_policy_that_is_named_counts() -> None:
    text = (
        'a: r/a:v1 # {"$imagepolicy": "flux-system:shop"}\n'
        'b: r/b:v2 # {"$imagepolicy": "other:shop"}\n'
        'c: r/c:v3 # {"$imagepolicy": "flux-system:cart"}\n'
    )
    assert [version for version, _ in found(FluxMarkers("shop"), text)] == ["v1", "v2"]
    assert [version for version, _ in found(FluxMarkers("other:shop"), text)] == ["v2"]
    assert [version for version, _ in found(FluxMarkers("c*"), text)] == ["v3"]


def test_flux_markers_are_read_where_the_yaml_is_broken() -> None:
    text = '}{ broken: [\nimage: r/shop:v1 # {"$imagepolicy": "flux-system:shop"}\n'
    assert found(FluxMarkers("*"), text) == [("v1", {"policy": "shop"})]


def test_an_expression_gives_a_version_or_an_image_and_its_other_groups() -> None:
    text = "SHOP_VERSION=1.2.3\nCART_VERSION=4.5\nCOLOUR=red\n"
    finder = Expression(r"^(?P<service>[A-Z]+)_VERSION=(?P<version>\S+)$")
    assert finder.names == {"service"}
    assert found(finder, text) == [("1.2.3", {"service": "SHOP"}), ("4.5", {"service": "CART"})]
    assert found(Expression(r"image = \"(?P<image>[^\"]+)\""), 'image = "r/shop:v1"') == [
        ("v1", {})
    ]


def test_an_expression_is_read_over_bytes_that_are_no_text() -> None:
    assert Expression(r"v=(?P<version>\d+)").find(b"\xff\xfe v=1 \x00")


@pytest.mark.parametrize("text", ["(", "no group", "(?P<tag>x)"])
def test_an_expression_that_cannot_give_a_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Expression(text)


@pytest.mark.parametrize(
    "finder", [FluxMarkers("*"), Expression(r"image: (?P<image>\S+)")], ids=["flux", "regex"]
)
def test_a_text_in_the_place_of_an_image_makes_the_file_unread(finder: Finder) -> None:
    answer = finder.find(b'image: r/shop::v1 # {"$imagepolicy": "a:shop"}')
    assert isinstance(answer, Unread)
    assert answer.detail == "`r/shop::v1` is no image"

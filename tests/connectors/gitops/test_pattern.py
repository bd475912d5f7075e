"""Path patterns and templates of a `gitops` source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.gitops.pattern import PathPattern, Template

NAMES = st.text(st.characters(exclude_characters="/\n", exclude_categories=["C"]), min_size=1)


def match(pattern: str, path: str) -> dict[str, str] | None:
    found = PathPattern(pattern).match(path)
    return None if found is None else dict(found)


def test_a_placeholder_is_one_folder_or_file_name() -> None:
    pattern = "apps/{namespace}/{service}/{environment}.yaml"
    assert match(pattern, "apps/web/shop/prod.yaml") == {
        "namespace": "web",
        "service": "shop",
        "environment": "prod",
    }
    assert match(pattern, "apps/web/shop/eu/prod.yaml") is None
    assert match(pattern, "apps/web/shop/.yaml") is None


def test_the_whole_path_must_be_of_the_form() -> None:
    assert match("{service}.yaml", "shop.yaml.bak") is None
    assert match("{service}.yaml", "apps/shop.yaml") is None


def test_a_placeholder_named_twice_is_the_same_text_twice() -> None:
    pattern = "apps/{service}/{service}.yaml"
    assert match(pattern, "apps/shop/shop.yaml") == {"service": "shop"}
    assert match(pattern, "apps/shop/cart.yaml") is None
    assert match("{a}/{a}-{b}.yaml", "web/web-shop.yaml") == {"a": "web", "b": "shop"}


def test_a_placeholder_may_have_a_regular_expression() -> None:
    pattern = "apps/{service}/{environment:prod|stg-[0-9]{2}}.yaml"
    assert match(pattern, "apps/shop/stg-01.yaml") == {"service": "shop", "environment": "stg-01"}
    assert match(pattern, "apps/shop/image-policy.yaml") is None
    assert match("{service:.+}.yaml", "a/b/c.yaml") == {"service": "a/b/c"}


def test_stars_stand_for_text_within_a_name_or_across_folders() -> None:
    assert match("*/{service}/v*.yaml", "apps/shop/v2.yaml") == {"service": "shop"}
    assert match("*/{service}/v*.yaml", "a/b/shop/v2.yaml") is None
    assert match("**/{service}/prod.yaml", "a/b/shop/prod.yaml") == {"service": "shop"}


def test_what_means_something_in_a_regular_expression_means_itself() -> None:
    assert match("a+b(1)/{service}.yaml", "a+b(1)/shop.yaml") == {"service": "shop"}
    assert match("{service}.yaml", "shopxyaml") is None


@pytest.mark.parametrize("text", ["apps/{service", "{}.yaml", "{1st}", "{a b}", "{a:[}", "{a:(}"])
def test_a_pattern_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PathPattern(text)


@given(NAMES, NAMES)
def test_what_a_template_fills_in_a_pattern_finds(service: str, environment: str) -> None:
    path = Template("apps/{service}/{environment}.yaml").fill(
        {"service": service, "environment": environment}
    )
    assert path is not None
    assert match("apps/{service}/{environment}.yaml", path) == {
        "service": service,
        "environment": environment,
    }


def test_a_template_without_all_its_placeholders_is_not_filled() -> None:
    assert Template("{namespace}-{service}").fill({"service": "shop"}) is None
    assert Template("{namespace}-{service}").names == {"namespace", "service"}
    assert Template("shop").fill({}) == "shop"


def test_text_that_is_filled_in_is_not_filled_again() -> None:
    assert Template("{a}{b}").fill({"a": "{b}", "b": "x"}) == "{b}x"

"""Versions at a place of a YAML file: key paths, kustomize, Helm, and files meant to hurt."""

from __future__ import annotations

import pytest

from connectors.gitops.values import Finder, Unread, Value
from connectors.gitops.yaml import HelmImage, KustomizeImages, YamlValues
from data.model import GapReason

DIGEST = "sha256:" + "0123456789abcdef" * 4


def found(finder: Finder, text: str) -> list[tuple[str, dict[str, str]]]:
    values = finder.find(text.encode())
    assert not isinstance(values, Unread), values
    return [(one.value.version, dict(one.captures)) for one in values]


def versions(text: str, *paths: str) -> list[str]:
    return [version for version, _ in found(YamlValues(paths), text)]


def unread(finder: Finder, data: bytes) -> str:
    answer = finder.find(data)
    assert isinstance(answer, Unread)
    assert answer.reason is GapReason.UNREADABLE
    return answer.detail


def test_a_key_path_leads_to_an_image_or_a_version() -> None:
    text = "spec:\n  values:\n    java:\n      image: r/shop:v1\n  chart: {version: 1.10}\n"
    assert versions(text, "spec.values.java.image") == ["v1"]
    assert versions(text, "spec.chart.version") == ["1.10"]
    assert versions(text, "spec.values.node.image") == []


def test_a_number_is_read_as_it_is_written() -> None:
    assert versions("tag: 1.10", "tag") == ["1.10"]
    assert versions("tag: 0o17", "tag") == ["0o17"]
    assert versions("tag: 20260101", "tag") == ["20260101"]


def test_a_number_in_a_path_steps_into_a_list_and_a_star_into_everything() -> None:
    text = "containers:\n- {image: r/a:v1}\n- {image: r/b:v2}\n"
    assert versions(text, "containers.1.image") == ["v2"]
    assert versions(text, "containers.*.image") == ["v1", "v2"]
    assert versions("a: {image: r/a:v1}\nb: {image: r/b:v2}\nc: d\n", "*.image") == ["v1", "v2"]


def test_a_placeholder_gives_the_key() -> None:
    text = "services:\n  shop: {tag: v1}\n  cart: {tag: v2}\n"
    finder = YamlValues(["services.{service}.tag"])
    assert finder.names == {"service", "resource"}
    assert found(finder, text) == [("v1", {"service": "shop"}), ("v2", {"service": "cart"})]


def test_a_backslash_makes_a_dot_part_of_a_key() -> None:
    text = "labels: {app.kubernetes.io/version: v1}"
    assert versions(text, r"labels.app\.kubernetes\.io/version") == ["v1"]


def test_every_document_is_read_and_names_its_resource() -> None:
    text = (
        "metadata: {name: shop}\nimage: r/shop:v1\n---\n\n---\nmetadata: {name: cart}\n"
        "values: {image: r/cart:v2}\n---\nimage: r/nameless:v3\n"
    )
    assert found(YamlValues(["image", "values.image"]), text) == [
        ("v1", {"resource": "shop"}),
        ("v2", {"resource": "cart"}),
        ("v3", {}),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "tag:",
        "tag: ~",
        "tag: null",
        "tag: ''",
        "tag: [v1]",
        "- tag",
        "tag: {a: b}",
    ],
)
def test_a_file_without_a_value_is_no_error(text: str) -> None:
    assert versions(text, "tag") == []


def test_a_quoted_null_is_a_text() -> None:
    assert versions("tag: 'null'", "tag") == ["null"]


def test_an_image_without_a_tag_has_no_version_and_another_text_is_one() -> None:
    assert versions("image: r/shop", "image") == []
    assert versions("targetRevision: release/1.2", "targetRevision") == ["release/1.2"]


def test_a_text_in_the_place_of_an_image_makes_the_file_unread() -> None:
    assert "is no image" in unread(YamlValues(["image"]), b"image: r/shop::v1")
    assert "is no image" in unread(HelmImage("image"), b"image: {tag: '${TAG}'}")
    assert versions("version: '>=1.2 <2'", "version") == [">=1.2 <2"]


def test_anchors_aliases_and_merged_mappings_are_followed() -> None:
    text = (
        "one: &one {image: r/a:v1, tag: t1}\ntwo: &two {image: r/b:v2, more: m}\n"
        "three: {<<: *one, tag: t3}\nfour: {<<: [*one, *two]}\nfive: *one\n"
    )
    assert versions(text, "three.image", "three.tag") == ["v1", "t3"]
    assert versions(text, "four.image", "four.more") == ["v1", "m"]
    assert versions(text, "five.image") == ["v1"]


def test_the_last_of_two_equal_keys_counts() -> None:
    assert versions("tag: v1\ntag: v2\n", "tag") == ["v2"]


def test_unknown_tags_do_nothing() -> None:
    assert versions("tag: !vault v1\nx: !!python/object/apply:os.getcwd []\n", "tag") == ["v1"]


@pytest.mark.parametrize("path", ["", "a..b", ".a", "a.", "a.{b}-c"])
def test_a_path_that_cannot_be_meant_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        YamlValues([path])


def test_kustomize_images_give_tag_or_digest_and_their_name() -> None:
    text = (
        "images:\n- {name: shop, newName: r/shop, newTag: v1}\n- {name: cart, newTag: '2'}\n"
        f"- {{name: job, digest: '{DIGEST}'}}\n- {{name: base, newName: r/other}}\n"
    )
    assert found(KustomizeImages("*"), text) == [
        ("v1", {"image": "shop"}),
        ("2", {"image": "cart"}),
        (DIGEST, {"image": "job"}),
    ]
    assert found(KustomizeImages("cart"), text) == [("2", {"image": "cart"})]
    (one,) = KustomizeImages("shop").find(text.encode())  # type: ignore[misc]
    assert one.value == Value("v1", None, "r/shop")


def test_the_images_of_a_flux_kustomization_are_found() -> None:
    assert found(KustomizeImages("*"), "spec: {images: [{name: shop, newTag: v1}]}") == [
        ("v1", {"image": "shop"})
    ]


def test_helm_values_give_the_tag_of_an_image() -> None:
    text = f"web: {{image: {{registry: r, repository: a/web, tag: v1, digest: '{DIGEST}'}}}}"
    (one,) = HelmImage("web.image").find(text.encode())  # type: ignore[misc]
    assert one.value == Value("v1", DIGEST, "r/a/web")
    assert found(HelmImage("image"), "image: {repository: a, tag: 1.10}") == [("1.10", {})]
    assert found(HelmImage("image"), f"image: {{tag: 'v1@{DIGEST}'}}") == [("v1", {})]
    assert found(HelmImage("image"), "image: r/web:v2") == [("v2", {})]
    assert found(HelmImage("image"), "image: {repository: a}") == []
    assert found(HelmImage("{service}.image"), "web: {image: {tag: v1}}") == [
        ("v1", {"service": "web"})
    ]


@pytest.mark.parametrize("data", [b"a: [", b"a: b: c", b"\tx: y", b"a: \xff", b"%", b"a: *nobody"])
def test_broken_yaml_is_unread_and_not_empty(data: bytes) -> None:
    assert "broken YAML" in unread(YamlValues(["a"]), data)


def test_aliases_that_multiply_are_given_up() -> None:
    lines = ["a0: &a0 {k: v}"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    path = ".".join(["a8", *["*"] * 8, "k"])
    assert "aliases" in unread(YamlValues([path]), "\n".join(lines).encode())


def test_merges_that_multiply_are_given_up() -> None:
    lines = ["a0: &a0 {" + ", ".join(f"k{n}: v" for n in range(10)) + "}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 9)]
    assert "aliases" in unread(YamlValues(["a8.k1"]), "\n".join(lines).encode())


def test_a_merge_with_itself_is_given_up() -> None:
    assert unread(YamlValues(["a.b"]), b"a: &a {<<: *a}")


@pytest.mark.parametrize("unit", [b"[", b"{a: ", b"- ", b"? "])
def test_deep_nesting_is_unreadable_and_no_crash(unit: bytes) -> None:
    answer = YamlValues(["a"]).find(unit * 100_000)
    detail = "broken YAML, nested more than 200 levels deep"
    assert answer == Unread(GapReason.UNREADABLE, detail)


def test_broken_nesting_is_unreadable_and_no_crash() -> None:
    assert "line 1" in unread(YamlValues(["a"]), b"- [" * 100_000)


def test_a_file_too_short_to_be_deep_is_parsed_at_once() -> None:
    assert versions("a: " + "[" * 2000 + "]" * 2000 + "\nb: v1\n", "b") == ["v1"]

"""Where a key of a TOML file stands."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.configuration.place import Step, line_of

TEXT = """\
# a comment that looks like [team]
[organisation]
name = \"\"\"
[[team]]
name = "not a key"
\"\"\"
timezone = "Europe/Berlin"

[[team]]            # team 0
name = "a"
owns = [
  "service:a*",     # ] a bracket in a comment
  "repo:x=[y]",
]

[[team]]            # team 1
"name" = "b"
parent = 'a'

[environments]
production = ["prod"]
"odd tier".deep = 1

[[source]]
name = "web"
kind = "git"
[source.services]   # of source 0
shop = "apps/shop"
inline = { name = "x", parts = [{ size = 1 }] }

[[source]]
name = "b"
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("organisation",), 2),
        (("organisation", "name"), 3),
        (("organisation", "timezone"), 7),
        (("organisation", "missing"), 2),
        (("team", 0), 9),
        (("team", 0, "name"), 10),
        (("team", 0, "owns"), 11),
        (("team", 0, "owns", 1), 11),
        (("team", 0, "parent"), 9),
        (("team", 1), 16),
        (("team", 1, "name"), 17),
        (("team", 1, "parent"), 18),
        (("team", 2, "name"), 9),
        (("environments", "production", 0), 21),
        (("environments", "odd tier", "[key]"), 22),
        (("environments", "odd tier", "deep"), 22),
        (("source", 0, "kind"), 26),
        (("source", 0, "services"), 27),
        (("source", 0, "services", "shop"), 28),
        (("source", 0, "services", "inline", "parts", 0, "size"), 29),
        (("source", 1, "name"), 32),
        (("source", 1, "kind"), 31),
        (("nowhere",), 1),
        ((), 1),
    ],
)
def test_a_key_stands_where_it_begins_or_else_where_its_table_does(
    path: tuple[Step, ...], line: int
) -> None:
    assert line_of(TEXT, path) == line


@pytest.mark.parametrize(("path", "line"), [(("a",), 1), (("b", "c"), 3)])
def test_lines_are_counted_as_an_editor_does(path: tuple[Step, ...], line: int) -> None:
    text = 'a = "form feed \u2028 and separator"\n\nb.c = 1\n'
    assert line_of(text, path) == line
    assert line_of(text.replace("\n", "\r\n"), path) == line


def test_an_array_of_ten_thousand_lines_is_found_behind_quickly() -> None:
    text = "a = [\n" + '  "x",\n' * 10_000 + "]\nb = 1\n"
    assert line_of(text, ("b",)) == 10_003


def test_an_array_made_to_be_slow_is_given_up_at_its_beginning() -> None:
    text = "z = 0\na = [\n" + '  "]",\n' * 100_000 + "]\nb = 1\n"
    assert line_of(text, ("z",)) == 1
    assert line_of(text, ("b",)) == 1


_KEYS = st.sampled_from(["a", "b", "c d", 'q"', "é", "]", "[[a]]", "#"])
_LEAVES = st.one_of(
    st.integers(), st.booleans(), st.text(alphabet="ab[]{}='\"#\\\n\u2028", max_size=8)
)
_DOCUMENTS = st.dictionaries(
    _KEYS,
    st.recursive(
        _LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=5,
)


@given(_DOCUMENTS, st.data())
def test_the_line_of_a_key_names_it_in_any_document(
    document: dict[str, Any], data: st.DataObject
) -> None:
    text = _written(document)
    assert tomllib.loads(text) == document
    lines = text.split("\n")
    for key in document:
        assert lines[line_of(text, (key,)) - 1].startswith(_quoted(key))
    path = data.draw(st.lists(_KEYS | st.integers(0, 3), max_size=4))
    assert 1 <= line_of(text, path) <= len(lines)


@given(st.text(alphabet="ab.=[]{}\"'#\\\n\r\t ,1\ufeff\u2028", max_size=60), st.data())
def test_a_line_is_never_outside_of_the_file_whatever_it_holds(
    text: str, data: st.DataObject
) -> None:
    path = data.draw(st.lists(st.sampled_from(["a", "b", 0, 1]), max_size=3))
    assert 1 <= line_of(text, path) <= len(text.split("\n"))


def _written(document: dict[str, Any]) -> str:
    """A document as TOML: a key a line, arrays and long texts over several lines."""
    return "".join(f"{_quoted(key)} = {_value(value)}\n" for key, value in document.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and "\n" in value:
        return '"""\n' + _escaped(value).replace("\\n", "\n") + '"""'
    if isinstance(value, str):
        return f'"{_escaped(value)}"'
    if isinstance(value, list):
        return "[\n" + "".join(f"  {_value(each)},\n" for each in value) + "]"
    if isinstance(value, dict):
        pairs = (f"{_quoted(key)} = {_inline(each)}" for key, each in value.items())
        return "{ " + ", ".join(pairs) + " }"
    return str(value)


def _inline(value: Any) -> str:
    return f'"{_escaped(value)}"' if isinstance(value, str) else _value(value)


def _quoted(key: str) -> str:
    return f'"{_escaped(key)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

"""What a YAML text says, and on which line; what is more than plain YAML is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from data.configuration.place import Step
from data.controls import place
from data.controls.place import NotPlain, parse

TEXT = """\
# a comment: not a key
id: soc2          # 2
on: 2026-03-01
clauses:
  - id: CC8
    title: "two
      lines"
  - {id: CC8.1,
     title: x}
  -
    - nested
test: |
  select 1
  from x

  where y
empty:
"""


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both parsers that PyYAML may come with."""
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML is without libyaml here")
    monkeypatch.setattr(place, "_PARSER", getattr(yaml, request.param))
    return str(request.param)


@pytest.mark.parametrize(
    ("steps", "row", "line"),
    [
        (("id",), 1, 2),
        (("on",), 1, 3),
        (("clauses",), 1, 4),
        (("clauses", 0), 1, 5),
        (("clauses", 0, "title"), 1, 6),
        (("clauses", 1, "id"), 1, 8),
        (("clauses", 1, "title"), 1, 9),
        (("clauses", 2, 0), 1, 11),
        (("test",), 1, 13),
        (("test",), 4, 16),
        (("empty",), 1, 17),
        # what is not there: the nearest above it
        (("clauses", 0, "source"), 1, 5),
        (("clauses", 7, "id"), 1, 4),
        (("nothing", "at", "all"), 1, 1),
        ((), 1, 1),
    ],
)
def test_a_key_stands_on_its_line(steps: tuple[Step, ...], row: int, line: int) -> None:
    assert parse(TEXT).line_of(steps, row) == line


def test_a_text_says_what_it_says() -> None:
    assert parse(TEXT).content == {
        "id": "soc2",
        "on": date(2026, 3, 1),
        "clauses": [
            {"id": "CC8", "title": "two lines"},
            {"id": "CC8.1", "title": "x"},
            ["nested"],
        ],
        "test": "select 1\nfrom x\n\nwhere y\n",
        "empty": None,
    }


def test_a_key_is_the_word_that_is_written() -> None:
    assert parse("on: 1\nno: 2\n8.10: 3\n2026-01-01: 4\n").content == {
        "on": 1,
        "no": 2,
        "8.10": 3,
        "2026-01-01": 4,
    }


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "the file is empty; write"),
        ("# only a comment\n", 1, "the file is empty"),
        ("---\n", 1, "the file is empty"),
        ("- a\n- b\n", 1, "no keys, but a list or a value"),
        ("just words\n", 1, "no keys"),
        ("a: 1\nb: 2\na: 3\n", 3, "key `a` is said twice, first on line 1; leave one of them out"),
        ("a:\n  - x: 1\n    x: 2\n", 3, "key `x` is said twice, first on line 2"),
        ("a: &one 1\n", 1, "an alias or anchor `one`; write the value itself"),
        ("a: 1\nb: *one\n", 2, "an alias or anchor `one`"),
        ("a: &l [x]\nb: 1\n", 1, "an alias or anchor `l`"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "a tag `tag:yaml.org,2002:python"),
        ("a: !secret x\n", 1, "a tag `!secret`"),
        ("a: 1\n---\nb: 2\n", 2, "a second document begins; give it a file of its own"),
        ("? [a, b]\n: c\n", 1, "a key that is no word; write `key: …`"),
        ("a: 1\nb: 2026-02-30\n", 2, "`2026-02-30` is no value; write it in quotes"),
        ("a: " + "1" * 5000, 1, "is no value"),
        ("a: 1\nb: 'open\n", 2, "not valid YAML: "),
        ("a: 1\n\tb: 2\n", 2, "not valid YAML: found"),
        ("a: 1\nb: [x,\nc: 2\nd: 3\n", 2, "not valid YAML: "),
        ("a: 1\n b: 2\n", 2, "not valid YAML: mapping values are not allowed"),
        ("a: 1\nb: \x00\n", 2, r"a character that is no text: '\x00'; take it out"),
        ("ä: 1\nb: ü\x1b[31m\n", 2, r"a character that is no text: '\x1b'"),
        ("a:\n" + "".join(" " * depth + "-\n" for depth in range(30)), 22, "nested too deeply"),
        ("a: " + "[" * 100_000, 1, "nested too deeply; mend it"),
        ("{" * 500_000, 1, "a key that is no word"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_where_it_stands(text: str, line: int, said: str) -> None:
    with pytest.raises(NotPlain) as refused:
        parse(text)
    assert f"line {refused.value.line}: " in str(refused.value)
    assert refused.value.line == line
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


WORDS = st.text("abc xyz:#-'\"\n\täé{}[]&*!|>%@,?", max_size=12)
CONTENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(WORDS, inside, max_size=3),
    max_leaves=8,
)


@given(content=st.dictionaries(WORDS, CONTENTS, min_size=1, max_size=4), is_flow=st.booleans())
def test_whatever_is_written_is_read_again(content: dict[str, Any], is_flow: bool) -> None:
    text = yaml.safe_dump(content, allow_unicode=True, default_flow_style=is_flow, sort_keys=False)
    document = parse(text)
    assert document.content == content
    lines = [document.line_of((key,)) for key in content]
    assert lines == sorted(lines)


@given(text=st.text(max_size=60) | st.text("a: -[]{}&*!|>'\"\n#?", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NotPlain):
        assert isinstance(parse(text).content, dict)

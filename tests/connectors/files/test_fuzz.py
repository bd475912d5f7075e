"""Whatever is in a file, it ends in rows or in gaps: no kind of source ever crashes on one."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.files.connector import FileConnector
from connectors.files.file import File, NotUnderstood
from connectors.files.page import write_page
from connectors.files.stream import FileStream
from connectors.interface import Context
from connectors.kinds import connector_class
from data.model import Record
from data.store.working import tables_of
from tests.connectors.files.source import NOW, OUTPUTS

KINDS = sorted(folder.name for folder in OUTPUTS.iterdir())
FILES = sorted(path.relative_to(OUTPUTS).as_posix() for path in OUTPUTS.rglob("*.*"))
JSON_FILES = [name for name in FILES if name.endswith((".json", ".tfstate"))]

BESIDE = {"dbt": "dbt/run_results_test", "dvc": "dvc/metrics"}
"""What is read together with a file that lies beside it."""

ODD = [
    None, True, 0, -1, 1.5, 1e999, float("nan"), 10**30, "", "x", "\ud800", "a\0b", "x" * 5_000,
    "9999-12-31T23:59:59-14:00", "2026-11-22", [], [[]], {}, {"": None}, [None, 1, "x", {}],
]  # fmt: skip
"""What may stand where something else should."""


def connector(kind: str) -> FileConnector:
    made = connector_class(kind)
    assert issubclass(made, FileConnector)
    context = Context(
        folder=Path(),
        mirrors=Path(),
        hotfix_pattern="",
        clock=lambda: NOW,
        progress=lambda what, done, total: None,
    )
    return made("shop", made.Settings.model_validate({"path": "nowhere"}), context)


def read(name: str, data: bytes) -> list[Record]:
    """The rows of a file as each stream that takes it in would map it; all fit into the store."""
    kind, _, path = name.partition("/")
    source = connector(kind)
    found: list[Record] = []
    for stream in source.streams:
        if stream.has(path):
            found += _of_stream(source, stream, path, data)
        elif path == stream.beside:
            main = next(each for each in FILES if each.startswith(BESIDE[kind]))
            results = (OUTPUTS / main).read_bytes()
            found += _of_stream(source, stream, path, results, data)
    return found


def _of_stream(
    source: FileConnector, stream: FileStream, path: str, data: bytes, other: bytes | None = None
) -> Iterator[Record]:
    if stream.edition:
        stream.edition(data)
    try:
        kept = stream.kept(data, source.meaning)
    except NotUnderstood as error:
        refusals = [str(error), error.fix]
        if not all(map(str.isprintable, refusals)):
            raise
        return
    files = [File(path, kept, changed_at=datetime(2026, 11, 22, tzinfo=UTC))]
    files += _beside(source, stream, data, other)
    rows = source.rows(stream.name, write_page(source.meaning, files))
    assert rows == source.rows(stream.name, write_page(source.meaning, files))
    tables_of(rows)
    announced = stream.stream.entities
    for row in rows:
        assert row.source == "shop"
        assert type(row).__name__.lower() in "".join(announced).replace("_", "")
    yield from rows


def _beside(
    source: FileConnector, stream: FileStream, data: bytes, other: bytes | None
) -> list[File]:
    """What lies beside a file: as told, or else what the real tool put there."""
    if stream.beside is None or stream.kept_beside is None:
        return []
    if other is None:
        other = (OUTPUTS / source.kind / stream.beside).read_bytes()
    try:
        return [File(stream.beside, stream.kept_beside(data, other))]
    except NotUnderstood:
        return []


@pytest.mark.parametrize("name", FILES)
def test_the_files_of_the_real_tools_give_rows(name: str) -> None:
    assert read(name, (OUTPUTS / name).read_bytes())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_file_that_is_cut_off_or_spoilt_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FILES))
    whole = (OUTPUTS / name).read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    between = data.draw(st.binary(max_size=6))
    read(name, whole[:start] + between + whole[end:])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_value_of_another_type_anywhere_is_read_or_told(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(JSON_FILES))
    told = json.loads((OUTPUTS / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        told = _changed(told, data)
    read(name, json.dumps(told).encode())


def _changed(told: Any, data: st.DataObject) -> Any:
    """The same with another value, key or number of entries somewhere."""
    root: dict[str, Any] = {"root": copy.deepcopy(told)}
    inside: Any = root
    while True:
        keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
        key = data.draw(st.sampled_from(keys))
        below = inside[key]
        if not isinstance(below, dict | list) or not below or data.draw(st.integers(0, 5)) == 0:
            break
        inside = below
    way = data.draw(st.sampled_from(["odd", "gone", "renamed", "twice"]))
    if way == "odd" or inside is root:
        inside[key] = data.draw(st.sampled_from(ODD))
    elif isinstance(inside, list):
        inside[key : key + 1] = [] if way == "gone" else [below, below]
    else:
        value = inside.pop(key)
        inside |= {} if way == "gone" else {data.draw(st.sampled_from(["x", "\ud800", ""])): value}
    return root["root"]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FILES), st.sampled_from(["utf-8-sig", "utf-16", "utf-32", "cp037"]))
def test_another_encoding_is_read_or_refused(name: str, encoding: str) -> None:
    read(name, (OUTPUTS / name).read_text("utf-8").encode(encoding, "replace"))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n \n",
        b"\xef\xbb\xbf",
        b"null",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 900 + b"]" * 900,
        b"- " * 50_000,
        b"a: &a [*a]",
        b"a: &a [1]\nb: [" + b"*a," * 60_000 + b"]",
        b"---\n" * 2_000,
        b'{"run_results": {"x": {"results": [{}], "meta": {}}}}',
        b'{"metadata": null, "results": [], "nodes": {}, "parent_map": {}}',
        b'{"version": 3, "resources": {}}',
        b"\0" * 1_000,
    ],
    ids=lambda data: f"{len(data)} {data[:16]!r}",
)
def test_what_no_tool_writes_is_read_or_refused(name: str, data: bytes) -> None:
    read(name, data)

"""A bill as CSV: its head, and how the database reads it."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO

import zstandard

from data.costs.bill.form import Encoding, Form
from data.costs.bill.refusal import BillRefused
from data.costs.bill.table import BillFile, first_line, text_literal
from data.store.quoting import quoted

_MOST_HEAD_BYTES = 1_000_000
_LONGEST_BYTES = 1_000_000
"""The database takes lines of twice as much, and may pass over longer ones without a word."""
_ENDS = (b"\n", b"\r")
"""Of lines: of LF and CRLF the first, else the other one."""


class Packing(StrEnum):
    """How a file is compressed, in the words of DuckDB."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


_ZSTD = zstandard.ZstdDecompressor()
_PACKED_BYTES = 4_096
"""Read at once of what is packed with zstd: even of zeros no more than some 100 MB come of it."""
_SIGNATURES = {b"\x1f\x8b": Packing.GZIP, b"\x28\xb5\x2f\xfd": Packing.ZSTD}


def packing_of(start: bytes) -> Packing:
    """How a file is compressed that begins like this."""
    return next((p for sign, p in _SIGNATURES.items() if start.startswith(sign)), Packing.NONE)


@contextmanager
def unpacked(path: Path, packing: Packing) -> Iterator[IO[bytes]]:
    """The content of a file."""
    with path.open("rb") as raw:
        match packing:
            case Packing.GZIP:
                with gzip.open(raw) as file:
                    yield file  # type: ignore[misc]  # gzip's own file is one of bytes
            case Packing.ZSTD:
                with _ZSTD.stream_reader(raw, read_across_frames=True) as file:
                    yield file
            case Packing.NONE:
                yield raw


def open_csv(path: Path, form: Form, packing: Packing) -> BillFile:
    """Looks at the head of a CSV file.

    Raises:
        BillRefused: if it cannot be read, or names no columns, or one twice.
    """
    names = _head(path, form, packing)
    lines = _lines(path, packing)
    columns = ", ".join(f"{text_literal(name)}: 'varchar'" for name in names)
    source = f"""read_csv(
        '{quoted(path)}', auto_detect = false, header = true, columns = {{{columns}}},
        delim = {text_literal(form.delimiter)}, quote = '"', escape = '"',
        compression = '{packing}', encoding = '{form.encoding}', store_rejects = true
    )"""
    kinds = dict.fromkeys(names, "VARCHAR")
    return BillFile(path, names, f"select * from {source}", kinds, lines=lines)


def _head(path: Path, form: Form, packing: Packing) -> tuple[str, ...]:
    """The names in the first line."""
    encoding = "utf-8-sig" if form.encoding is Encoding.UTF_8 else form.encoding.value
    try:
        with unpacked(path, packing) as file:
            text = file.read(_MOST_HEAD_BYTES).decode(encoding, errors="replace")
        rows = csv.reader(text.splitlines(keepends=True), delimiter=form.delimiter, strict=True)
        names = [name.strip() for name in next(rows, [])]
    except (OSError, EOFError, csv.Error, UnicodeError, zstandard.ZstdError) as error:
        what = f"its first line cannot be read ({first_line(error)})"
        raise BillRefused(what, str(path), "export the bill anew") from error
    _judge(names, path, form)
    return tuple(names)


def refuse_cut(path: Path, packing: Packing) -> None:
    """Makes sure that what is packed with zstd is whole: its readers pass over a cut in silence.

    Raises:
        BillRefused: if it ends in the middle.
    """
    if packing is not Packing.ZSTD:
        return
    try:
        with path.open("rb") as raw:
            is_whole = _ends_with_a_frame(raw)
    except (OSError, zstandard.ZstdError) as error:
        raise _cut(path, first_line(error)) from error
    if not is_whole:
        raise _cut(path, "it ends in the middle")


def _ends_with_a_frame(raw: IO[bytes]) -> bool:
    frame = _ZSTD.decompressobj()
    while part := raw.read(_PACKED_BYTES):
        while part:
            if frame.eof:
                frame = _ZSTD.decompressobj()
            frame.decompress(part)
            part = frame.unused_data if frame.eof else b""
    return frame.eof


def _cut(path: Path, why: str) -> BillRefused:
    what = f"cannot be read to its end ({why})"
    return BillRefused(what, str(path), "bring the whole file, or export it anew")


def _lines(path: Path, packing: Packing) -> int:
    """How many lines there are, or more in UTF-16.

    Raises:
        BillRefused: if one is too long: a part of the file without an end of a line is part of it.
    """
    ends, last = Counter[bytes](), b""
    try:
        with unpacked(path, packing) as file:
            while part := file.read(_LONGEST_BYTES):
                found = {end: part.count(end) for end in _ENDS}
                if len(part) == _LONGEST_BYTES and not any(found.values()):
                    what = f"has a line of more than {_LONGEST_BYTES:,} bytes: no row is so long"
                    raise BillRefused(what, str(path), "export the bill anew")
                ends.update(found)
                last = part[-1:]
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        raise _cut(path, first_line(error)) from error
    return max(ends.values(), default=0) + (last not in _ENDS)


def _judge(names: Sequence[str], path: Path, form: Form) -> None:
    if not any(names):
        raise BillRefused("has no first line that names its columns", str(path), "add one")
    if len(names) == 1:
        other = next((mark for mark in ",;\t|" if mark in names[0]), None)
        if other is not None:
            what = f"its cells are separated by {other!r}, not by {form.delimiter!r}"
            raise BillRefused(what, str(path), f"say so: a form with `delimiter = {other!r}`")
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen or not name:
            what = f"has two columns `{name}`" if name else "has a column without a name"
            raise BillRefused(what, str(path), "rename one of them")
        seen.add(name.casefold())

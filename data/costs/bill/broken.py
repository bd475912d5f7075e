"""Lines of a CSV file that are no rows: which they are, and the numbers of the rows around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb
import pyarrow as pa

from data.costs.bill.csv_file import packing_of, unpacked
from data.costs.bill.kept import kept
from data.costs.bill.refusal import BillRefused
from data.store.quoting import quoted

_CHUNK_BYTES = 16_000_000
_BLANK = re.compile(rb"\n(?=\r?\n)")
_LONGEST_BLANK = 2
"""Bytes that must follow to see that a line is blank."""
_MOST_SIGNS = 200
_ENDS = "chr(13) || chr(10)"
_ENDS_ANY = f"'[' || {_ENDS} || ']'"
_RANGE = pa.schema([("begin", pa.int64()), ("until", pa.int64()), ("shift", pa.int64())])
_LINE = pa.schema([("row", pa.int64()), ("written", pa.string()), ("why", pa.string())])


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no row."""

    row: int
    """Where it stands among the records of the file, the first after the head being 1."""
    written: str
    """How it begins."""
    why: str


def broken_lines(connection: duckdb.DuckDBPyConnection, path: Path) -> Sequence[Broken]:
    """The lines that were no rows when a file was read, in their order.

    Raises:
        BillRefused: if one of them goes on beyond its line, and so may have taken others with it.
    """
    found = connection.execute(
        "select count(*) from duckdb_tables() where table_name = 'reject_errors'"
    ).fetchall()
    if not found[0][0]:
        return ()
    rows = connection.execute(
        f"""
        select
            line,
            -- Blank lines before it are taken for its beginning.
            min(line_byte_position + length(csv_line) - length(ltrim(csv_line, {_ENDS}))),
            left(ltrim(min(csv_line), {_ENDS}), {_MOST_SIGNS}),
            min(error_type),
            -- A mark that is never ended is told beside the line before, if much was passed over.
            bool_or(
                regexp_matches(trim(csv_line, {_ENDS}), {_ENDS_ANY})
                or (
                    error_type = 'UNQUOTED VALUE'
                    and byte_position > line_byte_position + strlen(csv_line)
                )
            )
        from reject_errors
        group by line
        order by line
        """
    ).fetchall()
    broken = list(_numbered(path, [row[:-1] for row in rows])) if rows else []
    open_ones = [line.row for line, row in zip(broken, rows, strict=True) if row[-1]]
    if open_ones:
        what = f"row {open_ones[0]:,} is broken and goes on over several lines"
        fix = (
            "mend it (a quotation mark that nothing ends, or too many or too few cells), or export "
            "the bill anew: it may have taken sound rows with it"
        )
        raise BillRefused(what, str(path), fix)
    return broken


def write_numbered(
    connection: duckdb.DuckDBPyConnection, lines: Path, broken: Sequence[Broken], into: Path
) -> None:
    """Writes lines once more, with the broken ones among them, each row with its right number."""
    ((rows,),) = connection.execute(f"select max(bill_row) from ({kept([lines])})").fetchall()
    ranges = list(_ranges(broken, rows or 0))
    _register(connection, "given_ranges", _RANGE, ranges)
    _register(connection, "given_broken", _LINE, [(b.row, b.written, b.why) for b in broken])
    connection.execute(
        f"""
        copy (
            with numbers as (
                select unnest(range(begin, until)) as bill_row, shift from given_ranges
            )
            select l.* exclude (load, bill_row, bill_line), l.bill_row + n.shift as bill_row
            from ({kept([lines])}) l
            join numbers n
              on n.bill_row = l.bill_row
            union all by name
            select
                row as bill_row,
                [struct_pack("column" := cast(null as varchar), written := written, why := why)]
                    as refused
            from given_broken
        ) to '{quoted(into)}' (format parquet, compression zstd)
        """
    )


def _numbered(path: Path, rows: Sequence[tuple[int, int, str, str]]) -> Iterator[Broken]:
    """Blank lines are no records, and counted as lines."""
    with path.open("rb") as file:
        packing = packing_of(file.read(4))
    with unpacked(path, packing) as file:
        blank = _blank_lines(file)
        next_blank, passed = next(blank, None), 0
        for line, position, written, kind in rows:
            while next_blank is not None and next_blank < position - 1:
                next_blank, passed = next(blank, None), passed + 1
            yield Broken(line - 1 - passed, (written or "").rstrip("\r\n"), _of_line(kind))


def _blank_lines(file: IO[bytes]) -> Iterator[int]:
    """Where in a file blank lines follow another one, outside of quotation marks."""
    offset, quotes, data = 0, 0, b""
    while chunk := file.read(_CHUNK_BYTES):
        data += chunk
        done, last = len(data) - _LONGEST_BLANK, 0
        for found in _BLANK.finditer(data):
            if found.start() >= done:
                break
            quotes += data.count(b'"', last, found.start())
            last = found.start()
            if quotes % 2 == 0:
                yield offset + found.start()
        done = max(done, last, 0)
        quotes += data.count(b'"', last, done)
        offset, data = offset + done, data[done:]


def _ranges(broken: Sequence[Broken], rows: int) -> Iterator[tuple[int, int, int]]:
    """Runs of sound rows, from and until which of them, and how many broken ones stand before."""
    begin = 1
    for shift, line in enumerate(broken):
        until = line.row - shift
        if until > begin:
            yield begin, until, shift
        begin = until
    yield begin, rows + 1, len(broken)


def _register(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    schema: pa.Schema,
    rows: Sequence[tuple[object, ...]],
) -> None:
    columns = [[row[index] for row in rows] for index in range(len(schema))]
    connection.register(
        name, pa.table(dict(zip(schema.names, columns, strict=True)), schema=schema)
    )


def _of_line(kind: str) -> str:
    return {
        "TOO MANY COLUMNS": "has more cells than the head",
        "MISSING COLUMNS": "has fewer cells than the head",
        "UNQUOTED VALUE": "has a quotation mark that does not end where its cell does",
        "INVALID ENCODING": "has bytes that are no text in this encoding",
    }.get(kind, "cannot be told apart into cells")

"""Rows that lie in a cell of another row, between two quotation marks that nothing else ends.

The two are a legal cell together, and what lies between them would be lost without a word. The
first line of such a cell is the rest of the row that it begins in, and its last the beginning of
another: together they have as many delimiters as a row. A text of several lines has far fewer.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from data.costs.bill.kept import kept
from data.costs.bill.refusal import BillRefused
from data.costs.bill.table import BillFile, identifier

_ENDS = r"regexp_extract(cell, '^[^\r\n]*') || regexp_extract(cell, '[^\r\n]*$')"


def refuse_swallowed(
    connection: duckdb.DuckDBPyConnection, file: BillFile, delimiter: str, lines: Path
) -> None:
    """Makes sure that no cell of a CSV file holds other rows.

    Args:
        connection: any.
        file: what was read.
        delimiter: what stands between its cells.
        lines: its rows, each with its right number.

    Raises:
        BillRefused: naming the first row that has such a cell.
    """
    source = f"({kept([lines])})"
    ((records,),) = connection.execute(f"select max(bill_row) from {source}").fetchall()
    if file.lines is None or file.lines <= 1 + (records or 0):
        return  # below the head each line is a row: no cell has several
    asked = _swallowing(_texts(connection, source), source)
    told = {"delimiter": delimiter, "fewest": len(file.names) - 1}
    ((row,),) = connection.execute(asked, told).fetchall()
    if row is not None:
        what = f"row {row:,} has a cell in which other rows lie"
        fix = (
            "mend it (a quotation mark that nothing ends, and another one that nothing begins), or "
            "export the bill anew"
        )
        raise BillRefused(what, str(file.path), fix)


def _texts(connection: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    rows = connection.execute(f"describe select * exclude (load) from {source}").fetchall()
    return [identifier(name) for name, kind, *_ in rows if kind == "VARCHAR"]


def _has_several(text: str) -> str:
    return f"contains({text}, chr(10)) or contains({text}, chr(13))"


def _swallowing(texts: list[str], source: str) -> str:
    """SQL of the first row with such a cell: among texts, or what was written in a refused row."""
    has_several = " or ".join(map(_has_several, texts))
    return f"""
        with cells as (
            select
                bill_row,
                unnest(
                    [{", ".join(texts)}]
                    || coalesce(list_transform(refused, lambda reason: reason.written), [])
                ) as cell
            from {source}
            where refused is not null
               or {has_several}
        ),
        ends as (
            select
                bill_row,
                {_ENDS} as text
            from cells
            where {_has_several("cell")}
        )
        select min(bill_row)
        from ends
        where length(text) - length(replace(text, $delimiter, '')) >= $fewest
    """

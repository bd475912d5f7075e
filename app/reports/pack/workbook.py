"""The tables of a pack as one workbook, for those who filter and sort."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from app.reports.pack.tables import cell

Sheet = tuple[str, Sequence[str], Iterable[Mapping[str, Any]]]
"""A name, the columns, and the rows."""

_MOST_ROWS = 1_000_000
_WIDEST = 60


def workbook(
    about: Mapping[str, str],
    sheets: Iterable[Sheet],
    made_at: datetime,
    first: Iterable[Sheet] = (),
) -> bytes:
    """The workbook: what it is of comes first. No cell is ever a formula.

    Args:
        about: what to have the answer again with, in words.
        sheets: the tables. Of one that is too long for a sheet the rest is in the CSV file alone.
        made_at: noted as the time of the file, so that the same content gives the same bytes.
        first: tables that stand before what it is of.
    """
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None), "author": "Cairn"})
        bold = book.add_format({"bold": True, "bg_color": "#e8edf2"})
        for name, columns, rows in first:
            _sheet(book, name, columns, rows, bold)
        _about(book, about, bold)
        for name, columns, rows in sheets:
            _sheet(book, name, columns, rows, bold)
    return content.getvalue()


def _about(book: Any, about: Mapping[str, str], bold: Any) -> None:
    sheet = book.add_worksheet("About")
    for number, (name, value) in enumerate(about.items()):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, value)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)


def _sheet(
    book: Any, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], bold: Any
) -> None:
    sheet = book.add_worksheet(name[:31])
    widths = [len(column) for column in columns]
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, bold)
    last = 0
    money: dict[int, Any] = {}
    for row in rows:
        if last == _MOST_ROWS:
            sheet.write_string(last + 1, 0, "… more rows are in the CSV file")
            break
        last += 1
        for place, column in enumerate(columns):
            value = row[column]
            if isinstance(value, Decimal):
                width = _write_money(sheet, last, place, value, _money(book, value, money))
            else:
                width = _write(sheet, last, place, value)
            widths[place] = max(widths[place], width)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(width, _WIDEST) + 2)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(columns) - 1)


def _money(book: Any, amount: Decimal, known: dict[int, Any]) -> Any:
    """The format of an amount with as many decimals as it has."""
    places = max(0, -int(amount.as_tuple().exponent))
    if places not in known:
        known[places] = book.add_format({"num_format": f"#,##0{'.' * bool(places)}{'0' * places}"})
    return known[places]


def _write_money(sheet: Any, row: int, column: int, amount: Decimal, form: Any) -> int:
    """Writes an amount in cents as a number that can be added up; returns how wide it is."""
    sheet.write_number(row, column, float(amount), form)
    return len(f"{amount:,}")


def _write(sheet: Any, row: int, column: int, value: object) -> int:
    """Writes a number as one, all else as text; returns how wide it is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
        return len(f"{value:g}")
    text = cell(value)
    sheet.write_string(row, column, text[:32_767])
    return len(text)

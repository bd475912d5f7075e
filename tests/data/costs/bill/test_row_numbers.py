"""Numbers of rows: each is where its record stands in the file, whatever stands around it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from random import Random

import duckdb
import pytest

from data.costs.bill.examining import read_bill
from data.costs.bill.form import Form
from data.costs.bill.kept import kept
from data.costs.bill.refusal import BillRefused
from tests.data.costs.bill.bills import line

NAMES = list(line())


def cells(description: str) -> str:
    text = io.StringIO()
    csv.DictWriter(text, NAMES, lineterminator="\n").writerow(line(ChargeDescription=description))
    return text.getvalue()


def numbers(folder: Path, text: str, end: str = "\n") -> list[tuple[int, str | None]]:
    """Of each row, refused or not, its number and its description."""
    path = folder / "bill.csv"
    head = ",".join(NAMES) + "\n"
    path.write_bytes((head + text).replace("\n", end).encode())
    read_bill(path, Form(), folder / "lines.parquet")
    query = (
        f"select bill_row, ChargeDescription from ({kept([folder / 'lines.parquet'])}) order by 1"
    )
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


def test_lines_are_written_in_the_order_of_the_file(tmp_path: Path) -> None:
    """More than what each thread of the database reads at once, in several of its blocks."""
    rows = 250_000
    before, _, after = cells("~").partition("~")
    text = "".join(f"{before}{number}{after}" for number in range(1, rows + 1))
    found = numbers(tmp_path, text)
    assert found == [(number, str(number)) for number in range(1, rows + 1)]


def shuffled(random: Random, count: int) -> tuple[str, Sequence[tuple[int, str | None]]]:
    """A file with lines that are none, blank lines and cells of several lines."""
    text, expected, number = [], [], 0
    for _ in range(count):
        kind = random.choice(["sound", "lines", "few", "many", "blank"])
        if kind == "blank":
            text.append("\n")
            continue
        number += 1
        if kind == "few":
            text.append("1,2\n")
        elif kind == "many":
            text.append(cells("x").rstrip("\n") + ",9\n")
        else:
            note = f"{number}" + ('\n\n, "a" \n' if kind == "lines" else "")
            text.append(cells(note))
            expected.append((number, note))
            continue
        expected.append((number, None))
    return "".join(text), expected


@pytest.mark.parametrize("seed", range(8))
def test_lines_that_are_none_count_and_blank_ones_do_not(tmp_path: Path, seed: int) -> None:
    text, expected = shuffled(Random(seed), 60)
    assert numbers(tmp_path, text) == expected


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    text = cells("1") + "1,2\n" + "\n" + cells("3") + "1,2\n" + cells("5")
    found = numbers(tmp_path, text, end="\r\n")
    assert found == [(1, "1"), (2, None), (3, "3"), (4, None), (5, "5")]


def test_a_file_of_broken_lines_alone_has_their_numbers(tmp_path: Path) -> None:
    assert numbers(tmp_path, "1,2\n1,2\n") == [(1, None), (2, None)]


def open_at(row: int, rows: int, quoted: str) -> str:
    """Rows of which one has a quotation mark that nothing ends."""
    before, _, after = cells(f"~{quoted}").partition("~")
    open_row = cells("~").replace("~", '"never ended')
    texts = [f"{before}{number}{after}" for number in range(1, rows + 1)]
    texts[row - 1] = open_row
    return "".join(texts)


@pytest.mark.parametrize(
    ("row", "rows", "quoted"),
    [
        pytest.param(2, 4, "", id="up-to-the-end-of-the-file"),
        pytest.param(2, 4, ", a part", id="up-to-the-next-quotation-mark"),
        pytest.param(3, 150_000, "", id="beyond-what-is-read-at-once"),
        pytest.param(100_000, 150_000, "", id="beyond-it-in-the-middle"),
        pytest.param(3, 150_000, ", a part", id="up-to-the-next-one-of-a-large-file"),
    ],
)
def test_rows_are_never_lost_behind_a_quotation_mark_that_does_not_end(
    tmp_path: Path, row: int, rows: int, quoted: str
) -> None:
    """The database passes over all that it takes for the same cell, as one line."""
    with pytest.raises(BillRefused, match=f"row {row:,} is broken and goes on"):
        numbers(tmp_path, open_at(row, rows, quoted))


def between(first: str, last: str, *, rows: str = "", end: str = "\n") -> tuple[str, str]:
    """A mark that opens a cell in one row and one that closes it in another, and rows between."""
    text = cells("1") + cells("~").replace("~", f'"{first}') + rows
    return text + cells("~").replace("~", f'{last}"') + cells("5"), end


@pytest.mark.parametrize(
    ("text", "end"),
    [
        pytest.param(*between("open", "shut"), id="two-rows"),
        pytest.param(*between("open", "shut", rows=cells("3") * 2_000), id="many-rows"),
        pytest.param(*between("open, still", "a part, shut"), id="with-delimiters-of-their-own"),
        pytest.param(*between("open", "shut", rows="1,2\n\n"), id="over-lines-that-are-no-rows"),
        pytest.param(*between("open", "shut", end="\r\n"), id="crlf"),
        pytest.param(*between("open", "shut", end="\r"), id="cr"),
    ],
)
def test_rows_are_never_lost_between_two_quotation_marks_that_end_each_other(
    tmp_path: Path, text: str, end: str
) -> None:
    """The database takes all that lies between them for one cell, and finds nothing wrong."""
    with pytest.raises(BillRefused, match="row 2 has a cell in which other rows lie"):
        numbers(tmp_path, text, end)


def test_nor_where_the_cell_should_be_a_number(tmp_path: Path) -> None:
    row = cells("3")
    text = row.replace("1.25", '"1.25', 1) + row.replace("1.25", '1.25"', 1)
    with pytest.raises(BillRefused, match="row 2 has a cell in which other rows lie"):
        numbers(tmp_path, row + text)


def test_a_text_of_several_lines_is_one_cell(tmp_path: Path) -> None:
    listed = ", ".join(map(str, range(len(NAMES) - 2)))
    for text in (f"a list:\n{listed}", f"{listed}\n\n", "a,\n" * 2 * len(NAMES)):
        assert numbers(tmp_path, cells(text)) == [(1, text)]


def test_a_quotation_mark_in_the_wrong_place_of_one_line_breaks_that_line_alone(
    tmp_path: Path,
) -> None:
    astray = cells("~").replace("~", '"a" b')
    assert numbers(tmp_path, cells("1") + astray + cells("3")) == [(1, "1"), (2, None), (3, "3")]

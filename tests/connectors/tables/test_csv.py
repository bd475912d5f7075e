"""CSV files as they come: encodings, quotes, rows that are refused one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.tables.page import MOST_SHOWN
from data.model import ImportedValue
from tests.connectors.tables.importing import Importer

HEADER = "Team,Hours,Month\n"
GOOD = f"{HEADER}pay,12.5,2026-01-01\n"


@pytest.fixture
def importer(tmp_path: Path) -> Importer:
    return Importer(tmp_path)


def test_a_row_becomes_a_value_of_its_measure(importer: Importer) -> None:
    importer.write(GOOD)
    assert importer.read().values == [
        ImportedValue(
            id="table:people#imported_value/imports/training.csv/2",
            source="people",
            measure="training_attended",
            team="pay",
            about=None,
            value=12.5,
            unit="hours",
            from_at=datetime(2026, 1, 1, tzinfo=UTC),
            until_at=datetime(2026, 2, 1, tzinfo=UTC),
            row=2,
        )
    ]


def test_an_empty_cell_is_nothing_and_never_zero(importer: Importer) -> None:
    importer.write(f"{HEADER},1,2026-01-01\n")
    assert importer.read().values[0].team is None
    told = importer.refusals(f"{HEADER}pay,,2026-01-01\n")
    assert "1 of 1 rows are refused: line 2, Hours: is empty" in told


def test_words_for_nothing_are_nothing(importer: Importer) -> None:
    importer.settings["null"] = ["-", "n/a"]
    importer.write(f"{HEADER}-,1,2026-01-01\n n/a ,2,2026-01-01\n")
    assert [value.team for value in importer.read().values] == [None, None]


def test_each_refused_row_is_told_with_line_column_and_reason(importer: Importer) -> None:
    importer.write(
        f"{HEADER}pay,1,2026-01-01\npay,many,2026-01-01\npay,2,January\npay,3\n\npay,4,2026-01-01\n"
    )
    found = importer.read()
    assert [value.value for value in found.values] == [1.0, 4.0]
    assert [value.row for value in found.values] == [2, 7]
    (gap,) = found.gaps
    assert gap.count == 3
    assert "imports/training.csv: 3 of 5 rows are refused" in gap.what
    assert "line 3, Hours: `many` is no number" in gap.what
    assert "line 4, Month: `January` is no time" in gap.what
    assert "line 5: has 2 cells where the first line has 3" in gap.what


def test_many_refused_rows_are_counted(importer: Importer) -> None:
    importer.write(HEADER + "pay,x,2026-01-01\n" * 50)
    (gap,) = importer.read().gaps
    assert gap.count == 50
    assert gap.what.count("line ") == MOST_SHOWN
    assert gap.what.endswith(f"and {50 - MOST_SHOWN} more")


def test_the_gap_goes_with_the_mistake(importer: Importer) -> None:
    importer.write(f"{HEADER}pay,x,2026-01-01\n")
    assert importer.read().gaps
    importer.write(GOOD)
    found = importer.read()
    assert not found.gaps
    assert found.batches[-1].is_last


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("\ufeffTeam,Hours,Month\r\nMünchen,1,2026-01-01\r\n".encode(), "utf-8"),
        ("Team,Hours,Month\rMünchen,1,2026-01-01\r".encode(), "utf-8"),
        ("Team,Hours,Month\nMünchen,1,2026-01-01".encode("windows-1252"), "windows-1252"),
        ("Team,Hours,Month\nMünchen,1,2026-01-01\n".encode("utf-16"), "utf-16"),
    ],
)
def test_encodings_marks_and_line_ends_are_no_content(
    importer: Importer, content: bytes, encoding: str
) -> None:
    importer.settings["encoding"] = encoding
    importer.write(content)
    assert [(value.team, value.row) for value in importer.read().values] == [("München", 2)]


def test_a_wrong_encoding_refuses_the_rows_it_spoils_and_no_others(importer: Importer) -> None:
    content = f"{HEADER}pay,1,2026-01-01\nMünchen,2,2026-01-01\n".encode("windows-1252")
    assert "line 3, Team: " in importer.refusals(content)
    assert "set `encoding`" in importer.refusals(content + b"pay,3,2026-01-01\n")


def test_utf_16_that_is_not_set_refuses_the_file(importer: Importer) -> None:
    assert "is UTF-16" in importer.refusals(GOOD.encode("utf-16"))


def test_quoted_cells_hold_signs_and_line_breaks_and_lines_are_still_counted(
    importer: Importer,
) -> None:
    importer.write(f'{HEADER}"a, ""b""\nand c",1,2026-01-01\nd,x,2026-01-01\n')
    found = importer.read()
    assert found.values[0].team == 'a, "b"\nand c'
    assert "line 4, Hours" in found.gaps[0].what


def test_a_quote_that_does_not_close_says_how_far_it_reached(importer: Importer) -> None:
    told = importer.refusals(f'{HEADER}pay,1,2026-01-01\n"pay,2,2026-01-01\nops,3,2026-01-01\n')
    assert "line 3: cannot be told apart into cells" in told
    assert "(up to line 4)" in told


def test_a_broken_quote_refuses_its_row_and_reading_goes_on(importer: Importer) -> None:
    importer.write(f'{HEADER}"pay"x,1,2026-01-01\nops,2,2026-01-01\n')
    found = importer.read()
    assert [value.team for value in found.values] == ["ops"]
    assert found.gaps[0].count == 1


def test_a_column_that_is_missing_refuses_the_file_and_names_the_nearest(
    importer: Importer,
) -> None:
    importer.write("Team,Hour,Month\npay,1,2026-01-01\n")
    found = importer.read()
    assert not found.batches
    assert "has no column `Hours`" in found.standing[0].what
    assert found.standing[0].fix == "did you mean `Hour`?"


def test_a_column_that_is_there_twice_is_not_guessed_at(importer: Importer) -> None:
    assert "several columns called `Hours`" in importer.refusals("Team,Hours,Hours,Month\n")


def test_an_empty_file_is_refused_and_one_without_rows_is_empty(importer: Importer) -> None:
    assert "has no first line" in importer.refusals("")
    importer.write(HEADER)
    found = importer.read()
    assert (found.rows, found.standing, len(found.batches)) == ([], [], 1)


def test_a_key_tells_rows_apart_whatever_line_they_are_in(importer: Importer) -> None:
    importer.settings["key"] = ["Team", "Month"]
    importer.write(f"{HEADER}a/b,1,2026-01-01\na,2,2026-02-01\n")
    first = {row.id for row in importer.read().rows}
    importer.write(f"{HEADER}new,1,2026-01-01\na,2,2026-02-01\na/b,1,2026-01-01\n")
    assert first < {row.id for row in importer.read().rows}
    assert "table:people#imported_value/imports/training.csv/a%2Fb/2026-01-01" in first


def test_the_second_row_of_a_key_is_refused_and_names_the_first(importer: Importer) -> None:
    importer.settings["key"] = ["Team"]
    importer.write(f"{HEADER}pay,1,2026-01-01\nops,1,2026-01-01\npay,2,2026-02-01\n,1,2026-01-01\n")
    found = importer.read()
    assert [value.value for value in found.values] == [1.0, 1.0]
    assert "line 4, Team: has the key of line 2" in found.gaps[0].what
    assert "line 5, Team: is empty, though it is part of the key" in found.gaps[0].what


def test_a_month_that_ends_at_no_day_and_a_time_that_ends_before_it_begins_are_refused(
    importer: Importer,
) -> None:
    assert "has no end" in importer.refusals(f"{HEADER}pay,1,2026-01-31\n")
    importer.settings["columns"] = {**importer.settings["columns"], "until_at": "Until"}
    importer.settings.pop("period")
    content = "Team,Hours,Month,Until\npay,1,2026-02-01,2026-01-01\n"
    assert "`until_at` is not after `from_at`" in importer.refusals(content, "other.csv")


def test_a_tab_is_the_sign_of_a_tsv_file(importer: Importer) -> None:
    importer.write(GOOD.replace(",", "\t"), "training.tsv")
    assert len(importer.read().values) == 1


def test_a_measure_is_small_letters(importer: Importer) -> None:
    importer.settings["constants"] = {"unit": "hours"}
    importer.settings["columns"] = {**importer.settings["columns"], "measure": "Measure"}
    told = importer.refusals("Team,Hours,Month,Measure\npay,1,2026-01-01,Training Attended\n")
    assert "line 2, Measure: `Training Attended` must be small letters" in told

from __future__ import annotations

import pytest

from app.cli.output import harmless, printable, table


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "web v1.2", "-3.5", "+4", "2026-05-01"])
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("≥\u00a00.3 per day", "≥ 0.3 per day"),
        ("支払い\u3000改善", "支払い 改善"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
        ("résumé – naïve", "résumé – naïve"),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_real_words_of_any_script_are_shown_as_they_are(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert shown in table([{"title": text}])


@pytest.mark.parametrize(
    "sign",
    [
        *"\x00\t\n\r\x1b\x7f\x85\x9b\ud800\udcff\u2028\u2029\u061c\u200e\u200f",
        *map(chr, range(0x202A, 0x202F)),
        *map(chr, range(0x2066, 0x206A)),
    ],
)
def test_what_steers_a_terminal_or_reorders_a_text_is_replaced(sign: str) -> None:
    assert printable(f"pay{sign}out") == "pay\ufffdout"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("≥\u00a00.3 per day", 13),
        ("支払い\u3000改善", 11),
        ("e\u0301te\u0301", 3),
        ("क्\u200dष", 2),
    ],
)
def test_columns_line_up_beside_signs_that_take_no_place_or_two(text: str, places: int) -> None:
    _, line, foreign, plain = table([{"a": text, "b": "x"}, {"a": "y", "b": "x"}]).splitlines()
    assert line == "-" * places + "  -"
    assert foreign == f"{printable(text)}  x"
    assert plain == "y".ljust(places) + "  x"

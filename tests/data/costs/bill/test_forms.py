"""What spreadsheets make of bills: refused with its row, or taken where its form is declared."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.bill.examined import Examined
from data.costs.bill.examining import examine
from data.costs.bill.form import Encoding, Form, form
from data.costs.bill.refusal import BillRefused
from tests.data.costs.bill.bills import bill, line, written

DAYS_US = {"BillingPeriodStart": "1/1/26", "BillingPeriodEnd": "2/1/26",
           "ChargePeriodStart": "1/5/26", "ChargePeriodEnd": "1/6/26"}  # fmt: skip
DAYS_EU = {"BillingPeriodStart": "01.01.2026", "BillingPeriodEnd": "01.02.2026",
           "ChargePeriodStart": "05.01.2026", "ChargePeriodEnd": "06.01.2026"}  # fmt: skip


def billed(found: Examined) -> Decimal | None:
    return next((one.sum for one in found.totals if one.amount == "BilledCost"), None)


@pytest.mark.parametrize(
    ("name", "days", "text", "value"),
    [
        ("sheet-us", DAYS_US, "$10,000.00", "10000"),
        ("sheet-us", DAYS_US, "($12.50)", "-12.5"),
        ("sheet-us", DAYS_US, "1,234.5", "1234.5"),
        ("sheet-eu", DAYS_EU, "10.000,00 €", "10000"),
        ("sheet-eu", DAYS_EU, "-0,5", "-0.5"),
    ],
)
def test_a_number_is_taken_under_its_form_and_refused_without(
    tmp_path: Path, name: str, days: dict[str, str], text: str, value: str
) -> None:
    declared = form(name)
    sound = {"EffectiveCost": "1", "ListCost": "1", "ContractedCost": "1", **days}
    path = tmp_path / "bill.csv"
    rows = [line(**sound, BilledCost="0"), line(**sound, BilledCost=text)]
    path.write_text(written(*rows, delimiter=declared.delimiter), encoding="utf-8")
    assert billed(examine(path, declared)) == Decimal(value)

    plain = bill(tmp_path, line(), line(BilledCost=text))
    found = examine(plain, Form())
    assert [(one.row, one.column, one.written) for one in found.refused] == [
        (2, "BilledCost", text)
    ]
    assert billed(found) == Decimal("1.25"), "the other row alone"


@pytest.mark.parametrize("text", ["5/1/25", "05.01.2025", "5-Jan-25", "2025/01/05", "45662"])
def test_a_day_that_is_not_as_in_iso_8601_is_refused(tmp_path: Path, text: str) -> None:
    found = examine(bill(tmp_path, line(), line(ChargePeriodStart=text)), Form())
    assert [(one.row, one.column, one.written) for one in found.refused] == [
        (2, "ChargePeriodStart", text)
    ]


def test_a_day_is_taken_as_its_form_says_day_or_month_first(tmp_path: Path) -> None:
    row = line(**{**DAYS_US, "BillingPeriodStart": "5/1/25"})
    path = bill(tmp_path, row)
    (american,) = examine(path, form("sheet-us")).parts
    assert american.from_at.isoformat() == "2025-05-01T00:00:00+00:00"
    (european,) = examine(path, Form(moments=("%d/%m/%y", "%m/%d/%y"))).parts
    assert european.from_at.isoformat() == "2025-01-05T00:00:00+00:00"


@pytest.mark.parametrize("word", ["", "NULL", "null", "(null)"])
def test_words_for_nothing_are_nothing_and_never_zero(tmp_path: Path, word: str) -> None:
    found = examine(bill(tmp_path, line(ListCost=word), line(), line(BilledCost=word)), Form())
    assert [(one.row, one.column, one.why) for one in found.refused] == [
        (3, "BilledCost", "is missing")
    ]
    listed = next(one for one in found.totals if one.amount == "ListCost")
    assert (listed.sum, listed.rows, listed.of) == (2, 1, 2)


@pytest.mark.parametrize("word", ["N/A", "-", "none"])
def test_other_words_are_no_numbers_until_they_are_declared(tmp_path: Path, word: str) -> None:
    path = bill(tmp_path, line(ListCost=word))
    assert [one.written for one in examine(path, Form()).refused] == [word]
    assert not examine(path, Form(nulls=("", word))).refused


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_refused_by_name_until_they_are_declared(
    tmp_path: Path, delimiter: str
) -> None:
    path = tmp_path / "bill.csv"
    path.write_text(written(line(), delimiter=delimiter), encoding="utf-8")
    with pytest.raises(BillRefused, match="its cells are separated by"):
        examine(path, Form())
    assert examine(path, Form(delimiter=delimiter)).taken == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_of_byte_order_is_no_part_of_a_name(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "bill.csv"
    path.write_text(written(line()), encoding=encoding)
    found = examine(path, Form(encoding=Encoding(encoding.removesuffix("-sig"))))
    assert (found.taken, found.missing_columns) == (1, ())

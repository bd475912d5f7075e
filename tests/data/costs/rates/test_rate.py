"""The file of rates: read strictly, or not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.configuration.costs import CostSettings
from data.costs.rates.rate import NO_RATES, Rate, RatesRefused, rates_of, read_rates

HEAD = "day,base,quote,rate,source\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "rates.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rates_are_exact_and_carry_their_source(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "2026-01-30,USD,EUR,0.921500000001,Bank of Example\n")
    assert read_rates(path) == (
        Rate(date(2026, 1, 30), "USD", "EUR", Decimal("0.921500000001"), "Bank of Example"),
    )


def test_columns_may_stand_in_any_order_and_rows_too(tmp_path: Path) -> None:
    rows = "x,0.93,EUR,USD,2026-02-27\nx,0.92,EUR,USD,2026-01-30\n"
    found = read_rates(written(tmp_path, "\ufeffsource,rate,quote,base,day\n" + rows))
    assert [one.rate for one in found] == [Decimal("0.92"), Decimal("0.93")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the head is empty"),
        ("day,base,quote,rate\n", "line 1: the head is `day`, `base`, `quote`, `rate`"),
        (HEAD + "2026-01-30,USD,EUR,0.9\n", "line 2: 4 cells where the head has 5"),
        (HEAD + "30.1.2026,USD,EUR,0.9,x\n", "line 2: `day` is '30.1.2026', which is no day"),
        (HEAD + "2026-02-30,USD,EUR,0.9,x\n", "line 2: `day` is '2026-02-30'"),
        (HEAD + "2026-01-30,usd,EUR,0.9,x\n", "line 2: `base` is 'usd', which is no currency"),
        (HEAD + "2026-01-30,USD,Euro,0.9,x\n", "line 2: `quote` is 'Euro'"),
        (HEAD + "2026-01-30,EUR,EUR,1,x\n", "line 2: a rate of EUR in itself"),
        (HEAD + '2026-01-30,USD,EUR,"0,9",x\n', "line 2: `rate` is '0,9', which is no rate"),
        (HEAD + "2026-01-30,USD,EUR,0.0,x\n", "line 2: `rate` is '0.0'"),
        (HEAD + "2026-01-30,USD,EUR,-0.9,x\n", "line 2: `rate` is '-0.9'"),
        (HEAD + "2026-01-30,USD,EUR,9e-1,x\n", "line 2: `rate` is '9e-1'"),
        (HEAD + "2026-01-30,USD,EUR,0.1234567890123,x\n", "line 2: `rate` is '0.1234567890123'"),
        (HEAD + "2026-01-30,USD,EUR,0.9, \n", "line 2: `source` is empty"),
        (HEAD + "2026-01-30,USD,EUR,0.9,x\n2026-01-30,USD,EUR,0.9,y\n",
         "line 3: a second rate of USD in EUR on 2026-01-30"),
        (HEAD + '2026-01-30,USD,EUR,0.9,"x\n', "line 2: is no CSV"),
    ],
)  # fmt: skip
def test_a_bad_row_is_told_with_its_line_and_nothing_is_used(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(RatesRefused, match="none of the file is used") as refused:
        read_rates(written(tmp_path, text))
    assert f"rates.csv, {said}" in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RatesRefused, match="there is no file of rates"):
        rates_of(tmp_path, CostSettings(rates="rates.csv"))


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert rates_of(tmp_path, CostSettings()) == NO_RATES


def test_what_a_rate_is_of_changes_the_hash(tmp_path: Path) -> None:
    written(tmp_path, HEAD + "2026-01-30,USD,EUR,0.9,x\n")
    told = [
        rates_of(tmp_path, CostSettings.model_validate({"rates": "rates.csv", **more})).sha256
        for more in ({}, {"currency": "EUR"}, {"rate_of": "charge_day"})
    ]
    written(tmp_path, HEAD + "2026-01-30,USD,EUR,0.8,x\n")
    told.append(rates_of(tmp_path, CostSettings(rates="rates.csv")).sha256)
    assert len(set(told)) == 4

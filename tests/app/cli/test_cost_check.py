"""`cairn cost check`: what is in a bill, exactly, and which rows cannot be counted."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from data.costs.bill import examining
from data.costs.bill.form import Form
from tests.app.cli.running import run
from tests.data.costs.bill.bills import bill, line, written
from tests.data.costs.bill.native.exports import AWS, AZURE, allocation


def answer(folder: Path, *arguments: str) -> dict[str, Any]:
    result = run(folder, "cost", "check", *arguments, "--format", "json")
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_sums_are_decimal_texts_and_an_amount_that_is_not_told_is_null(tmp_path: Path) -> None:
    path = bill(tmp_path, line(BilledCost="0.1", ListCost=""), line(BilledCost="0.2", ListCost=""))
    told = answer(tmp_path, str(path))
    assert told["totals"]["EUR"] == {
        "BilledCost": "0.3", "EffectiveCost": "2.25", "ListCost": None, "ContractedCost": "3"
    }  # fmt: skip
    (row,) = told["rows"]
    assert row["lacking"] == {"EUR": {"ListCost": 2}}
    assert (row["version"], row["view"], row["refused_rows"]) == ("1.0", "whole", 0)


def test_a_sum_that_some_rows_lack_says_of_how_many_it_is(tmp_path: Path) -> None:
    path = bill(tmp_path, line(ListCost="2"), line(ListCost=""), line(ListCost=""))
    shown = run(tmp_path, "cost", "check", str(path)).stdout
    assert "2 (of 1 of 3 rows)" in shown
    assert "3.75 (of" not in shown


def test_a_sum_of_several_files_says_of_how_many_rows_it_is(tmp_path: Path) -> None:
    """Another account has billed cost alone: nobody tells what its effective cost is."""
    bill(tmp_path, line(), line(), name="both.csv")
    bill(tmp_path, AZURE, AZURE, AZURE, name="actual.csv")
    shown = run(tmp_path, "cost", "check", str(tmp_path)).stdout
    assert "2.25 (of 2 of 5 rows)" in shown
    told = answer(tmp_path, str(tmp_path))
    assert told["totals"]["EUR"]["BilledCost"] == "6.25"
    assert told["totals"]["EUR"]["EffectiveCost"] is None
    assert told["lacking"]["EUR"]["EffectiveCost"] == 3
    assert "BilledCost" not in told["lacking"]["EUR"]


def test_two_views_of_one_bill_lack_nothing_of_each_other(tmp_path: Path) -> None:
    reserved = {"ReservationId": "r-1", "PricingModel": "Reservation"}
    unused = {"ChargeType": "UnusedReservation", "CostInBillingCurrency": "0.5"}
    bought = {"ChargeType": "Purchase", "CostInBillingCurrency": "2"}
    bill(tmp_path, AZURE, AZURE | reserved | bought, name="actual.csv")
    bill(tmp_path, AZURE, AZURE | reserved | unused, name="amortised.csv")
    told = answer(tmp_path, str(tmp_path))
    assert told["totals"]["EUR"]["BilledCost"] == "3.25"
    assert told["totals"]["EUR"]["EffectiveCost"] == "1.75"
    assert "EffectiveCost" not in told["lacking"].get("EUR", {})


def test_a_refused_row_is_told_by_its_number_and_the_exit_code(tmp_path: Path) -> None:
    path = bill(tmp_path, line(), line(BilledCost="$1"))
    shown = run(tmp_path, "cost", "check", str(path))
    assert shown.exit_code == 1
    assert [line.split() for line in shown.stdout.splitlines() if "$1" in line] == [
        ["2", "BilledCost", "$1", "is", "no", "number"]
    ]
    lines = run(tmp_path, "cost", "check", str(path), "--format", "csv").stdout.splitlines()
    assert lines[0] == "file,row,column,written,why"
    assert lines[1].endswith("bill.csv,2,BilledCost,$1,is no number")


def test_exports_of_several_providers_add_up_by_currency(tmp_path: Path) -> None:
    bill(tmp_path, AWS, name="aws.csv")
    bill(tmp_path, AZURE, name="actual.csv")
    told = answer(tmp_path, str(tmp_path))
    assert {Path(row["file"]).name: row["version"] for row in told["rows"]} == {
        "aws.csv": "aws_cur", "actual.csv": "azure_actual"
    }  # fmt: skip
    assert told["totals"]["USD"]["BilledCost"] == "0.5"
    assert told["totals"]["EUR"] == {"BilledCost": "1.25"}, "effective cost is not told: no 0"
    shown = run(tmp_path, "cost", "check", str(tmp_path)).stdout
    assert "Azure actual cost" in shown
    assert "tells billed cost alone" in shown


def test_what_an_export_does_not_tell_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "allocation.json"
    path.write_text(json.dumps({"data": [{"a": allocation("a", 0.1)}]}), encoding="utf-8")
    assert answer(tmp_path, str(path))["rows"][0]["taken"] == 0
    told = answer(tmp_path, str(path), "--currency", "EUR")
    assert told["totals"] == {"EUR": {"EffectiveCost": "0.1"}}


def test_the_encoding_is_said_as_in_the_settings_of_a_source(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_text(written(line(ServiceName="Küstenspeicher")), encoding="latin-1")
    assert answer(tmp_path, str(path))["rows"][0]["taken"] == 0, "in UTF-8 it is no text"
    told = answer(tmp_path, str(path), "--form", '{ encoding = "latin-1" }')
    assert told["rows"][0]["taken"] == 1


def test_a_file_in_utf_16_says_what_to_write_and_is_then_read(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_text(written(line()), encoding="utf-16")
    shown = run(tmp_path, "cost", "check", str(path))
    assert shown.exit_code == 3
    assert 'a form with `encoding = "utf-16"`' in shown.stderr
    told = answer(tmp_path, str(path), "--form", '{encoding = "utf-16"}')
    assert told["rows"][0]["taken"] == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("sheet-uk", "'sheet-uk' is no form: did you mean `sheet-us`?"),
        ('{encoding = "utf-61"}', "`encoding`: unknown value; did you mean `utf-16`?"),
        ('{encodng = "utf-16"}', "unknown key `encodng`; did you mean `encoding`?"),
        ('{encoding = "utf-16"', "not valid TOML"),
    ],
)
def test_a_form_that_is_none_is_refused_in_one_line(tmp_path: Path, form: str, said: str) -> None:
    shown = run(tmp_path, "cost", "check", str(bill(tmp_path, line())), "--form", form)
    assert shown.exit_code == 2
    assert said in shown.stderr.splitlines()[-1]


def test_a_currency_that_is_none_is_refused(tmp_path: Path) -> None:
    shown = run(tmp_path, "cost", "check", str(bill(tmp_path, line())), "--currency", "euro")
    assert shown.exit_code == 2
    assert "Traceback" not in shown.stderr


def test_what_takes_longer_tells_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "_SECOND", 0.001)
    told: list[int] = []

    def progress(done: int) -> None:
        told.append(done)
        time.sleep(0.001)

    examining.examine(bill(tmp_path, *[line()] * 20_000), Form(), progress)
    assert told
    assert all(0 <= done <= 100 for done in told)

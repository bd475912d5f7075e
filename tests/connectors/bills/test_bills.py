"""Bills as a source: each read once, swapped as a whole, kept when the file is gone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.update import rebuild
from data.configuration import ConfigurationError
from data.store.workspace import Workspace
from tests.connectors.turns import silent
from tests.data.costs.bill.bills import bill, line
from tests.data.costs.bill.native.exports import AZURE
from tests.data.costs.turn import turn

TOML = """
[[source]]
kind = "bills"
name = "cloud"
path = "bills"
delivery = "replacement"
"""


def workspace(folder: Path, toml: str = TOML) -> Workspace:
    (folder / "cairn.toml").write_text(toml, encoding="utf-8")
    (folder / "bills").mkdir(exist_ok=True)
    return Workspace(folder)


def rows(found: Workspace, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(found.working), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_bill_is_read_once_and_its_lines_are_kept(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    bill(tmp_path / "bills", line(), line(BilledCost="x"), line(BilledCost="0.000000000001"))
    turn(found)
    ((load, taken, total),) = rows(found, "select load, taken, rows from bill")
    assert (taken, total) == (2, 3)
    parts = rows(found, "select account, currency, rows, billed_cost, invoice from bill_part")
    assert parts == [("account-1", "EUR", 2, Decimal("1.250000000001"), None)]
    kept = found.bills / f"{load}.parquet"
    assert duckdb.sql(f"select count(*) from '{kept}' where refused is null").fetchall() == [(2,)]
    ((what, count),) = rows(found, "select what, count from gap")
    assert count == 1
    assert "row 2: BilledCost is no number" in what
    again = turn(found)
    assert again.sources[0].pages == 0


def test_a_column_that_nothing_looks_at_is_kept_with_the_lines(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    bill(tmp_path / "bills", {**line(), "x_Colour": "octarine", "Strange": "very"})
    turn(found)
    (kept,) = found.bills.glob("*.parquet")
    told = duckdb.sql(f"select x_Colour, Strange from '{kept}'").fetchall()
    assert told == [("octarine", "very")]


def test_a_bill_without_a_column_of_money_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    renamed = line()
    renamed["Cost as billed"] = renamed.pop("BilledCost")
    bill(tmp_path / "bills", renamed, name="renamed.csv")
    bill(tmp_path / "bills", line())
    turn(found)
    assert rows(found, "select name from bill") == [("bills/bill.csv",)]
    ((what,),) = rows(found, "select what from gap")
    assert "renamed.csv" in what
    assert "BilledCost" in what


def test_a_file_that_changed_is_swapped_as_a_whole(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    bill(tmp_path / "bills", line(), line())
    turn(found)
    bill(tmp_path / "bills", line(BilledCost="7"))
    turn(found)
    assert rows(found, "select rows, billed_cost from bill_part") == [(1, Decimal(7))]
    assert len(list(found.bills.glob("*.parquet"))) == 2, "what was told once can be had again"


def test_a_bill_whose_file_is_gone_stays(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    path = bill(tmp_path / "bills", line())
    bill(tmp_path / "bills", line(), name="other.csv")
    turn(found)
    path.unlink()
    turn(found)
    assert rows(found, "select count(*) from bill") == [(2,)]


def test_a_source_of_which_no_bill_comes_any_more_is_finished(tmp_path: Path) -> None:
    for ends, is_finished in (("2026-02-01", True), ("2999-01-01", False)):
        found = workspace(tmp_path, f"{TOML}ends = {ends}\n")
        bill(tmp_path / "bills", line())
        turn(found)
        last = "select is_finished from sync_run order by started_at desc limit 1"
        assert rows(found, last) == [(is_finished,)]


def test_a_rebuild_knows_the_same_bills(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    bill(tmp_path / "bills", line(BilledCost="x"), line())
    turn(found)
    before = rows(found, "select * exclude (observed_at) from bill_part")
    rebuild(found, silent)
    assert rows(found, "select * exclude (observed_at) from bill_part") == before


def test_a_line_that_is_no_row_is_told_by_its_number(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    path = bill(tmp_path / "bills", line(), line())
    head, first, second = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, first, "1,2", second]) + "\n", encoding="utf-8")
    turn(found)
    ((what, count),) = rows(found, "select what, count from gap")
    assert count == 1
    assert "row 2: the line has fewer cells than the head" in what


def test_an_export_is_known_by_its_columns_and_an_amount_it_lacks_is_null(tmp_path: Path) -> None:
    found = workspace(tmp_path, TOML + 'export = "azure_actual"\n')
    bill(tmp_path / "bills", AZURE)
    turn(found)
    assert rows(found, "select version, view, taken from bill") == [("azure_actual", "billed", 1)]
    amounts = "select billed_cost, effective_cost from bill_part"
    assert rows(found, amounts) == [(Decimal("1.25"), None)]
    rebuild(found, silent)
    assert rows(found, amounts) == [(Decimal("1.25"), None)]


def test_the_same_file_said_to_be_another_export_is_read_again(tmp_path: Path) -> None:
    found = workspace(tmp_path, TOML + 'export = "azure_actual"\n')
    bill(tmp_path / "bills", AZURE)
    turn(found)
    workspace(tmp_path, TOML + 'export = "azure_amortised"\n')
    turn(found)
    assert rows(found, "select version, view from bill") == [("azure_amortised", "effective")]
    assert rows(found, "select effective_cost from bill_part") == [(Decimal("1.25"),)]


def test_an_export_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"azure_actul.* is no export.*azure_actual"):
        turn(workspace(tmp_path, TOML + 'export = "azure_actul"\n'))


def test_what_is_no_bill_is_a_gap_and_others_are_read(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    (tmp_path / "bills" / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    bill(tmp_path / "bills", line())
    turn(found)
    ((what,),) = rows(found, "select what from gap")
    assert what.startswith("bills/notes.csv: has no column BilledCost")
    assert rows(found, "select count(*) from bill") == [(1,)]

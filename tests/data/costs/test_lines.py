"""Every figure of costs leads to the rows of the files that it is made of."""

from __future__ import annotations

import csv
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.charges import LinesGone
from data.costs.lines import Lines, Wanted, lines
from data.errors import WrongQuestion
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.data.costs.bill.bills import line
from tests.data.costs.test_building import delivered, workspace
from tests.data.costs.turn import turn

BOTH = (
    line(Tags='{"team": "pay"}', EffectiveCost="3", ServiceName="Desks"),
    line(Tags='{"team": "web"}', EffectiveCost="1", ServiceName="Desks"),
    line(Tags="", EffectiveCost="10"),
    line(Tags="", ServiceName="Other", EffectiveCost="0.5"),
)


def found(told: Workspace, wanted: Wanted, most: int = 10) -> Lines:
    with closing(SnapshotReader(told)) as reader, reader.reading() as opened:
        return lines(opened, told.bills, wanted, most)


@pytest.fixture
def told(tmp_path: Path) -> Workspace:
    made = workspace(tmp_path)
    delivered(tmp_path, "a.csv", *BOTH)
    turn(made)
    return made


def test_a_figure_is_the_sum_of_its_lines(told: Workspace) -> None:
    by = "team, bucket, service, rule, pool, account, currency, billing_month"
    with closing(SnapshotReader(told)) as reader, reader.reading() as opened:
        figures = opened.rows(
            f"select {by}, sum(effective_cost) as cost, sum(rows) as rows "
            f"from charge_day group by {by}"
        )
        assert len(figures) == 5
        for figure in figures:
            cost, rows = figure.pop("cost"), figure.pop("rows")
            behind = lines(opened, told.bills, Wanted(where=figure))
            assert behind.count == rows
            assert sum(behind.table["effective_cost"].to_pylist()) == cost


def test_a_line_names_the_row_of_its_file(told: Workspace) -> None:
    shared = found(told, Wanted(where={"team": "web", "bucket": "shared"})).table.to_pylist()
    assert [(one["bill"], one["bill_row"], one["ratio"]) for one in shared] == [
        ("bills/a.csv", 3, Decimal("0.25"))
    ]
    with (told.folder / shared[0]["bill"]).open(encoding="utf-8") as file:
        row = list(csv.DictReader(file))[shared[0]["bill_row"] - 1]
    assert Decimal(row["EffectiveCost"]) * shared[0]["ratio"] == shared[0]["effective_cost"]


def test_the_largest_come_first_and_the_rest_is_counted(told: Workspace) -> None:
    some = found(told, Wanted(), most=2)
    assert (some.count, some.table["effective_cost"].to_pylist()) == (5, [Decimal("7.5"), 3])


def test_they_stand_in_the_order_of_the_amount_that_is_asked_for(tmp_path: Path) -> None:
    """What costs most is not what is billed most: of a credit its size counts."""
    made = workspace(tmp_path)
    rows = [line(Tags='{"team": "pay"}', BilledCost=billed, EffectiveCost=effective)
            for billed, effective in (("1", "30"), ("-20", "2"), ("5", "1"))]  # fmt: skip
    delivered(tmp_path, "a.csv", *rows)
    turn(made)
    with closing(SnapshotReader(made)) as reader, reader.reading() as opened:
        by_billed = lines(opened, made.bills, Wanted(), 2, by="billed_cost").table
        by_effective = lines(opened, made.bills, Wanted(), 2).table
        with pytest.raises(WrongQuestion, match="list_cost"):
            lines(opened, made.bills, Wanted(), by="list_cost")
    assert by_billed["billed_cost"].to_pylist() == [-20, 5]
    assert by_effective["effective_cost"].to_pylist() == [30, 2]


def test_days_narrow_them(told: Workspace) -> None:
    assert found(told, Wanted(date(2026, 1, 5), date(2026, 1, 6))).count == 5
    assert found(told, Wanted(date(2026, 1, 6))).count == 0


def test_lines_are_allocated_as_the_snapshot_was_whatever_the_rules_say_now(
    told: Workspace,
) -> None:
    (told.folder / "rules.toml").write_text('version = "2"\n', encoding="utf-8")
    assert found(told, Wanted(where={"team": "pay"})).count == 2


def test_new_rules_publish_anew(told: Workspace) -> None:
    (told.folder / "rules.toml").write_text('version = "2"\n', encoding="utf-8")
    assert turn(told).is_new
    assert not turn(told).is_new
    assert found(told, Wanted(where={"team": "pay"})).count == 0


def test_what_lines_do_not_have_cannot_be_asked_for() -> None:
    with pytest.raises(WrongQuestion, match="colour"):
        Wanted(where={"colour": "red"})


def test_lines_that_are_gone_are_named(told: Workspace) -> None:
    for path in told.bills.glob("*.parquet"):
        path.unlink()
    with pytest.raises(LinesGone, match=r"bills/a\.csv"):
        found(told, Wanted())

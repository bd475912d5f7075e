"""`cairn cost load` and `allocate`: which bills hold, who has what, and that it adds up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.cli.running import run
from tests.data.costs.bill.bills import line
from tests.data.costs.bill.native.exports import AZURE
from tests.data.costs.test_building import FEBRUARY, delivered, workspace

ROWS = (
    line(Tags='{"team": "pay"}', EffectiveCost="3", ServiceName="Desks"),
    line(Tags='{"team": "web"}', EffectiveCost="1", ServiceName="Desks"),
    line(Tags="", EffectiveCost="10"),
    line(Tags="", ServiceName="Other", EffectiveCost="0.5"),
    line(**FEBRUARY, Tags="", ServiceName="Other", BillingCurrency="USD"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    workspace(tmp_path)
    delivered(tmp_path, "a.csv", *ROWS)
    return tmp_path


def test_load_lists_the_bills_that_hold(folder: Path) -> None:
    told = json.loads(run(folder, "cost", "load", "--format", "json").stdout)
    assert [(b["name"], b["currency"], b["billed_cost"], b["months"]) for b in told["rows"]] == [
        ("bills/a.csv", "EUR", "5", "2026-01"),
        ("bills/a.csv", "USD", "1.25", "2026-02"),
    ]


def test_allocate_adds_up_currency_by_currency(folder: Path) -> None:
    run(folder, "cost", "load")
    told = json.loads(run(folder, "cost", "allocate", "--format", "json").stdout)
    assert told["sums"] == {
        "EUR": {"billed_cost": "5", "effective_cost": "14.5"},
        "USD": {"billed_cost": "1.25", "effective_cost": "1.125"},
    }
    teams = {(r["currency"], r["bucket"], r["team"]): r["effective_cost"] for r in told["rows"]}
    assert teams == {
        ("EUR", "direct", "pay"): "3",
        ("EUR", "direct", "web"): "1",
        ("EUR", "shared", "pay"): "7.5",
        ("EUR", "shared", "web"): "2.5",
        ("EUR", "unallocated", None): "0.5",
        ("USD", "unallocated", None): "1.125",
    }
    assert {c["id"]: c["state"] for c in told["checks"]}["billed_adds_up"] == "holds"
    assert told["rules"]["version"] == "2026-1"


def test_a_month_is_asked_for_and_one_without_charges_says_so(folder: Path) -> None:
    run(folder, "cost", "load")
    february = run(folder, "cost", "allocate", "--month", "2026-02").stdout
    assert "USD" in february
    assert "EUR" not in february
    empty = run(folder, "cost", "allocate", "--month", "2025-02").stdout
    assert "there are no charges of 2025-02" in empty


def test_load_reads_bills_alone(folder: Path) -> None:
    with (folder / "cairn.toml").open("a", encoding="utf-8") as file:
        file.write('[[source]]\nkind = "git"\nname = "code"\npath = "nowhere"\n')
    assert run(folder, "cost", "load").exit_code == 0
    assert run(folder, "sync").exit_code == 3


def test_without_a_source_of_bills_it_says_what_to_add(tmp_path: Path) -> None:
    (tmp_path / "cairn.toml").write_text("", encoding="utf-8")
    done = run(tmp_path, "cost", "load")
    assert done.exit_code != 0
    assert "no bills are configured; add a [[source]] of kind `bills`" in done.stderr


def test_what_a_bill_does_not_tell_has_no_sum(folder: Path) -> None:
    delivered(folder, "actual.csv", AZURE | {"Tags": '"team": "pay"'})
    run(folder, "cost", "load")
    told = json.loads(run(folder, "cost", "allocate", "--format", "json").stdout)
    assert told["sums"]["EUR"] == {"billed_cost": "6.25", "effective_cost": None}
    mine = [row for row in told["rows"] if (row["team"], row["bucket"]) == ("pay", "direct")]
    assert [(row["billed_cost"], row["effective_cost"]) for row in mine] == [("2.5", None)]
    assert "unknown" in run(folder, "cost", "allocate").stdout

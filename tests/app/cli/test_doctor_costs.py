"""What `cairn doctor` says of rules, rates and drivers: each fault in a line, with its place."""

from __future__ import annotations

from pathlib import Path

from app.cli.cost.findings import cost_files, costs_lack
from connectors.interface import Finding, Severity
from connectors.update import update
from data.configuration import load
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.app.cli.running import run
from tests.data.costs.bill.bills import line
from tests.data.costs.test_building import RULES, delivered, workspace

HEAD = "day,base,quote,rate,source\n"


def priced(folder: Path, rates: str, rules: str = RULES) -> Workspace:
    """A workspace with rules and a file of rates, which tells its sums in EUR."""
    found = workspace(folder)
    (folder / "rules.toml").write_text(rules, encoding="utf-8")
    (folder / "rates.csv").write_text(HEAD + rates, encoding="utf-8")
    text = found.configuration.read_text(encoding="utf-8")
    named = '[cost]\nrates = "rates.csv"\ncurrency = "EUR"\n'
    found.configuration.write_text(text.replace("[cost]\n", named), encoding="utf-8")
    return found


def files(found: Workspace) -> list[Finding]:
    return list(cost_files(found, load(found.configuration)))


def lacks(found: Workspace) -> list[Finding]:
    update(found, lambda *_: None)
    reader = SnapshotReader(found)
    with reader.reading() as opened:
        told = list(costs_lack(opened))
    reader.close()
    return told


def test_files_that_hold_are_told_with_what_is_in_them(tmp_path: Path) -> None:
    found = priced(tmp_path, "2026-01-30,USD,EUR,0.9,a bank of example\n")
    assert [(one.severity, one.what) for one in files(found)] == [
        (Severity.OK, "rules of version 2026-1: 2 rules, 1 pools, 0 activities"),
        (Severity.OK, "1 rates of 1 pairs of currencies, the last of 2026-01-30"),
    ]


def test_each_bad_row_of_the_rates_is_told_with_its_line(tmp_path: Path) -> None:
    good = "2026-01-30,USD,EUR,0.9,x\n"
    rows = f"{good}{good}30.1.,USD,EUR,1,x\n2026-02-01,A,B,1,x\n"
    found = files(priced(tmp_path, rows))[1:]
    assert [one.where.rpartition(", ")[2] for one in found] == ["line 3", "line 4", "line 5"]
    assert {one.severity for one in found} == {Severity.ERROR}
    assert "a second rate of USD in EUR" in found[0].what


def test_each_name_that_is_no_team_is_told_with_its_line(tmp_path: Path) -> None:
    more = (
        '[[rule]]\nid = "a"\nmatch = {}\nteam = "pai"\n[[rule]]\nid = "b"\nmatch = {}\nteam = "x"\n'
    )
    rules = RULES.replace("[[pool]]", f"{more}[[pool]]", 1)
    found = files(priced(tmp_path, "2026-01-30,USD,EUR,0.9,x\n", rules))
    lines = [number for number, text in enumerate(rules.splitlines(), 1) if text[:6] == "team ="]
    assert [(one.what, one.where.rpartition(" ")[2]) for one in found[:2]] == [
        ("there is no team `pai`", str(lines[0])),
        ("there is no team `x`", str(lines[1])),
    ]
    assert "did you mean `pay`" in found[0].fix


def test_a_fault_of_a_file_makes_the_doctor_fail(tmp_path: Path) -> None:
    found = priced(tmp_path, "2026-01-30,USD,EUR,nought,x\n")
    shown = run(found.folder, "doctor")
    assert shown.exit_code == 1
    (row,) = [one for one in shown.stdout.splitlines() if "rates.csv, line 2" in one]
    assert row.startswith("error")


def test_currencies_of_bills_without_a_rate_are_named(tmp_path: Path) -> None:
    found = priced(tmp_path, "2025-01-30,USD,EUR,0.9,x\n")
    delivered(tmp_path, "a.csv", line(), line(BillingCurrency="USD", BillingAccountId="b"))
    (told,) = lacks(found)
    assert told.what == "bills are in USD, of which 1 day has no rate in EUR"
    assert "2026-01-31" in told.fix


def test_a_pool_whose_driver_tells_nothing_is_named(tmp_path: Path) -> None:
    driven = RULES.replace('split = "direct_cost"', 'split = "driver"\ndriver = "requests"')
    found = priced(tmp_path, "2026-01-30,USD,EUR,0.9,x\n", driven)
    delivered(tmp_path, "a.csv", line(Tags='{"team": "pay"}'), line(Tags=""))
    (told,) = lacks(found)
    assert told.where == "pool `machines`"
    assert told.what == "nothing is known of `requests` in any of its months, by which it is split"

"""Sums in one currency: exact, by the rate that holds, and whole or not at all."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.rates.rate import RatesRefused
from data.costs.rates.reported import Reported, reported
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.data.costs.bill.bills import bill, line
from tests.data.costs.turn import turn

HEAD = "day,base,quote,rate,source\n"
JANUARY = "2026-01-30,USD,EUR,0.91,Bank of Example\n"


def made(folder: Path, cost: str, rates: str, *rows: dict[str, str]) -> Workspace:
    """A workspace with one bill and a file of rates."""
    (folder / "bills").mkdir(exist_ok=True)
    bill(folder / "bills", *rows)
    (folder / "rates.csv").write_text(HEAD + rates, encoding="utf-8")
    source = '[[source]]\nkind = "bills"\npath = "bills"\ndelivery = "replacement"\n'
    (folder / "cairn.toml").write_text(f"[cost]\n{cost}\n{source}", encoding="utf-8")
    return Workspace(folder)


def sums(workspace: Workspace, where: str = "true") -> Reported:
    turn(workspace)
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as snapshot:
        return reported(snapshot, where)


def rates_used(workspace: Workspace) -> list[tuple[object, ...]]:
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as snapshot:
        rows = snapshot.rows("select day, asked_day, rate, rate_day from charge_rate order by day")
        return [tuple(row.values()) for row in rows]


def dollars(day: str, **values: str) -> dict[str, str]:
    start, end = f"{day}T00:00:00Z", f"{day}T12:00:00Z"
    return line(BillingCurrency="USD", ChargePeriodStart=start, ChargePeriodEnd=end, **values)


SETTINGS = 'rates = "rates.csv"\ncurrency = "EUR"'


def test_each_currency_is_told_by_the_last_rate_of_the_month(tmp_path: Path) -> None:
    rates = "2026-01-05,USD,EUR,0.5,x\n" + JANUARY
    found = sums(made(tmp_path, SETTINGS, rates, line(), dollars("2026-01-05")))
    assert (found.currency, found.why) == ("EUR", None)
    assert found.billed == Decimal("1.25") + Decimal("1.25") * Decimal("0.91")
    assert found.effective == Decimal("1.125") + Decimal("1.125") * Decimal("0.91")


def test_or_by_the_last_rate_of_the_day(tmp_path: Path) -> None:
    rates = "2026-01-02,USD,EUR,0.5,x\n" + JANUARY
    workspace = made(tmp_path, SETTINGS + '\nrate_of = "charge_day"', rates,
                     dollars("2026-01-05"), dollars("2026-01-30"))  # fmt: skip
    assert sums(workspace).billed == Decimal("1.25") * (Decimal("0.5") + Decimal("0.91"))


def known_until(workspace: Workspace, day: date) -> Workspace:
    """The same workspace, whose bill was written on a day."""
    written = datetime.combine(day, time(1), UTC).timestamp()
    os.utime(workspace.folder / "bills" / "bill.csv", (written, written))
    return workspace


RUNNING = "2026-01-05,USD,EUR,0.5,x\n2026-01-12,USD,EUR,0.6,x\n2026-01-30,USD,EUR,0.9,x\n"


def test_a_month_that_still_runs_has_the_last_rate_that_is_known(tmp_path: Path) -> None:
    rows = dollars("2026-01-06"), dollars("2026-01-14")
    workspace = known_until(made(tmp_path, SETTINGS, RUNNING, *rows), date(2026, 1, 14))
    assert sums(workspace).billed == Decimal("1.5")
    asked, found = date(2026, 1, 14), (Decimal("0.6"), date(2026, 1, 12))
    assert rates_used(workspace) == [
        (date(2026, 1, 6), asked, *found),
        (date(2026, 1, 14), asked, *found),
    ]


@pytest.mark.parametrize("rate_of", ["month_end", "charge_day"])
def test_a_charge_ahead_of_what_is_known_changes_no_other(tmp_path: Path, rate_of: str) -> None:
    settings = f'{SETTINGS}\nrate_of = "{rate_of}"'
    ahead = line(BillingCurrency="GBP", ChargePeriodStart="2026-01-31T00:00:00Z",
                 ChargePeriodEnd="2026-02-01T00:00:00Z")  # fmt: skip
    rates = RUNNING + "2026-01-12,GBP,EUR,1.1,x\n2026-01-30,GBP,EUR,1.3,x\n"
    workspace = made(tmp_path, settings, rates, dollars("2026-01-14"), dollars("2026-01-30"), ahead)
    sums(known_until(workspace, date(2026, 1, 14)))
    asked, monday = date(2026, 1, 14), date(2026, 1, 12)
    assert rates_used(workspace) == [
        (date(2026, 1, 14), asked, Decimal("0.6"), monday),
        (date(2026, 1, 30), asked, Decimal("0.6"), monday),
        (date(2026, 1, 31), asked, Decimal("1.1"), monday),
    ]


@pytest.mark.parametrize(("day", "is_there"), [("24", True), ("23", False)])
def test_a_rate_is_at_most_seven_days_old(tmp_path: Path, day: str, is_there: bool) -> None:
    rates = f"2026-01-{day},USD,EUR,0.9,x\n2026-02-01,USD,EUR,0.8,x\n"
    found = sums(made(tmp_path, SETTINGS, rates, dollars("2026-01-05")))
    assert (found.billed is not None) == is_there


def test_one_missing_rate_and_there_is_no_sum(tmp_path: Path) -> None:
    february = {"BillingPeriodStart": "2026-02-01T00:00:00Z",
                "BillingPeriodEnd": "2026-03-01T00:00:00Z"}  # fmt: skip
    rows = line(), dollars("2026-01-05"), dollars("2026-02-05", **february)
    workspace = made(tmp_path, SETTINGS, JANUARY, *rows)
    found = sums(workspace)
    assert (found.billed, found.effective) == (None, None)
    assert found.why is not None
    assert found.why.startswith("no rate of USD in EUR on 2026-02-28, nor in the 7 days before")
    assert sums(workspace, "billing_month = date '2026-01-01'").why is None


def test_a_rate_of_the_other_direction_is_none(tmp_path: Path) -> None:
    found = sums(made(tmp_path, SETTINGS, "2026-01-30,EUR,USD,1.1,x\n", dollars("2026-01-05")))
    assert found.billed is None


def test_bills_of_one_currency_need_neither_rates_nor_a_name(tmp_path: Path) -> None:
    found = sums(made(tmp_path, "", "", dollars("2026-01-05")))
    assert found == Reported("USD", Decimal("1.25"), Decimal("1.125"), (), None)


def test_bills_of_several_say_that_the_currency_has_no_name(tmp_path: Path) -> None:
    found = sums(made(tmp_path, 'rates = "rates.csv"', JANUARY, line(), dollars("2026-01-05")))
    assert (found.currency, found.billed) == (None, None)
    assert found.why == ("bills are in EUR and USD: name the currency of sums (`[cost] currency`)")


def test_without_charges_there_is_no_sum_and_no_zero(tmp_path: Path) -> None:
    found = sums(made(tmp_path, SETTINGS, JANUARY, line()), "team = 'pay'")
    assert (found.billed, found.why) == (None, "there are no charges")


def test_a_file_that_changes_is_published_anew(tmp_path: Path) -> None:
    workspace = made(tmp_path, SETTINGS, JANUARY, dollars("2026-01-05"))
    assert sums(workspace).billed == Decimal("1.25") * Decimal("0.91")
    (tmp_path / "rates.csv").write_text(HEAD + JANUARY.replace("0.91", "0.92"), encoding="utf-8")
    assert sums(workspace).billed == Decimal("1.25") * Decimal("0.92")


def test_a_file_that_is_broken_leaves_what_was_published(tmp_path: Path) -> None:
    workspace = made(tmp_path, SETTINGS, JANUARY, dollars("2026-01-05"))
    before = sums(workspace)
    (tmp_path / "rates.csv").write_text(HEAD + JANUARY + "x\n", encoding="utf-8")
    with pytest.raises(RatesRefused, match="line 3"):
        turn(workspace)
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as snapshot:
        assert reported(snapshot) == before

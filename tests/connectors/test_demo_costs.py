"""The bills of the demo: always the same, small, sound but for two rows, and exact."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.demo import DemoSettings
from connectors.demo.costs.bill_files import BillFile, bill_files, late_files, write_costs
from data.configuration import load
from data.costs.allocation.book_file import book_of
from data.costs.bill.examined import Examined
from data.costs.bill.examining import examine
from data.costs.bill.form import Form

SEED, UNTIL = DemoSettings().seed, DemoSettings().until
MOST_LINES = 40_000


@pytest.fixture(scope="module")
def files() -> Sequence[BillFile]:
    return list(bill_files(SEED, UNTIL))


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, files: Sequence[BillFile]) -> list[Examined]:
    """Each file as the source reads it."""
    folder = tmp_path_factory.mktemp("costs")
    write_costs(folder, SEED, UNTIL)
    return [examine(folder / one.name, Form()) for one in files]


def lines(files: Sequence[BillFile], of: str = "") -> Iterator[dict[str, str]]:
    """All lines of the bills that hold in the end."""
    for one in files:
        if one.name.startswith(f"bills/{of}") and "draft" not in one.name:
            yield from csv.DictReader(io.StringIO(one.text))


def test_three_providers_bill_two_years_in_two_currencies(files: Sequence[BillFile]) -> None:
    months: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in lines(files):
        months[line["ProviderName"], line["BillingCurrency"]].add(line["BillingPeriodStart"])
    assert set(months) == {
        ("Petrel Cloud", "EUR"),
        ("Basalt Compute", "USD"),
        ("Wren Build", "EUR"),
    }
    assert {len(found) for found in months.values()} == {24}


def test_all_bills_together_are_small(files: Sequence[BillFile]) -> None:
    assert 30_000 < sum(one.text.count("\n") - 1 for one in files) <= MOST_LINES


def test_a_second_writing_gives_the_same_bytes_and_times(
    files: Sequence[BillFile], tmp_path: Path
) -> None:
    write_costs(tmp_path, SEED, UNTIL)
    for one in files:
        path = tmp_path / one.name
        assert path.read_text(encoding="utf-8") == one.text
        assert datetime.fromtimestamp(path.stat().st_mtime, UTC) == one.written_at


def test_a_later_end_leaves_the_bills_of_earlier_months_as_they_were() -> None:
    early = {one.name: one.text for one in bill_files(SEED, date(2025, 4, 1))}
    later = {one.name: one.text for one in bill_files(SEED, date(2025, 7, 1))}
    assert early
    assert all(later[name] == text for name, text in early.items())


def test_another_seed_gives_other_amounts(files: Sequence[BillFile]) -> None:
    first = next(bill_files(SEED + 1, UNTIL))
    assert first.name == files[0].name
    assert first.text != files[0].text


def test_each_provider_writes_its_own_version_of_focus(read: list[Examined]) -> None:
    versions = {found.path.parent.name: found.version for found in read}
    assert versions == {"petrel": "1.2", "basalt": "1.0", "wren": "1.3"}
    assert not any(found.missing_columns or found.unknown_columns for found in read)


def test_two_rows_cannot_be_counted_and_nothing_is_told_of_the_others(
    read: list[Examined],
) -> None:
    refused = {(one.column, one.written) for found in read for one in found.refused}
    assert refused == {("BilledCost", "24,31"), ("ChargePeriodStart", "2026-09-31T00:00:00Z")}
    assert sum(found.refused_rows for found in read) == 2
    assert not [told for found in read for told in found.told]


def test_what_was_used_and_left_of_the_commitment_is_its_fee(files: Sequence[BillFile]) -> None:
    paid: dict[str, Decimal] = defaultdict(Decimal)
    used: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines(files, "petrel"):
        if line["CommitmentDiscountId"]:
            paid[line["BillingPeriodStart"]] += Decimal(line["BilledCost"])
            used[line["BillingPeriodStart"]] += Decimal(line["EffectiveCost"])
            assert Decimal(line["EffectiveCost"]) >= 0
    assert len(paid) == 12
    assert paid == used
    assert set(paid.values()) == {Decimal(21_900)}


def test_corrections_are_billed_later_than_what_they_correct(files: Sequence[BillFile]) -> None:
    corrections = [line for line in lines(files) if line["ChargeClass"] == "Correction"]
    assert len(corrections) == 3
    for line in corrections:
        assert line["ChargePeriodStart"] < line["BillingPeriodStart"]


def test_late_bills_are_of_months_that_were_billed_and_come_when_all_others_are_there(
    files: Sequence[BillFile],
) -> None:
    (late,) = late_files(UNTIL)
    assert late.name not in {one.name for one in files}
    assert late.written_at >= max(one.written_at for one in files)
    found = [(line["BillingPeriodStart"][:7], line["BilledCost"]) for line in lines([late])]
    assert found == [("2026-06", "-386.40"), ("2026-08", "129.95")]
    assert not list(late_files(date(2026, 6, 1)))


def test_the_month_costs_a_third_less_in_the_end_than_in_the_beginning(
    files: Sequence[BillFile],
) -> None:
    """In euros at 0.9 a dollar; a levy is no infrastructure, and neither are the ferries."""
    months: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines(files):
        if line["ChargeCategory"] == "Tax" or "ferries" in line["SubAccountId"]:
            continue
        if "," not in line["BilledCost"]:
            rate = Decimal("0.9") if line["BillingCurrency"] == "USD" else 1
            months[line["BillingPeriodStart"][:7]] += Decimal(line["EffectiveCost"]) * rate
    assert 1 - months["2026-10"] / months["2025-01"] == pytest.approx(
        Decimal("0.34"), abs=Decimal("0.02")
    )


def test_the_search_index_and_a_new_service_stand_out(files: Sequence[BillFile]) -> None:
    search = {
        line["ChargePeriodStart"][:10]: Decimal(line["EffectiveCost"])
        for line in lines(files, "petrel")
        if line["ResourceName"] == "storefront-search"
    }
    assert min(search[f"2026-09-{day}"] for day in range(12, 18)) > 4 * search["2026-09-11"]
    assert search["2026-09-18"] < 2 * search["2026-09-11"]
    first = min(
        line["ChargePeriodStart"]
        for line in lines(files, "basalt")
        if line["ServiceName"] == "Basalt Language"
    )
    assert first == "2026-08-17T00:00:00Z"


def test_the_rules_name_teams_of_the_demo(tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "connectors" / "demo"
    write_costs(tmp_path, SEED, date(2025, 1, 1))
    configuration = load(folder / "cairn.toml")
    teams = [team.name for team in configuration.team]
    book = book_of(tmp_path, configuration.cost, teams)
    named = {rule.team for rule in book.rule} | {t for pool in book.pool for t in pool.shares}
    assert {None, "records", "coldchain", "storefront"} <= named

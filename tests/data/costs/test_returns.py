"""What an initiative returns: benefit by cost, each with its source, or why nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.costs.returns import Return, returns
from data.decisions.benefit import (
    BenefitRefused,
    Worth,
    benefits,
    set_benefit,
    withdraw_benefit,
)
from data.decisions.book import Book
from data.decisions.decision import NothingDecided
from data.metrics.reason import NoValue
from data.model import ImportedValue, Record
from tests.app.cli.running import answer, run
from tests.data.costs.paid import pay
from tests.data.facts.test_unit_costs import FINAL_MAY, JUNE, MAY, charge, figure, told
from tests.data.published import at

BY = ("m.alder", "as reckoned in the review")
PAPER = "benefits review, page 3"


def worth(amount: str = "300", currency: str = "EUR", name: str = "Faster") -> Worth:
    return Worth(name, Decimal(amount), currency, MAY.start, MAY.end, PAPER)


def value(measure: str, amount: float, unit: str = "EUR") -> ImportedValue:
    return ImportedValue(
        id=f"test:{measure}/{amount}", source="test", measure=measure, team=None, about="Faster",
        value=float(amount), unit=unit, from_at=at("2026-05-01"), until_at=at("2026-06-01"),
    )  # fmt: skip


def found(
    folder: Path, charges: Sequence[dict[str, Any]], records: Sequence[Record] = (), days: Any = MAY
) -> tuple[Return, ...]:
    with told(folder, charges, [FINAL_MAY], records) as snapshot:
        return returns(snapshot, benefits(Book(folder)), days)


def faster(day: str, cost: float | None) -> dict[str, Any]:
    return charge(day, cost, initiative="faster", rate=1)


def test_a_decided_benefit_is_set_against_what_bills_say(tmp_path: Path) -> None:
    made = set_benefit(Book(tmp_path), worth(), BY)
    (one,) = found(tmp_path, [faster("2026-05-04", 60), faster("2026-05-05", 40)])
    assert (one.initiative, one.value, one.net, one.currency) == ("faster", 3, 200, "EUR")
    assert [(s.told_by, s.decision) for s in one.benefit] == [(PAPER, made.id)]
    assert [(s.told_by, s.decision) for s in one.cost] == [("bills", None)]


def test_what_files_say_holds_where_neither_decision_nor_bill_does(tmp_path: Path) -> None:
    files = [value("initiative_value", 90), value("initiative_cost", 30)]
    (one,) = found(tmp_path, [], files)
    assert one.value == 3
    set_benefit(Book(tmp_path), worth(), BY)
    folder = tmp_path / "both"
    folder.mkdir()
    (tmp_path / "decisions.db").rename(folder / "decisions.db")
    (one,) = found(folder, [faster("2026-05-04", 100)], files)
    assert (one.value, len(one.cost)) == (3, 1)


@pytest.mark.parametrize(
    ("decided", "charges", "why"),
    [
        (None, [faster("2026-05-04", 1)], "no benefit is decided"),
        (worth(), [charge("2026-05-04", 1)], "neither a bill nor a file tells its cost"),
        (worth(currency="USD"), [faster("2026-05-04", 1)], "amounts are in EUR and USD"),
        (worth(), [faster("2026-05-04", -1)], "its cost is not above 0"),
        (worth(), [{**faster("2026-05-04", 1), "rate": None, "reporting_effective": None}],
         "a rate of exchange is missing"),
    ],
)  # fmt: skip
def test_what_is_lacking_is_said(
    tmp_path: Path, decided: Worth | None, charges: list[dict[str, Any]], why: str
) -> None:
    if decided is not None:
        set_benefit(Book(tmp_path), decided, BY)
    (one,) = found(tmp_path, charges)
    assert (one.value, one.net) == (None, None)
    assert why in (one.why or "")


def test_days_without_a_final_bill_leave_no_return(tmp_path: Path) -> None:
    set_benefit(Book(tmp_path), worth(), BY)
    both = type(MAY)(MAY.start, JUNE.end)
    (one,) = found(tmp_path, [faster("2026-05-04", 100)], days=both)
    assert one.why == "30 days have no final bill, the first 2026-06-01"


def test_the_metric_has_the_cost_of_bills_and_not_that_of_files_besides(tmp_path: Path) -> None:
    files = [value("initiative_value", 90), value("initiative_cost", 5)]
    with told(tmp_path, [faster("2026-05-04", 30)], [FINAL_MAY], files) as snapshot:
        assert figure(snapshot, metric="initiative_return").value == 3
        june = figure(snapshot, days=JUNE, metric="initiative_return")
        assert (june.value, june.reason) == (None, NoValue.NOT_BILLED)


def test_the_last_decided_holds_until_it_is_withdrawn(tmp_path: Path) -> None:
    book = Book(tmp_path)
    set_benefit(book, worth("1"), BY)
    set_benefit(book, worth("2"), BY)
    assert [one.worth.amount for one in benefits(book)] == [2]
    withdraw_benefit(book, ("Faster", MAY.start, MAY.end), BY)
    assert benefits(book) == ()
    with pytest.raises(NothingDecided, match="no benefit of `Faster`"):
        withdraw_benefit(book, ("Faster", MAY.start, MAY.end), BY)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (worth("NaN"), "a benefit of NaN"),
        (worth(currency="Euro"), "no currency"),
        (worth(name=" "), "no initiative is named"),
        (Worth("a", Decimal(1), "EUR", MAY.end, MAY.start, PAPER), "ends before it begins"),
        (Worth("a", Decimal(1), "EUR", MAY.start, MAY.end, " "), "where it is from"),
        (Worth("Faster", Decimal(1), "EUR", date(2026, 5, 9), MAY.end, PAPER), "days in common"),
    ],
)
def test_a_benefit_that_cannot_be_meant_is_refused(
    tmp_path: Path, wanted: Worth, said: str
) -> None:
    set_benefit(Book(tmp_path), worth(), BY)
    with pytest.raises(BenefitRefused, match=said):
        set_benefit(Book(tmp_path), wanted, BY)


def test_the_command_records_and_lists(tmp_path: Path) -> None:
    pay(tmp_path, [(date(2026, 5, 4), "10.00", "pay", "Machines")], known=date(2026, 6, 3))
    days = ("--from", "2026-05-01", "--to", "2026-06-01", "--currency", "EUR")
    why = ("--source", PAPER, "--reason", "so", "--actor", "m.alder")
    words = ("cost", "return", "set", "Faster", "300", *days, *why)
    made = answer(tmp_path, *words)["rows"][0]
    (row,) = answer(tmp_path, "cost", "return", "list", "--period", "2026-05")["rows"]
    assert (row["initiative"], row["benefit"], row["cost"]) == ("faster", "300", None)
    assert row["benefit_from"] == f"{PAPER} ({made['id']})"
    assert "neither a bill nor a file" in row["why"]
    nothing = run(tmp_path, "cost", "return", "list", "--period", "2026-04")
    assert "names an initiative" in nothing.stdout

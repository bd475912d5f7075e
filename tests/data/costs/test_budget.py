"""How budgets stand: over, going over, under, or unknown with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.budget import State, standings
from data.decisions.book import Book
from data.decisions.budget import Wanted, budgets, set_budget
from data.store.snapshot import Snapshot
from tests.app.cli.running import answer, run
from tests.data.costs.paid import each_day, paid, pay

MAY, APRIL = date(2026, 5, 1), date(2026, 4, 1)
COSTS = each_day(date(2026, 1, 1), date(2026, 5, 11), lambda _: 10)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with paid(tmp_path_factory.mktemp("paid"), COSTS, known=date(2026, 5, 11)) as opened:
        yield opened


def standing(
    folder: Path, snapshot: Snapshot, amount: str, month: date = MAY, **of: str
) -> tuple[State, Decimal | None, str | None]:
    wanted = Wanted(of.get("team"), of.get("service"), Decimal(amount), of.get("currency", "EUR"),
                    date(2026, 1, 1))  # fmt: skip
    set_budget(Book(folder), wanted, ("m.alder", "as agreed"))
    (found,) = standings(snapshot, budgets(Book(folder)), month)
    return found.state, found.spent, found.why


@pytest.mark.parametrize(
    ("amount", "state"),
    [("99.99", State.OVER), ("100", State.GOING_OVER), ("309.99", State.GOING_OVER),
     ("310", State.UNDER)],
)  # fmt: skip
def test_a_running_month_is_judged_by_what_is_spent_and_expected(
    tmp_path: Path, snapshot: Snapshot, amount: str, state: State
) -> None:
    assert standing(tmp_path, snapshot, amount, team="pay") == (state, Decimal(100), None)


def test_a_month_that_is_over_is_judged_by_its_sum(tmp_path: Path, snapshot: Snapshot) -> None:
    assert standing(tmp_path, snapshot, "300", APRIL)[:2] == (State.UNDER, Decimal(300))
    assert standing(tmp_path, snapshot, "299", APRIL)[0] is State.OVER


def test_what_cannot_be_forecast_is_unknown(tmp_path: Path, snapshot: Snapshot) -> None:
    state, spent, why = standing(tmp_path, snapshot, "50", date(2026, 9, 1))
    assert (state, spent) == (State.UNKNOWN, None)
    assert "last complete day" in (why or "")


def test_a_budget_in_another_currency_is_unknown(tmp_path: Path, snapshot: Snapshot) -> None:
    state, spent, why = standing(tmp_path, snapshot, "50", currency="USD")
    assert (state, spent) == (State.UNKNOWN, None)
    assert why == "the budget is in USD, and costs are told in EUR"


def test_a_team_without_charges_has_spent_nobody_knows_what(
    tmp_path: Path, snapshot: Snapshot
) -> None:
    state, spent, why = standing(tmp_path, snapshot, "50", team="web")
    assert (state, spent, why) == (State.UNKNOWN, None, "there are no charges")


def test_the_command_records_lists_and_ends(tmp_path: Path) -> None:
    pay(tmp_path, COSTS, known=date(2026, 5, 11))
    words = ("cost", "budget", "set", "150", "--currency", "EUR", "--from", "2026-05",
             "--team", "pay", "--reason", "as agreed", "--actor", "m.alder")  # fmt: skip
    made = answer(tmp_path, *words)["rows"][0]
    (row,) = answer(tmp_path, "cost", "budget", "list")["rows"]
    assert (row["decision"], row["state"], row["spent"]) == (made["id"], "going over", "100")
    assert (row["expected"], row["used"], row["error"]) == ("310", 0.6667, 0)
    assert row["tested"] >= 12
    answer(tmp_path, "cost", "budget", "end", "--team", "pay", "--from", "2026-06",
           "--reason", "merged", "--actor", "m.alder")  # fmt: skip
    none = run(tmp_path, "cost", "budget", "list", "--month", "2026-06")
    assert "there is no budget for 2026-06" in none.stdout
    assert len(answer(tmp_path, "cost", "budget", "list")["rows"]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("set", "much", "--currency", "EUR", "--from", "2026-05"), "`much` is no amount"),
        (("set", "1", "--currency", "EUR", "--from", "2026-05", "--team", "x"), "no team `x`"),
        (("end", "--from", "2026-05"), "there is no budget of all cost in 2026-05"),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_line(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "cairn.toml").write_text('[[team]]\nname = "pay"\n', encoding="utf-8")
    found = run(tmp_path, "cost", "budget", *words, "--reason", "so", "--actor", "m.alder")
    assert found.exit_code == 2
    assert said in found.stderr
    assert found.stderr.count("\n") == 1

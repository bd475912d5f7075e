"""What people say of anomalies is kept, and measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.anomaly.anomaly import Anomaly, Key, Kind
from data.costs.anomaly.answered import OPEN, about, answered, history
from data.decisions.book import Book
from data.decisions.cost_anomaly import AnomalyRefused, Verdict, said, say
from tests.app.cli.running import answer, run
from tests.data.costs.anomaly.test_finding import ODD, from_day, machines
from tests.data.costs.paid import pay

BY = ("m.alder", "a batch ran twice")
ONE = Anomaly(Key("pay", "Machines", "Cloud"), Kind.UP, ODD, ODD + timedelta(days=3),
              Decimal(500), Decimal(400), ODD + timedelta(days=2))  # fmt: skip
OTHER = replace(ONE, key=Key("web", "Desks", "Cloud"), cost=Decimal(350))
THIRD = replace(ONE, key=Key(None, "Tables", "Cloud"), cost=Decimal(430))


def tell(folder: Path, one: Anomaly, verdict: Verdict, days: int = 4) -> None:
    at = datetime(ODD.year, ODD.month, ODD.day, tzinfo=UTC) + timedelta(days=days)
    say(Book(folder), about(one, "EUR"), verdict, BY, at)


def test_the_last_word_holds_and_the_first_is_the_answer(tmp_path: Path) -> None:
    tell(tmp_path, ONE, Verdict.ACKNOWLEDGED, days=4)
    tell(tmp_path, ONE, Verdict.EXPLAINED, days=9)
    (found, silent) = answered([ONE, OTHER], said(Book(tmp_path)), "EUR")
    assert (found.state, found.seconds_to_answer) == ("explained", 2 * 86400)
    assert (silent.state, silent.seconds_to_answer) == (OPEN, None)


def test_the_history_counts_money_time_and_false_positives(tmp_path: Path) -> None:
    tell(tmp_path, ONE, Verdict.EXPLAINED, days=3)
    tell(tmp_path, OTHER, Verdict.DISMISSED, days=5)
    found = history(answered([ONE, OTHER, THIRD], said(Book(tmp_path)), "EUR"))
    assert (found.count, found.money) == (3, Decimal(180))
    assert (found.open, found.open_money) == (1, Decimal(30))
    assert (found.answered, found.seconds_to_answer) == (2, 2 * 86400)
    assert (found.judged, found.dismissed_share) == (2, 0.5)


def test_without_answers_no_share_is_known() -> None:
    found = history([])
    assert (found.count, found.seconds_to_answer, found.dismissed_share) == (0, None, None)


def test_an_answer_holds_when_a_later_bill_moves_the_first_day(tmp_path: Path) -> None:
    tell(tmp_path, ONE, Verdict.EXPLAINED)
    moved = replace(ONE, first=ODD + timedelta(days=1))
    later = replace(ONE, first=date(2026, 6, 1), last=date(2026, 6, 4))
    states = [one.state for one in answered([moved, later], said(Book(tmp_path)), "EUR")]
    assert moved.id != ONE.id
    assert states == ["explained", OPEN]


@pytest.mark.parametrize(
    ("first", "second"),
    [(Verdict.EXPLAINED, Verdict.ACKNOWLEDGED), (Verdict.DISMISSED, Verdict.DISMISSED)],
)
def test_what_was_answered_is_not_acknowledged_nor_answered_alike(
    tmp_path: Path, first: Verdict, second: Verdict
) -> None:
    tell(tmp_path, ONE, first)
    with pytest.raises(AnomalyRefused, match=f"was {first} by m.alder already"):
        tell(tmp_path, ONE, second, days=6)
    assert len(said(Book(tmp_path)).all) == 1


def test_the_command_lists_and_records(tmp_path: Path) -> None:
    pay(tmp_path, machines(from_day(ODD, 80)), known=date(2026, 5, 11))
    told = answer(tmp_path, "cost", "anomalies", "list")
    (row,) = told["rows"]
    assert (row["state"], row["amount"], row["currency"]) == ("open", "400", "EUR")
    assert told["history"]["open_money"] == "400"
    words = ("--reason", "a batch ran twice", "--actor", "m.alder")
    answer(tmp_path, "cost", "anomalies", "acknowledge", row["id"], *words)
    made = answer(tmp_path, "cost", "anomalies", "dismiss", row["id"][:6], *words)["rows"][0]
    after = answer(tmp_path, "cost", "anomalies", "list")
    assert (after["rows"][0]["state"], after["rows"][0]["decision"]) == ("dismissed", made["id"])
    assert after["history"]["dismissed_share"] == 1
    text = run(tmp_path, "cost", "anomalies", "list").stdout
    assert "1 anomalies of 400 EUR" in text or "1 anomaly of 400 EUR" in text
    unknown = run(tmp_path, "cost", "anomalies", "explain", "zz", *words)
    assert unknown.exit_code == 2
    assert "no anomalies are called `zz`" in unknown.stderr

"""`cairn exception`: what is recorded stands beside the figure, and never changes it."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from app.components.exceptions import listed
from data.decisions.book import FILE, Book
from data.decisions.exception import Excuse, exceptions, set_exception
from tests.app.cli.running import answer, run
from tests.app.conftest import OpenPage
from tests.today import in_days

FIGURE = ("metric", "model_gate_compliance", "--period", "180d")
LATELY = datetime(2026, 10, 20, 9, tzinfo=UTC)
YEAR_END = date(2026, 12, 31)
BY = ("fleet", "the board", "why")
WORDS = ("--asked-by", "fleet", "--approved-by", "the board", "--reason", "why")


@pytest.fixture
def folder(demo: Path, tmp_path: Path) -> Path:
    """The demo organisation, whose decisions a test may add to."""
    copied = tmp_path / "demo"
    copied.mkdir()
    shutil.copy(demo / "cairn.toml", copied)
    shutil.copy(demo / FILE, copied)
    (copied / "store").symlink_to(demo / "store")
    return copied


def test_an_exception_stands_beside_the_figure_and_changes_nothing_of_it(folder: Path) -> None:
    before = answer(folder, *FIGURE)
    made = set_exception(Book(folder), ("fuel-use", "15"), (Excuse.APPROVAL,), YEAR_END, BY, LATELY)
    after = answer(folder, *FIGURE)
    assert after["rows"] == before["rows"]
    was, now = before["exceptions"], after["exceptions"]
    assert now["excused"] == was["excused"] + 1
    assert set(now["decisions"]) - set(was["decisions"]) == {made.id}
    rows = answer(folder, "rows", *FIGURE[1:])["rows"]
    assert now["lacking"] == sum(row["gate_lacks"] is not None for row in rows)
    then = answer(folder, *FIGURE, "--decided-by", "2026-01-01")["exceptions"]
    assert (then["excused"], then["first_until"]) == (0, None)
    text = run(folder, *FIGURE).stdout
    assert "of these, 2 have an exception in force on 1 Nov 2026 (the first until 31 Dec" in text


def test_an_exception_from_something_else_excuses_nothing(folder: Path) -> None:
    before = answer(folder, *FIGURE)["exceptions"]
    others = (Excuse.GATE, Excuse.SEPARATION)
    set_exception(Book(folder), ("fuel-use", None), others, YEAR_END, BY, LATELY)
    assert answer(folder, *FIGURE)["exceptions"] == before


def test_one_that_is_newer_than_the_data_is_in_force_from_its_own_day_on(folder: Path) -> None:
    later = LATELY + timedelta(days=180)
    until = later.date() + timedelta(days=1)
    made = set_exception(Book(folder), ("fuel-use", "15"), (Excuse.APPROVAL,), until, BY, later)
    found = answer(folder, *FIGURE)["exceptions"]
    assert found["day"] == later.date().isoformat()
    assert found["decisions"] == [made.id], "that of `churn-risk` has expired by then"


def test_what_is_set_is_told_with_who_asked_and_who_approved(folder: Path) -> None:
    words = ("exception", "set", "fuel-use", "--version", "15", "--until", str(in_days(30)), *WORDS)
    (row,) = answer(folder, *words, "--excuse", "separation", "--excuse", "gate")["rows"]
    assert (row["model"], row["version"], row["until"]) == ("fuel-use", "15", str(in_days(30)))
    assert (row["excuses"], row["state"]) == ("gate, separation of duties", "in force")
    assert (row["asked_by"], row["approved_by"], row["reason"]) == ("fleet", "the board", "why")
    assert exceptions(Book(folder)).all[-1].id == row["id"]


def test_the_demo_has_one_in_force_and_one_that_has_expired(folder: Path) -> None:
    words = ("exception", "list", "--as-of")
    found = answer(folder, *words, "2026-11-01")["rows"]
    assert [(row["model"], row["state"]) for row in found] == [
        ("pick-time", "expired"),
        ("churn-risk", "in force"),
    ]
    then = answer(folder, *words, "2026-09-01")["rows"]
    assert [(row["model"], row["state"]) for row in then] == [("pick-time", "in force")]
    assert answer(folder, *words, "2026-01-01")["rows"] == []


def test_what_is_withdrawn_is_listed_only_with_all(folder: Path) -> None:
    words = ("exception", "withdraw", "pick-time", "--reason", "the team is complete")
    assert answer(folder, *words, "--actor", "the board")["rows"][0]["withdrawn_by"] == "the board"
    assert [row["model"] for row in answer(folder, "exception", "list")["rows"]] == ["churn-risk"]
    text = run(folder, "exception", "list", "--all", "--format", "csv").stdout
    told = [row for row in csv.DictReader(StringIO(text)) if row["model"] == "pick-time"]
    assert [(row["act"], row["state"]) for row in told] == [
        ("set", "withdrawn or replaced"),
        ("withdraw", "withdrawn or replaced"),
    ]
    again = run(folder, *words)
    assert again.exit_code == 2
    assert "there is no exception for `pick-time`" in again.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nothing-like-it",), "there is no model `nothing-like-it`"),
        (("fuel-use", "--version", "999"), "has no version `999`"),
        (("fuel-use", "--approved-by", "Fleet"), "asks for the exception and approves it"),
        (("fuel-use", "--until", "2020-01-01"), "which is past"),
        (("fuel-use", "--until", "2999-01-01"), "more than 365 days"),
        (("fuel-use", "--reason", " "), "a decision has a reason"),
    ],
)
def test_what_cannot_be_given_is_refused_in_one_line(
    folder: Path, words: tuple[str, ...], says: str
) -> None:
    model, *others = words
    start = ("exception", "set", model, "--excuse", "gate", "--until", str(in_days(30)), *WORDS)
    result = run(folder, *start, *others)
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert len(exceptions(Book(folder)).all) == 2


def test_the_page_tells_how_many_have_one_and_lists_all(open_page: OpenPage, demo: Path) -> None:
    page = open_page(demo)
    page.query_params["metric"] = "model_gate_compliance"
    page.query_params["window"] = "180d"
    page.switch_page("views/team/models.py").run()
    assert not page.exception, page.exception[0].message
    text = " ".join(element.value for element in page.markdown)
    assert "of these, 1 has an exception in force on 1 Nov 2026 (the first until 31 Mar" in text
    (table,) = [one.value for one in page.dataframe if "Approved by" in one.value]
    assert table["State"].tolist() == ["in force", "expired"]
    assert table["Model"].tolist() == ["churn-risk", "pick-time"]


def test_those_in_force_are_listed_first_and_then_by_their_end(demo: Path) -> None:
    decided = exceptions(Book(demo))
    days = [one.until for one in decided.all]
    for day in days:
        states = [row["State"] for row in listed(decided, day)]
        assert states == sorted(states, key="in force".__ne__)

"""Exceptions: who may give them, how long they hold, and what they excuse."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.decisions.baseline import baselines, set_baseline
from data.decisions.book import Book
from data.decisions.decision import NothingDecided
from data.decisions.exception import (
    MOST_DAYS,
    ExceptionRefused,
    Exceptions,
    Excuse,
    GateException,
    State,
    check,
    exceptions,
    set_exception,
    standing,
    withdraw_exception,
)

DAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
BY = ("growth", "the board", "a pilot without customers")
ALL = tuple(Excuse)
LACKS = st.frozensets(st.sampled_from([one.value for one in Excuse]), min_size=1)


def given_to(
    version: str | None, excuses: tuple[Excuse, ...] = ALL, until: date = DAY
) -> GateException:
    return GateException(str(version), "churn", version, excuses, until, "why", "a", "b", NOON)


@given(days=st.integers(-400, 800))
def test_an_exception_ends_today_at_the_earliest_and_within_a_year(days: int) -> None:
    until = DAY + timedelta(days=days)
    if 0 <= days <= MOST_DAYS:
        check(ALL, until, ("a", "b"), DAY)
    else:
        with pytest.raises(ExceptionRefused, match=str(until)):
            check(ALL, until, ("a", "b"), DAY)


@given(held=st.integers(0, MOST_DAYS), later=st.integers(0, 2 * MOST_DAYS))
def test_it_is_in_force_up_to_its_last_day_and_expired_after(held: int, later: int) -> None:
    one = given_to("1", until=DAY + timedelta(days=held))
    expected = State.IN_FORCE if later <= held else State.EXPIRED
    assert one.state(DAY + timedelta(days=later)) is expected


@given(lacks=LACKS, some=st.lists(LACKS, max_size=3))
def test_a_promotion_is_excused_only_if_all_that_it_lacks_is(
    lacks: frozenset[str], some: list[frozenset[str]]
) -> None:
    excuses = [tuple(Excuse(word) for word in sorted(one)) for one in some]
    versions = [None, "1", "2"]
    decided = Exceptions(
        tuple(given_to(version, one) for version, one in zip(versions, excuses, strict=False))
    )
    usable = frozenset[str]().union(*some[:2])
    assert bool(decided.covering("churn", "1", lacks, DAY)) is (lacks <= usable)
    assert decided.covering("churn", "1", lacks, DAY + timedelta(days=1)) == ()
    assert decided.covering("fraud", "1", lacks, DAY) == ()
    assert decided.covering("churn", "1", frozenset(), DAY) == ()


@given(
    told=st.lists(
        st.tuples(st.sampled_from([None, "1", "2"]), st.booleans(), st.integers(0, 99)),
        max_size=8,
    )
)
def test_the_newest_decision_of_a_model_and_version_stands(
    told: list[tuple[str | None, bool, int]],
) -> None:
    made = [
        (given_to(version, until=DAY + timedelta(days=days)), is_withdrawn)
        for version, is_withdrawn, days in told
    ]
    left = {one.version: one for one in standing(made).all}
    for version in (None, "1", "2"):
        newest = next((pair for pair in reversed(made) if pair[0].version == version), None)
        expected = None if newest is None or newest[1] else newest[0]
        assert left.get(version) == expected


@pytest.mark.parametrize("approved_by", ["growth", " Growth ", "GROWTH", "\uff47rowth"])
def test_nobody_approves_what_they_ask_for(tmp_path: Path, approved_by: str) -> None:
    with pytest.raises(ExceptionRefused, match="asks for the exception and approves it"):
        set_exception(
            Book(tmp_path), ("churn", None), ALL, DAY, ("growth", approved_by, "why"), NOON
        )
    assert list(tmp_path.iterdir()) == [], "what is refused leaves nothing behind"


@pytest.mark.parametrize(
    ("excuses", "by", "says"),
    [((), ("a", "b"), "it excuses nothing"), (ALL, (" ", "b"), "one who asks")],
)
def test_an_exception_excuses_something_and_names_both(
    excuses: tuple[Excuse, ...], by: tuple[str, str], says: str
) -> None:
    with pytest.raises(ExceptionRefused, match=says):
        check(excuses, DAY, by, DAY)


def test_what_stood_then_can_be_had_again(tmp_path: Path) -> None:
    book = Book(tmp_path)
    first = set_exception(book, ("churn", "1"), (Excuse.GATE,), DAY, BY, NOON)
    later = NOON + timedelta(days=30)
    second = set_exception(book, ("churn", "1"), ALL, later.date(), BY, later)
    withdraw_exception(book, ("churn", "1"), BY[1:], later + timedelta(days=1))
    assert exceptions(book, NOON - timedelta(seconds=1)).all == ()
    assert [one.id for one in exceptions(book, NOON).all] == [first.id]
    assert [one.id for one in exceptions(book, later).all] == [second.id]
    assert exceptions(book).all == ()
    assert len(book.decisions()) == 3


def test_exceptions_and_baselines_lie_in_one_book_and_do_not_meet(tmp_path: Path) -> None:
    book = Book(tmp_path)
    set_baseline(book, "lead_time", None, (DAY, DAY + timedelta(days=30)), BY[1:], NOON)
    set_exception(book, ("churn", None), (Excuse.SEPARATION, Excuse.GATE), DAY, BY, NOON)
    (one,) = exceptions(book).all
    assert (one.excuses, one.until) == ((Excuse.GATE, Excuse.SEPARATION), DAY)
    assert (one.asked_by, one.approved_by, one.reason) == BY
    assert [held.metric for held in baselines(book).all] == ["lead_time"]


def test_only_what_stands_can_be_withdrawn(tmp_path: Path) -> None:
    book = Book(tmp_path)
    set_exception(book, ("churn", None), ALL, DAY, BY, NOON)
    with pytest.raises(NothingDecided, match="no exception for version `1` of `churn`"):
        withdraw_exception(book, ("churn", "1"), BY[1:])

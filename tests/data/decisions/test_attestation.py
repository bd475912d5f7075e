"""Attestations: who may attest what, for which days, and until when it counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.decisions.attestation import Answer, Attestation, Attested, State, attestations
from data.decisions.attesting import (
    MOST_DAYS,
    AttestationRefused,
    attest,
    check,
    withdraw_attestation,
)
from data.decisions.book import Book
from data.decisions.decision import NothingDecided
from data.decisions.evidence import Evidence
from data.decisions.scope import parse_scope

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = NOON.date()
A_DAY = timedelta(days=1)
QUARTER = (date(2026, 1, 1), date(2026, 4, 1))
BY = ("the board", "it was wrong")
RECORD = Evidence("https://wiki.example/restore-test")


def told(**fields: Any) -> Attested:
    usual: dict[str, Any] = {
        "control": "OP-04",
        "scope": "team:web",
        "start": QUARTER[0],
        "end": QUARTER[1],
        "answer": Answer.HOLDS,
        "statement": "the copy of March was brought back whole",
        "evidence": (RECORD, Evidence("proof.pdf", "ab" * 32, 12)),
        "attested_by": "m.alder",
        "reviewer": "t.rowan",
        "until": DAY + 90 * A_DAY,
        **fields,
    }
    return Attested(**{**usual, "scope": parse_scope(usual["scope"])})


def state(one: Attestation, at: datetime = NOON) -> State:
    return one.state(at.date())


def test_what_is_attested_can_be_had_again_as_it_was_told(tmp_path: Path) -> None:
    made = attest(Book(tmp_path), told(), NOON)
    (one,) = attestations(Book(tmp_path)).all
    assert (one.id, one.told) == (made.id, told())


def test_a_piece_of_evidence_that_is_named_twice_is_kept_once(tmp_path: Path) -> None:
    proof = Evidence("proof.pdf", "ab" * 32, 12)
    changed = Evidence("proof.pdf", "cd" * 32, 12)
    attest(Book(tmp_path), told(evidence=(proof, RECORD, proof, RECORD, changed)), NOON)
    (one,) = attestations(Book(tmp_path)).all
    assert one.told.evidence == (proof, RECORD, changed)


def test_it_counts_up_to_its_last_day_and_stays_in_the_list(tmp_path: Path) -> None:
    attest(Book(tmp_path), told(), NOON)
    (one,) = attestations(Book(tmp_path)).all
    assert one.state(one.until) is State.VALID
    assert one.state(one.until + A_DAY) is State.EXPIRED


def test_the_newest_for_the_same_replaces_the_one_before(tmp_path: Path) -> None:
    book = Book(tmp_path)
    attest(book, told(), NOON)
    attest(book, told(start=date(2026, 2, 1)), NOON)
    new = attest(book, told(answer=Answer.DOES_NOT_HOLD, evidence=()), NOON + A_DAY)
    found = attestations(book).all
    assert [state(one) for one in found] == [State.REPLACED, State.VALID, State.VALID]
    assert found[0].replaced == (new.id, DAY + A_DAY)


def test_one_that_expired_before_is_not_replaced(tmp_path: Path) -> None:
    book = Book(tmp_path)
    attest(book, told(), NOON)
    later = NOON + 200 * A_DAY
    attest(book, told(until=later.date()), later)
    found = attestations(book).all
    assert [state(one, later) for one in found] == [State.EXPIRED, State.VALID]


def test_what_is_withdrawn_counts_no_more_and_brings_nothing_back(tmp_path: Path) -> None:
    book = Book(tmp_path)
    attest(book, told(), NOON)
    made = attest(book, told(statement="looked again"), NOON + A_DAY)
    first = withdraw_attestation(book, made.id, BY, NOON + 2 * A_DAY)
    assert withdraw_attestation(book, made.id, BY, NOON + 2 * A_DAY) == first
    assert [state(one) for one in attestations(book).all] == [State.REPLACED, State.WITHDRAWN]
    with pytest.raises(NothingDecided, match="is withdrawn already"):
        withdraw_attestation(book, made.id, BY, NOON + 3 * A_DAY)
    then = attestations(book, NOON + A_DAY).all
    assert [state(one) for one in then] == [State.REPLACED, State.VALID]


def test_only_what_was_attested_is_withdrawn(tmp_path: Path) -> None:
    with pytest.raises(NothingDecided, match="there is no attestation `0123`"):
        withdraw_attestation(Book(tmp_path), "0123", BY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("days", "is_answered"),
    [
        (QUARTER, True),
        ((date(2026, 2, 1), date(2026, 3, 1)), True),
        ((date(2025, 12, 31), date(2026, 4, 1)), False),
        ((date(2026, 1, 1), date(2026, 4, 2)), False),
    ],
)
def test_a_control_is_answered_for_days_that_are_all_told_of(
    tmp_path: Path, days: tuple[date, date], is_answered: bool
) -> None:
    book = Book(tmp_path)
    attest(book, told(), NOON)
    standing = attestations(book).standing(NOON, days)
    assert (standing.covering("OP-04", {"team": "web"}) is not None) is is_answered
    assert standing.covering("OP-04", {"team": "ops"}) is None
    assert standing.covering("OP-05", {"team": "web"}) is None


def test_of_several_the_newest_answers_and_one_that_expired_does_not(tmp_path: Path) -> None:
    book = Book(tmp_path)
    attest(book, told(), NOON)
    wide = told(start=date(2025, 1, 1), answer=Answer.DOES_NOT_HOLD, until=DAY + 2 * A_DAY)
    attest(book, wide, NOON + A_DAY)
    for days, answer in ((1, Answer.DOES_NOT_HOLD), (3, Answer.HOLDS)):
        standing = attestations(book).standing(NOON + days * A_DAY, QUARTER)
        found = standing.covering("OP-04", {"team": "web"})
        assert found is not None
        assert found.told.answer is answer


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"reviewer": " "}, "one who attests and one who reviews"),
        ({"reviewer": "M.Alder"}, "`m.alder` attests it and reviews it"),
        ({"reviewer": "m.\u0430lder"}, "attests it and reviews it"),
        ({"statement": "\t"}, "nothing is stated"),
        ({"evidence": ()}, "there is no evidence for it"),
        ({"end": QUARTER[0]}, "ends on 2026-01-01, not after it begins"),
        ({"end": DAY + 2 * A_DAY}, "which have not been yet"),
        ({"until": None}, "it has no end"),
    ],
)
def test_what_cannot_be_attested_is_refused_and_leaves_nothing(
    tmp_path: Path, fields: dict[str, Any], says: str
) -> None:
    with pytest.raises(AttestationRefused, match=says) as refused:
        attest(Book(tmp_path), told(**fields), NOON)
    assert len(str(refused.value).splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@settings(deadline=None)
@given(days=st.integers(-400, 800))
def test_it_counts_until_today_at_the_earliest_and_for_no_more_than_so_long(days: int) -> None:
    until = DAY + timedelta(days=days)
    if 0 <= days <= MOST_DAYS:
        check(told(until=until), DAY)
    else:
        with pytest.raises(AttestationRefused, match=str(until)):
            check(told(until=until), DAY)

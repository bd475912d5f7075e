"""A review of access, from its start to what AC-02 says of each right."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from data.controls.catalogue import catalogue
from data.controls.decided import decided
from data.controls.engine import Asked, evaluate
from data.controls.outcome import Outcome
from data.controls.state import State
from data.decisions.access_review import Verdict as Decision
from data.decisions.book import Book
from data.decisions.member import Member
from data.decisions.reviewing import Chosen, Taken, close, decide, start
from data.decisions.scope import parse_scope
from data.period import Window
from data.store.snapshot import Snapshot
from tests.data.facts.governance.test_findings_and_rights import right
from tests.data.published import at, published

TAKEN, DECIDED, CLOSED = at("2026-10-01"), at("2026-10-02"), at("2026-10-03")
BY = ("t.rowan", "third quarter")
OCTOBER = Window(date(2026, 10, 1), date(2026, 11, 1))
RIGHTS = [right("ada", "acme"), right("bo", "acme")]


def member(account: str) -> Member:
    return Member(
        source="test",
        account=account,
        scope="acme",
        kind="member",
        role=None,
        has_two_factor=None,
        last_used_at=None,
    )


def review(book: Book, verdicts: dict[str, Decision], *, is_closed: bool = True) -> None:
    """A review of those accounts."""
    members = tuple(member(account) for account in verdicts)
    taken = Taken(parse_scope("organisation"), "s1", TAKEN, members)
    review = start(book, taken, TAKEN.date() + timedelta(days=20), BY, TAKEN).id
    chosen = [Chosen(member(name).id, said, "known") for name, said in verdicts.items()]
    decide(book, review, chosen, "t.rowan", DECIDED)
    if is_closed:
        close(book, review, BY, CLOSED)


def judged(snapshot: Snapshot, book: Book) -> Outcome:
    control = catalogue().controls["AC-02"]
    found = evaluate(snapshot, control, Asked(OCTOBER, given=decided(book).given, sees_names=True))
    assert found.error is None
    return found


@pytest.mark.parametrize(
    ("verdicts", "is_closed", "states"),
    [
        ({}, True, {"ada": State.FAIL, "bo": State.FAIL}),
        ({"ada": Decision.KEEP}, True, {"ada": State.PASS, "bo": State.NOT_APPLICABLE}),
        ({"ada": Decision.KEEP}, False, {"ada": State.FAIL, "bo": State.FAIL}),
        (
            {"ada": Decision.REMOVE, "bo": Decision.CHANGE},
            True,
            {"ada": State.FAIL, "bo": State.PASS},
        ),
    ],
)
def test_what_a_closed_review_decided_is_what_the_control_says(
    tmp_path: Path, verdicts: dict[str, Decision], is_closed: bool, states: dict[str, State]
) -> None:
    book = Book(tmp_path)
    if verdicts:
        review(book, verdicts, is_closed=is_closed)
    with published(tmp_path / "snapshot", RIGHTS) as snapshot:
        found = judged(snapshot, book)
    assert {one.columns["subject"]: one.state for one in found.results} == states

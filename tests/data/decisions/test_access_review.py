"""Reviews of access: a decision for each member, by somebody else, about what there was then."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.decisions.access_review import AccessReview, State, Verdict, access_reviews
from data.decisions.book import Book
from data.decisions.decision import NothingDecided
from data.decisions.member import Member
from data.decisions.refusal import DecisionsRefused
from data.decisions.reviewing import (
    MOST_DAYS,
    Chosen,
    ReviewRefused,
    Taken,
    close,
    decide,
    start,
    verdict_of,
)
from data.decisions.scope import parse_scope
from tests.data.decisions.disk import of_at_most, pages

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = NOON.date()
A_DAY = timedelta(days=1)
UNTIL = DAY + 30 * A_DAY
BY = ("t.rowan", "second quarter")


def member(account: str, scope: str = "acme/web", **fields: Any) -> Member:
    usual: dict[str, Any] = {
        "source": "host",
        "kind": "member",
        "role": "write",
        "has_two_factor": None,
        "last_used_at": None,
    }
    return Member(account=account, scope=scope, **{**usual, **fields})


ALDER = member("m.alder", last_used_at=NOON - A_DAY, has_two_factor=True)
KEY = member("deploy", kind="deploy_key", role=None)
LINDEN = member("K.Linden", "acme", role="admin", has_two_factor=False)
ALL = (ALDER, KEY, LINDEN)


def taken(*members: Member, scope: str = "organisation") -> Taken:
    return Taken(parse_scope(scope), "s1", NOON - timedelta(hours=2), members or ALL)


def started(book: Book, at: datetime = NOON) -> str:
    return start(book, taken(), at.date() + 30 * A_DAY, BY, at).id


def chosen(*members: Member, verdict: Verdict = Verdict.KEEP) -> list[Chosen]:
    return [Chosen(one.id, verdict, "needs it") for one in members]


def the_one(book: Book, at: datetime | None = None) -> AccessReview:
    (found,) = access_reviews(book, at)
    return found


def test_what_is_taken_can_be_had_again_and_its_hash_is_that_of_its_bytes(tmp_path: Path) -> None:
    book = Book(tmp_path)
    started(book)
    one = the_one(book)
    assert set(one.members) == set(ALL)
    assert (one.snapshot, one.taken_at, one.until) == ("s1", NOON - timedelta(hours=2), UNTIL)
    assert one.sha256 == hashlib.sha256(one.document).hexdigest()
    assert one.is_whole
    assert not replace(one, members=(ALDER, KEY)).is_whole
    promoted = replace(ALDER, role="admin")
    assert not replace(one, members=(promoted, *one.members[1:])).is_whole


def test_the_hash_is_the_same_in_whatever_order_members_are_told(tmp_path: Path) -> None:
    twice = (*ALL, replace(ALDER, role="read"))
    for number, told in enumerate([twice, twice[::-1], (*twice, ALDER)]):
        start(Book(tmp_path / str(number)), taken(*told), UNTIL, BY, NOON)
    reviews = [the_one(Book(tmp_path / str(number))) for number in range(3)]
    assert len({one.sha256 for one in reviews}) == 1
    assert [len(one.members) for one in reviews] == [4, 4, 4]


def test_it_is_complete_once_every_member_has_a_decision_and_it_is_closed(tmp_path: Path) -> None:
    book = Book(tmp_path)
    review = started(book)
    decide(book, review, chosen(ALDER, KEY), "t.rowan", NOON)
    with pytest.raises(ReviewRefused, match=r"1 of 3 members have no decision, .* `K.Linden` on"):
        close(book, review, BY, NOON)
    decide(book, review, chosen(LINDEN, verdict=Verdict.CHANGE), "t.rowan", NOON)
    assert the_one(book).state(DAY) is State.OPEN
    close(book, review, BY, NOON + A_DAY)
    one = the_one(book)
    assert one.state(UNTIL + A_DAY) is State.COMPLETE
    assert one.undecided == ()
    assert one.closed is not None
    assert (one.closed.by, one.closed.why) == BY
    assert the_one(book, NOON).state(DAY) is State.OPEN, "as it was then"


def test_one_that_is_not_closed_in_time_expires(tmp_path: Path) -> None:
    book = Book(tmp_path)
    review = started(book)
    decide(book, review, chosen(*ALL), "t.rowan", NOON)
    late = NOON + 31 * A_DAY
    assert the_one(book).state(UNTIL) is State.OPEN
    assert the_one(book).state(late.date()) is State.EXPIRED
    for late_step in (
        lambda: close(book, review, BY, late),
        lambda: decide(book, review, chosen(KEY), "t.rowan", late),
    ):
        with pytest.raises(ReviewRefused, match="the review ended on 2026-07-01"):
            late_step()


def test_a_decision_can_be_changed_until_it_is_closed_and_not_after(tmp_path: Path) -> None:
    book = Book(tmp_path)
    review = started(book)
    decide(book, review, chosen(*ALL), "t.rowan", NOON)
    decide(book, review, chosen(KEY, verdict=Verdict.REMOVE), "p.hazel", NOON + A_DAY)
    choice = the_one(book).choices[KEY.id]
    assert (choice.verdict, choice.by, choice.at) == (Verdict.REMOVE, "p.hazel", NOON + A_DAY)
    close(book, review, BY, NOON + A_DAY)
    for step in (
        lambda: decide(book, review, chosen(KEY), "t.rowan", NOON + 2 * A_DAY),
        lambda: close(book, review, ("p.hazel", "again"), NOON + 2 * A_DAY),
    ):
        with pytest.raises(ReviewRefused, match="complete already"):
            step()


@pytest.mark.parametrize("reviewer", ["m.alder", "M.ALDER ", "m.\u0430lder"])
def test_nobody_decides_about_themself_and_nothing_else_is_decided_then(
    tmp_path: Path, reviewer: str
) -> None:
    book = Book(tmp_path)
    review = started(book)
    with pytest.raises(ReviewRefused, match="decides about themself, on `acme/web`"):
        decide(book, review, chosen(KEY, ALDER), reviewer, NOON)
    assert the_one(book).choices == {}
    decide(book, review, chosen(KEY, LINDEN), reviewer, NOON)


@pytest.mark.parametrize(
    ("told", "reviewer", "says"),
    [
        ([], "t.rowan", "nothing is decided"),
        (chosen(KEY), " ", "nobody decides"),
        (chosen(KEY, KEY), "t.rowan", "`deploy` on `acme/web` is decided on twice"),
        ([Chosen("0123", Verdict.KEEP, "why")], "t.rowan", "no member `0123` is in the review"),
        ([Chosen(KEY.id, Verdict.KEEP, " ")], "t.rowan", "there is no reason for `deploy`"),
    ],
)
def test_what_cannot_be_decided_is_refused(
    tmp_path: Path, told: list[Chosen], reviewer: str, says: str
) -> None:
    book = Book(tmp_path)
    review = started(book)
    with pytest.raises(ReviewRefused, match=says) as refused:
        decide(book, review, told, reviewer, NOON)
    assert len(str(refused.value).splitlines()) == 1
    assert len(book.decisions()) == 1


@pytest.mark.parametrize(
    ("until", "says"),
    [
        (DAY - A_DAY, "ends on 2026-05-31, which is past"),
        (DAY + (MOST_DAYS + 1) * A_DAY, "more than 92 days"),
    ],
)
def test_a_review_ends_soon(tmp_path: Path, until: date, says: str) -> None:
    with pytest.raises(ReviewRefused, match=says):
        start(Book(tmp_path), taken(), until, BY, NOON)
    assert list(tmp_path.iterdir()) == []


def test_where_nobody_is_known_to_have_access_there_is_nothing_to_review(tmp_path: Path) -> None:
    nobody = Taken(parse_scope("team:web"), "s1", NOON, ())
    with pytest.raises(ReviewRefused, match="nobody has access in `team:web` as far as sources"):
        start(Book(tmp_path), nobody, UNTIL, BY, NOON)


def test_one_review_of_a_scope_is_open_at_a_time(tmp_path: Path) -> None:
    book = Book(tmp_path)
    review = started(book)
    with pytest.raises(ReviewRefused, match=f"the review `{review}` of `organisation` is open"):
        start(book, taken(ALDER), UNTIL, BY, NOON + A_DAY)
    start(book, taken(ALDER, scope="team:web"), UNTIL, BY, NOON + A_DAY)
    started(book, NOON + 40 * A_DAY)
    assert len(access_reviews(book)) == 3


def test_what_is_to_be_removed_and_is_still_there_is_told(tmp_path: Path) -> None:
    book = Book(tmp_path)
    review = started(book)
    decide(book, review, chosen(ALDER, KEY, verdict=Verdict.REMOVE), "t.rowan", NOON)
    decide(book, review, chosen(LINDEN), "t.rowan", NOON)
    one = the_one(book)
    lowered = replace(ALDER, account="M.Alder", role="read", last_used_at=None)
    assert one.still_there([lowered, LINDEN]) == ((ALDER, lowered),)
    elsewhere = [replace(ALDER, scope="acme/app"), replace(KEY, source="other"), LINDEN]
    assert one.still_there(elsewhere) == ()
    assert {found for found, _ in one.still_there(ALL)} == {ALDER, KEY}


def test_what_is_decided_while_it_is_closed_is_not_closed_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Book(tmp_path)
    review = started(book)
    decide(book, review, chosen(*ALL), "t.rowan", NOON)
    add = Book.add

    def add_later(self: Book, *arguments: Any) -> Any:
        monkeypatch.undo()
        decide(book, review, chosen(KEY, verdict=Verdict.REMOVE), "p.hazel", NOON)
        return add(self, *arguments)

    monkeypatch.setattr(Book, "add", add_later)
    with pytest.raises(ReviewRefused, match="somebody decides in it now"):
        close(book, review, BY, NOON)
    close(book, review, BY, NOON)


def test_a_review_that_nobody_started_is_not_decided(tmp_path: Path) -> None:
    for step in (
        lambda: decide(Book(tmp_path), "0123", chosen(KEY), "t.rowan"),
        lambda: close(Book(tmp_path), "0123", BY),
    ):
        with pytest.raises(NothingDecided, match="there is no review of access `0123`"):
            step()


def test_a_decision_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ReviewRefused, match="use one of: keep, change, remove"):
        verdict_of("stay")


def test_of_many_decisions_that_a_full_disk_refuses_none_is_made(tmp_path: Path) -> None:
    many = tuple(member(f"account-{number}") for number in range(500))
    book = Book(tmp_path)
    review = start(book, taken(*many), UNTIL, BY, NOON).id
    room = pages(tmp_path) + 5
    with of_at_most(room), pytest.raises(DecisionsRefused, match="the disk is full"):
        decide(book, review, chosen(*many), "t.rowan", NOON)
    assert the_one(book).choices == {}


def test_thousands_of_members_are_decided_at_once(tmp_path: Path) -> None:
    many = tuple(member(f"account-{number}") for number in range(5_000))
    book = Book(tmp_path)
    review = start(book, taken(*many), UNTIL, BY, NOON).id
    decide(book, review, chosen(*many), "t.rowan", NOON)
    close(book, review, BY, NOON)
    assert the_one(book).undecided == ()

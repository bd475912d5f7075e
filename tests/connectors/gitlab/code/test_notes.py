from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.gitlab.code.notes import Activity, first_comments
from data.model import ReviewState

OLD, MIDDLE, NEW = "a" * 40, "b" * 40, "c" * 40
KNOWN_AT = datetime(2026, 3, 1, tzinfo=UTC)


def at(hour: int) -> datetime:
    return datetime(2026, 2, 1, hour, tzinfo=UTC)


def note(number: int, hour: int, body: str, by: str | None = "r-1", action: str = "") -> Any:
    return {
        "id": f"gid://gitlab/Note/{number}",
        "createdAt": at(hour).isoformat(),
        "body": body,
        "author": {"username": by, "bot": False} if by else None,
        "systemNoteMetadata": {"action": action} if action else None,
    }


def push(number: int, hour: int, old: str) -> Any:
    path = f"/acme/web/-/merge_requests/1/diffs?diff_id=12&start_sha={old}"
    body = f"added 1 commit\n\n<ul><li>x</li></ul>\n\n[Compare with previous version]({path})"
    return note(number, hour, body, "dev-1", "commit")


APPROVAL = note(1, 2, "approved this merge request", action="approved")


def test_an_approval_was_for_the_head_of_its_time() -> None:
    activity = Activity([push(3, 4, OLD), APPROVAL, push(4, 5, MIDDLE)], NEW)
    (review,) = activity.reviews(["r-1"], KNOWN_AT)
    assert (review.sha, review.given_at, review.dismissed_at) == (OLD, at(2), None)
    assert [activity.head_at(at(hour)) for hour in (3, 4, 6)] == [OLD, MIDDLE, NEW]


def test_within_one_second_the_order_of_notes_decides() -> None:
    first = Activity([push(1, 2, OLD), note(2, 2, "approved this merge request")], NEW)
    last = Activity([push(2, 2, OLD), note(1, 2, "approved this merge request")], NEW)
    assert [each.reviews(["r-1"], KNOWN_AT)[0].sha for each in (first, last)] == [NEW, OLD]


def test_an_approval_that_vanished_with_a_push_ended_then() -> None:
    (review,) = Activity([APPROVAL, push(2, 4, OLD)], NEW).reviews([], KNOWN_AT)
    assert review.dismissed_at == at(4)


def test_an_approval_that_vanished_otherwise_ended_at_the_last_change() -> None:
    (review,) = Activity([APPROVAL], NEW).reviews([], KNOWN_AT)
    assert review.dismissed_at == KNOWN_AT


def test_a_reset_names_those_whose_approval_it_takes_back() -> None:
    other = note(2, 3, "approved this merge request", "r.2-x", "approved")
    reset = note(3, 4, "reset approvals from @r-1 and @r.2-x by pushing to the branch", "dev-1")
    given = Activity([APPROVAL, other, reset], NEW).reviews([], KNOWN_AT)
    assert [review.dismissed_at for review in given] == [at(4), at(4)]


def test_who_approves_anew_stands_and_the_first_approval_does_not() -> None:
    again = [
        APPROVAL,
        note(2, 3, "unapproved this merge request", action="unapproved"),
        note(3, 4, "approved this merge request", action="approved"),
    ]
    given = Activity(again, NEW).reviews(["r-1"], KNOWN_AT)
    assert [(review.given_at, review.dismissed_at) for review in given] == [
        (at(2), at(3)),
        (at(4), None),
    ]


def test_an_approval_without_a_note_is_told_without_a_time() -> None:
    (review,) = Activity([], NEW).reviews(["r-1"], KNOWN_AT)
    assert (review.author, review.given_at, review.sha) == ("r-1", None, None)
    assert review.state is ReviewState.APPROVED


def test_what_a_deleted_account_approved_is_not_called_dismissed() -> None:
    ghost = note(1, 2, "approved this merge request", "ghost", "approved")
    (review,) = Activity([ghost], NEW).reviews([], KNOWN_AT)
    assert (review.author, review.dismissed_at) == (None, None)


def test_a_request_for_changes_is_a_review() -> None:
    asked = note(1, 2, "requested changes", action="requested_changes")
    (review,) = Activity([asked], NEW).reviews([], KNOWN_AT)
    assert (review.state, review.dismissed_at) == (ReviewState.CHANGES_REQUESTED, None)


def test_a_branch_was_rewritten_by_the_last_push_whose_old_head_is_gone() -> None:
    pushes = [push(1, 2, OLD), push(2, 3, MIDDLE)]
    assert Activity(pushes, NEW).rewritten_at([OLD, MIDDLE, NEW]) is None
    assert Activity(pushes, NEW).rewritten_at([MIDDLE, NEW]) == at(2)
    assert Activity(pushes, NEW).rewritten_at([NEW]) == at(3)


@pytest.mark.parametrize(
    ("bodies", "is_draft", "ready"),
    [
        ([], False, 1),
        ([], True, None),
        (["marked this merge request as **ready**"], False, 5),
        (["marked this merge request as **draft**"], True, None),
        (["marked this merge request as **draft** from abc"], False, None),
        (["unmarked as a **Work In Progress**"], False, 5),
        (["marked as a **Work In Progress**"], True, None),
    ],
)
def test_it_is_ready_when_it_last_stopped_being_a_draft(
    bodies: list[str], is_draft: bool, ready: int | None
) -> None:
    notes = [note(number, 5, body) for number, body in enumerate(bodies)]
    told = Activity(notes, NEW).ready_at(at(1), is_draft=is_draft)
    assert told == (at(ready) if ready else None)


def test_the_first_comment_of_everyone_but_the_author_is_a_review() -> None:
    comments = [note(1, 1, "a", "dev-1"), note(2, 2, "b", "r-1"), note(3, 3, "c", "r-1")]
    activity = Activity([push(9, 4, OLD)], NEW)
    (given,) = first_comments([*comments, note(4, 5, "d", None)][:3], "dev-1", activity)
    assert (given.author, given.given_at, given.sha) == ("r-1", at(2), OLD)


@given(st.permutations(range(4)))
def test_the_order_in_which_notes_are_told_does_not_matter(order: list[int]) -> None:
    notes = [
        APPROVAL,
        push(2, 3, OLD),
        note(3, 4, "approved this merge request", "r-2"),
        push(4, 5, MIDDLE),
    ]
    told = Activity([notes[number] for number in order], NEW).reviews(["r-1", "r-2"], KNOWN_AT)
    assert [(review.author, review.sha) for review in told] == [("r-1", OLD), ("r-2", MIDDLE)]

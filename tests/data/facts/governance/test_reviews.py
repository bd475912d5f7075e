"""What a review was worth when its change was merged, and who wrote that change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.data.facts.governance.told import review, rows, wrote
from tests.data.facts.story import Facts, Story
from tests.data.published import at, change

HEAD = "a" * 40
EARLIER = "b" * 40
MERGED = "2026-05-10 12:00"


def merged(number: int = 2, **fields: Any) -> Any:
    return change(number, MERGED, **{"head_sha": HEAD, "author": "ada", "is_bot": False, **fields})


def worth(facts: Facts) -> list[tuple[bool | None, bool | None]]:
    found = facts.snapshot.rows(
        "select is_approval, is_on_head from change_review order by account, submitted_at"
    )
    return [(row["is_approval"], row["is_on_head"]) for row in found]


def test_an_approval_before_the_merge_of_the_last_commit_counts(story: Story) -> None:
    facts = story(merged(), review(2, "bo", "2026-05-10 11:00", sha=HEAD))
    assert worth(facts) == [(True, True)]


def test_an_approval_at_the_very_moment_of_the_merge_counts_and_a_second_later_none(
    story: Story,
) -> None:
    facts = story(merged(), review(2, "bo", MERGED), review(2, "cy", "2026-05-10 12:00:01"))
    assert [approval for approval, _ in worth(facts)] == [True, False]


def test_an_approval_of_an_earlier_commit_is_not_on_the_head(story: Story) -> None:
    facts = story(merged(), review(2, "bo", "2026-05-10 11:00", sha=EARLIER))
    assert worth(facts) == [(True, False)]


def test_an_approval_of_a_squashed_change_is_of_its_head_and_not_of_what_landed(
    story: Story,
) -> None:
    facts = story(merged(kind="squash"), review(2, "bo", "2026-05-10 11:00", sha=HEAD))
    (row,) = facts.snapshot.rows("select landed_sha from merged_change")
    assert row["landed_sha"] != HEAD
    assert worth(facts) == [(True, True)]


@pytest.mark.parametrize(
    ("given", "is_on_head"), [("2026-05-09 10:00", True), ("2026-05-09 09:59", False)]
)
def test_where_no_commit_is_named_the_last_push_decides(
    story: Story, given: str, is_on_head: bool
) -> None:
    facts = story(merged(), wrote(2, HEAD, "2026-05-09 10:00", "ada"), review(2, "bo", given))
    assert worth(facts) == [(True, is_on_head)]


def test_a_forced_push_later_than_its_commits_is_the_last_push(story: Story) -> None:
    facts = story(
        merged(rewritten_at=at("2026-05-09 15:00")),
        wrote(2, HEAD, "2026-05-09 10:00", "ada"),
        review(2, "bo", "2026-05-09 12:00"),
    )
    assert worth(facts) == [(True, False)]


def test_where_neither_commit_nor_push_is_told_nobody_knows(story: Story) -> None:
    facts = story(merged(head_sha=None), review(2, "bo", "2026-05-09 12:00"))
    assert worth(facts) == [(True, None)]


def test_an_approval_whose_time_is_not_told_may_have_been_one(story: Story) -> None:
    facts = story(merged(), review(2, "bo", None, sha=HEAD))
    assert worth(facts) == [(None, True)]


@pytest.mark.parametrize(
    ("dismissed_at", "is_approval"), [("2026-05-10 12:00", False), ("2026-05-10 12:01", True)]
)
def test_what_was_dismissed_before_the_merge_counts_no_more_and_after_it_still_does(
    story: Story, dismissed_at: str, is_approval: bool
) -> None:
    given = review(2, "bo", "2026-05-10 11:00", sha=HEAD, dismissed_at=dismissed_at)
    assert worth(story(merged(), given)) == [(is_approval, True)]


@pytest.mark.parametrize(
    ("dismissed_at", "is_approval"), [("2026-05-10 11:30", False), ("2026-05-11", None)]
)
def test_a_dismissed_review_that_no_longer_says_what_it_was_may_have_been_an_approval(
    story: Story, dismissed_at: str, is_approval: bool | None
) -> None:
    given = review(2, "bo", "2026-05-10 11:00", state="unknown", dismissed_at=dismissed_at)
    assert [approval for approval, _ in worth(story(merged(), given))] == [is_approval]


def test_who_asks_for_changes_afterwards_approves_no_more_until_they_do_again(
    story: Story,
) -> None:
    facts = story(
        merged(),
        review(2, "bo", "2026-05-10 09:00"),
        review(2, "bo", "2026-05-10 10:00", state="changes_requested"),
        review(2, "cy", "2026-05-10 09:00"),
        review(2, "cy", "2026-05-10 10:00", state="changes_requested"),
        review(2, "cy", "2026-05-10 11:00"),
    )
    assert [approval for approval, _ in worth(facts)] == [False, False, False, False, True]


def test_asking_for_changes_after_the_merge_takes_nothing_back(story: Story) -> None:
    facts = story(
        merged(),
        review(2, "bo", "2026-05-10 09:00"),
        review(2, "bo", "2026-05-10 13:00", state="changes_requested"),
    )
    assert [approval for approval, _ in worth(facts)] == [True, False]


def test_a_comment_is_no_approval(story: Story) -> None:
    facts = story(merged(), review(2, "bo", "2026-05-10 09:00", state="commented"))
    assert [approval for approval, _ in worth(facts)] == [False]


def test_a_reviewer_is_known_as_an_author_also_by_a_commit(story: Story) -> None:
    facts = story(
        merged(),
        wrote(2, HEAD, "2026-05-09", "bo"),
        review(2, "bo", "2026-05-10 09:00"),
        review(2, "cy", "2026-05-10 09:00"),
        review(2, None, "2026-05-10 09:00"),
    )
    found = facts.snapshot.rows("select account, is_by_author from change_review")
    assert {row["account"]: row["is_by_author"] for row in found} == {
        "bo": True,
        "cy": False,
        None: False,
    }


def test_a_review_of_the_same_number_in_another_repository_is_of_another_change(
    story: Story,
) -> None:
    facts = story(merged(), review(2, "bo", "2026-05-10 09:00", repository="mono"))
    assert worth(facts) == []


# --- who wrote it -------------------------------------------------------------------------------


def test_authors_are_who_opened_it_and_who_wrote_its_commits_each_once(story: Story) -> None:
    facts = story(
        merged(),
        wrote(2, HEAD, "2026-05-09", "ada", "bo"),
        wrote(2, EARLIER, "2026-05-08", "cy", ordinal=2),
    )
    (row,) = facts.snapshot.rows("select authors, told_commits, unnamed_authors from merged_change")
    assert row == {"authors": ["ada", "bo", "cy"], "told_commits": 2, "unnamed_authors": 0}


def test_authors_whom_the_host_has_no_account_for_are_counted(story: Story) -> None:
    facts = story(merged(), wrote(2, HEAD, "2026-05-09", "ada", author_count=3))
    assert rows(facts.snapshot, "merged_change", "authors", "unnamed_authors") == [(["ada"], 2)]


def test_who_brings_a_branch_up_to_date_is_no_author_of_it(story: Story) -> None:
    facts = story(
        merged(),
        wrote(2, HEAD, "2026-05-09", "bo", is_merge=True, author_count=2, ordinal=2),
        wrote(2, EARLIER, "2026-05-08", "ada"),
        review(2, "bo", "2026-05-10 09:00"),
    )
    assert rows(facts.snapshot, "merged_change", "authors", "unnamed_authors") == [(["ada"], 0)]
    assert rows(facts.snapshot, "change_review", "is_by_author") == [False]


def test_what_nobody_read_of_its_commits_is_unknown_and_not_none(story: Story) -> None:
    facts = story(merged())
    assert rows(facts.snapshot, "merged_change", "told_commits", "unnamed_authors") == [
        (None, None)
    ]


def test_a_deleted_account_is_no_author_of_a_name(story: Story) -> None:
    facts = story(merged(author=None, is_bot=None))
    assert rows(facts.snapshot, "merged_change", "author", "authors", "is_by_machines") == [
        (None, None, None)
    ]


def test_a_machine_is_known_by_what_its_host_says_of_it_anywhere(story: Story) -> None:
    facts = story(
        merged(author="robot", is_bot=True),
        wrote(2, HEAD, "2026-05-09", "robot[bot]"),
        merged(3, author="ada"),
        wrote(3, EARLIER, "2026-05-09", "robot"),
        merged(4, author="robot", is_bot=True),
        wrote(4, "c" * 40, "2026-05-09", "ada"),
    )
    found = facts.snapshot.rows("select number, is_by_machines from merged_change order by number")
    assert [row["is_by_machines"] for row in found] == [True, False, False]

"""How a check stood when its change was merged."""

from __future__ import annotations

from typing import Any

import pytest

from tests.data.facts.governance.told import check, landed, rows
from tests.data.facts.story import Facts, Story
from tests.data.published import change

HEAD = "a" * 40
MERGED = "2026-05-10 12:00"


def merged(**fields: Any) -> Any:
    return change(2, MERGED, **{"head_sha": HEAD, **fields})


def stood(facts: Facts) -> list[tuple[str | None, str | None]]:
    return rows(facts.snapshot, "change_check", "result_at_merge", "result_later")


@pytest.mark.parametrize(
    ("completed_at", "expected"),
    [("2026-05-10 12:00", ("success", None)), ("2026-05-10 12:01", (None, "success"))],
)
def test_a_check_counts_that_had_ended_at_the_very_moment_of_the_merge(
    story: Story, completed_at: str, expected: tuple[str | None, str | None]
) -> None:
    assert stood(story(merged(), check("test", HEAD, completed_at))) == [expected]


def test_one_that_had_begun_and_ended_afterwards_was_running(story: Story) -> None:
    facts = story(merged(), check("test", HEAD, "2026-05-10 12:30", started_at="2026-05-10 11:50"))
    assert stood(facts) == [("running", "success")]


def test_one_that_runs_to_this_day_was_running(story: Story) -> None:
    run = check("test", HEAD, None, result="running", started_at="2026-05-10 11:50")
    assert stood(story(merged(), run)) == [("running", "running")]


def test_run_again_after_the_merge_keeps_what_it_was_before(story: Story) -> None:
    facts = story(
        merged(),
        check("test", HEAD, "2026-05-10 11:30", started_at="2026-05-10 11:00", result="failure"),
        check("test", HEAD, "2026-05-10 13:30", started_at="2026-05-10 13:00"),
    )
    assert stood(facts) == [("failure", "success")]


def test_run_again_before_the_merge_the_last_that_began_counts(story: Story) -> None:
    facts = story(
        merged(),
        check("test", HEAD, "2026-05-10 11:30", started_at="2026-05-10 11:00", result="failure"),
        check("test", HEAD, "2026-05-10 11:20", started_at="2026-05-10 11:10"),
    )
    assert stood(facts) == [("success", None)]


def test_run_again_and_not_yet_ended_at_the_merge_is_no_success(story: Story) -> None:
    facts = story(
        merged(),
        check("test", HEAD, "2026-05-10 11:30", started_at="2026-05-10 11:00"),
        check("test", HEAD, "2026-05-10 12:30", started_at="2026-05-10 11:50", result="failure"),
    )
    assert stood(facts) == [("running", "failure")]


def test_of_one_that_ended_at_a_time_nobody_tells_nothing_is_known(story: Story) -> None:
    facts = story(merged(), check("test", HEAD, None))
    assert rows(facts.snapshot, "change_check", "result_at_merge", "is_time_untold") == [
        (None, True)
    ]


def test_checks_of_one_name_by_two_reporters_are_two(story: Story) -> None:
    facts = story(
        merged(),
        check("test", HEAD, "2026-05-10 11:30", reporter="one"),
        check("test", HEAD, "2026-05-10 11:31", reporter="other", result="failure"),
    )
    assert rows(facts.snapshot, "change_check", "reporter", "result_at_merge") == [
        ("one", "success"),
        ("other", "failure"),
    ]


def test_a_squash_lands_another_commit_and_the_checks_of_the_branch_count(story: Story) -> None:
    facts = story(merged(kind="squash"), check("test", HEAD, "2026-05-10 11:30"))
    assert stood(facts) == [("success", None)]


def test_a_queue_checks_the_commit_that_lands(story: Story) -> None:
    facts = story(
        merged(),
        check("test", HEAD, "2026-05-10 10:30"),
        check("test", landed(2), "2026-05-10 11:30", result="failure"),
    )
    assert stood(facts) == [("failure", None)]


def test_what_ran_on_the_mainline_afterwards_is_told_apart(story: Story) -> None:
    facts = story(
        merged(),
        check("test", HEAD, "2026-05-10 11:30"),
        check("deploy", landed(2), "2026-05-10 12:30", result="failure"),
    )
    assert rows(facts.snapshot, "change_check", "name", "result_at_merge", "result_later") == [
        ("deploy", None, "failure"),
        ("test", "success", None),
    ]


def test_checks_of_another_commit_or_repository_are_none_of_it(story: Story) -> None:
    facts = story(
        merged(),
        check("test", "b" * 40, "2026-05-10 11:30"),
        check("test", HEAD, "2026-05-10 11:30", repository="mono", id="other"),
    )
    assert stood(facts) == []


def test_a_skipped_check_stays_skipped(story: Story) -> None:
    facts = story(merged(), check("test", HEAD, "2026-05-10 11:30", result="skipped"))
    assert stood(facts) == [("skipped", None)]

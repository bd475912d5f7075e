"""How pull requests land, who reviewed them, and what was checked: the cases by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from data.model import Change, ChangeCommit, CheckRun, Commit, GapReason, Review
from tests.connectors.github.organisation import TOKEN, Organisation
from tests.doubles.github import story
from tests.doubles.github.world import Check, Repository
from tests.doubles.host import told

# --- how they land ------------------------------------------------------------------------------


def test_a_squash_lands_one_commit_that_is_not_of_the_branch(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.open(web, "Add a page")
    story.push_to(acme.world, pull, acme.dev, acme.next())
    landed = story.squash_merge(acme.world, pull, acme.reviewer, acme.next())
    acme.sync()
    change = _change(acme)
    assert (change.kind, change.number, change.landed_sha) == ("squash", "1", landed.sha)
    assert change.commit_count == 2
    assert change.position is None
    assert {c.sha for c in acme.rows(ChangeCommit)} == set(pull.commits)
    assert landed.sha not in pull.commits
    assert _commit(acme, landed.sha).is_mainline
    assert _commit(acme, landed.sha).change == change.number


def test_a_merge_commit_lands_its_branch_beside_the_mainline(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.open(web)
    landed = story.merge(acme.world, pull, acme.reviewer, acme.next())
    acme.sync()
    change = _change(acme)
    assert (change.kind, change.landed_sha) == ("merge", landed.sha)
    assert _commit(acme, landed.sha).is_mainline
    (own,) = pull.commits
    assert not _commit(acme, own).is_mainline
    assert _commit(acme, own).position == _commit(acme, landed.sha).position


def test_a_rebase_lands_each_commit_and_is_one_change(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.open(web, "One")
    story.push_to(acme.world, pull, acme.dev, acme.next(), "Two")
    story.push_to(acme.world, pull, acme.dev, acme.next(), "Three")
    last = story.rebase_merge(acme.world, pull, acme.reviewer, acme.next())
    acme.sync()
    change = _change(acme)
    assert (change.kind, change.landed_sha, change.commit_count) == ("rebase", last.sha, 3)
    landed = [c for c in acme.rows(Commit) if c.change == change.number]
    assert len(landed) == 3
    assert all(c.is_mainline for c in landed)
    assert [c.kind for c in acme.rows(Change)].count("direct") == 1  # the first push alone


def test_a_merge_queue_lands_it_by_a_bot(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.open(web)
    story.merge_through_queue(acme.world, pull, acme.dev, acme.next(), acme.next(60))
    acme.sync()
    change = _change(acme)
    assert change.merged_at == acme.at
    assert change.merged_by == "github-merge-queue"
    assert change.author == "dev-1"


def test_a_direct_push_is_a_change_without_a_number(acme: Organisation) -> None:
    web = acme.add_repository()
    acme.land(web)
    pushed = story.push(acme.world, web, acme.dev, acme.next(), 'Revert "Change it" (#1)')
    acme.sync()
    direct = next(c for c in acme.rows(Change) if c.landed_sha == pushed.sha)
    assert (direct.kind, direct.number, direct.author) == ("direct", None, "dev-1")
    assert direct.merged_at == acme.at
    assert direct.position == _commit(acme, pushed.sha).position


def test_what_was_merged_into_a_release_branch_landed_on_no_mainline_commit(
    acme: Organisation,
) -> None:
    web = acme.add_repository()
    web.branches["release/1"] = web.branches["main"]
    pull = acme.open(web, base="release/1")
    landed = story.squash_merge(acme.world, pull, acme.reviewer, acme.next())
    acme.sync()
    change = _change(acme)
    assert (change.target_branch, change.position) == ("release/1", None)
    assert landed.sha not in {c.sha for c in acme.rows(Commit)}


def test_what_was_not_merged_is_no_change_but_its_reviews_count(acme: Organisation) -> None:
    web = acme.add_repository()
    closed = acme.open(web)
    story.request_changes(acme.world, closed, acme.reviewer, acme.next())
    story.close_pull(acme.world, closed, acme.dev, acme.next())
    acme.open(web)
    acme.sync()
    assert [c.kind for c in acme.rows(Change)] == ["direct"]
    assert [r.state for r in acme.rows(Review)] == ["changes_requested"]


def test_one_whose_merge_commit_is_gone_is_a_gap(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.land(web)
    pull.merge_sha = None
    acme.sync()
    gap = next(g for g in acme.gaps() if g.reason == GapReason.MISSING_OBJECT)
    assert f"#{pull.number}" in gap.what


# --- reviews ------------------------------------------------------------------------------------


def test_a_dismissed_review_keeps_what_it_said_and_when_it_was_dismissed(
    acme: Organisation,
) -> None:
    web = acme.add_repository()
    pull = acme.open(web)
    review = story.approve(acme.world, pull, acme.reviewer, acme.next())
    given_at = acme.at
    story.dismiss(acme.world, pull, review, acme.dev, acme.next())
    acme.sync()
    told = acme.only(Review)
    assert (told.state, told.submitted_at, told.dismissed_at) == ("approved", given_at, acme.at)


def test_a_dismissal_that_nobody_tells_of_is_unknown(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.open(web)
    story.review(acme.world, pull, acme.reviewer, acme.next(), "DISMISSED")
    acme.sync()
    assert (acme.only(Review).state, acme.only(Review).dismissed_at) == ("unknown", None)


def test_a_review_is_of_the_commit_it_was_given_for(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.open(web)
    first = pull.head_sha
    story.approve(acme.world, pull, acme.reviewer, acme.next())
    story.push_to(acme.world, pull, acme.dev, acme.next())
    story.squash_merge(acme.world, pull, acme.dev, acme.next())
    acme.sync()
    assert acme.only(Review).sha == first
    assert _change(acme).head_sha == pull.head_sha != first


def test_a_review_of_a_commit_that_is_gone_tells_no_commit(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.open(web)
    story.approve(acme.world, pull, acme.reviewer, acme.next(), sha="f" * 40)
    acme.sync()
    assert acme.only(Review).sha is None


def test_a_review_that_is_not_given_yet_is_none(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.open(web)
    pending = story.review(acme.world, pull, acme.dev, acme.next(), "PENDING")
    pending.submitted_at = None
    acme.sync()
    assert acme.rows(Review) == []


def test_the_first_review_is_the_first_by_another_person(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.open(web)
    story.comment(acme.world, pull, acme.dev, acme.next())
    story.comment(acme.world, pull, acme.bot, acme.next())
    story.comment(acme.world, pull, acme.reviewer, acme.next())
    reviewed_at = acme.at
    story.approve(acme.world, pull, acme.reviewer, acme.next())
    story.squash_merge(acme.world, pull, acme.dev, acme.next())
    acme.sync()
    assert _change(acme).reviewed_at == reviewed_at


def test_who_merges_his_own_is_told_as_author_and_as_merger(acme: Organisation) -> None:
    web = acme.add_repository()
    story.squash_merge(acme.world, acme.open(web), acme.dev, acme.next())
    acme.sync()
    assert (_change(acme).author, _change(acme).merged_by) == ("dev-1", "dev-1")
    assert _change(acme).reviewed_at is None


def test_an_approval_before_a_force_push_is_of_the_commit_that_was_replaced(
    acme: Organisation,
) -> None:
    web = acme.add_repository()
    pull = acme.open(web)
    story.approve(acme.world, pull, acme.reviewer, acme.next())
    approved = pull.head_sha
    story.force_push(acme.world, pull, acme.dev, acme.next())
    forced_at = acme.at
    story.squash_merge(acme.world, pull, acme.dev, acme.next())
    acme.sync()
    change, review = _change(acme), acme.only(Review)
    assert change.rewritten_at == forced_at
    assert review.submitted_at is not None
    assert review.submitted_at < forced_at
    assert (review.sha, change.head_sha) == (approved, pull.head_sha)
    assert [c.sha for c in acme.rows(ChangeCommit)] == pull.commits


def test_a_draft_is_ready_when_it_last_stopped_being_one(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.open(web, is_draft=True)
    for _ in range(2):
        story.mark_ready(acme.world, pull, acme.dev, acme.next())
        story.convert_to_draft(acme.world, pull, acme.dev, acme.next())
    story.mark_ready(acme.world, pull, acme.dev, acme.next())
    ready_at = acme.at
    story.squash_merge(acme.world, pull, acme.dev, acme.next())
    plain = acme.land(web, "Never a draft")
    acme.sync()
    by_number = {c.number: c for c in acme.rows(Change)}
    assert by_number[str(pull.number)].ready_at == ready_at
    assert by_number[str(plain.number)].ready_at == plain.created_at


# --- who it was ---------------------------------------------------------------------------------


def test_a_bot_is_one_by_its_kind_of_account_and_not_by_its_name(acme: Organisation) -> None:
    web = acme.add_repository()
    person = acme.world.account("robot-builder-bot")
    machine = acme.world.bot("release-train")
    acme.land(web, "By a person", author=person)
    acme.land(web, "By a machine", author=machine)
    acme.sync()
    is_bot = {c.author: c.is_bot for c in acme.rows(Change) if c.number}
    assert is_bot == {"robot-builder-bot": False, "release-train": True}


def test_deleted_accounts_are_nobody_everywhere_and_nothing_is_lost(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.open(web)
    review = story.approve(acme.world, pull, acme.reviewer, acme.next())
    story.dismiss(acme.world, pull, review, acme.reviewer, acme.next())
    story.set_status(
        acme.world, web, pull.head_sha, "ci/build", "success", acme.next(), acme.reviewer
    )
    story.merge(acme.world, pull, acme.reviewer, acme.next())
    acme.deploy(web, "success")
    for account in (acme.dev, acme.reviewer, acme.bot):
        story.delete_account(account)
    acme.sync()
    change = _change(acme)
    assert (change.author, change.is_bot, change.merged_by) == (None, None, None)
    assert change.reviewed_at is not None
    assert (acme.only(Review).author, acme.only(Review).state) == (None, "approved")
    (commit,) = acme.rows(ChangeCommit)
    assert (commit.authors, commit.author_count) == ((), 1)
    assert acme.gaps() == []


def test_co_authors_are_counted_also_those_without_an_account(acme: Organisation) -> None:
    web = acme.add_repository()
    acme.open(web, co_authors=(acme.reviewer, None, acme.bot))
    acme.sync()
    (commit,) = acme.rows(ChangeCommit)
    assert (commit.authors, commit.author_count) == (("dev-1", "reviewer-2"), 4)


# --- checks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ("success", "success"),
        ("failure", "failure"),
        ("timed_out", "failure"),
        ("startup_failure", "failure"),
        ("action_required", "failure"),
        ("cancelled", "cancelled"),
        ("skipped", "skipped"),
        ("neutral", "neutral"),
        ("stale", "neutral"),
        (None, "running"),
    ],
)
def test_a_check_ends_as_it_was_told(acme: Organisation, said: str | None, result: str) -> None:
    web = acme.add_repository()
    pull = acme.open(web)
    story.check(acme.world, web, pull.head_sha, "build", said, acme.next(), acme.next())
    acme.sync()
    run = acme.only(CheckRun)
    assert (run.name, run.reporter, run.result) == ("build", "github-actions", result)
    assert run.started_at == acme.at - timedelta(minutes=10)
    assert run.completed_at == (None if result == "running" else acme.at)


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ("success", "success"),
        ("failure", "failure"),
        ("error", "failure"),
        ("pending", "running"),
        ("expected", "running"),
    ],
)
def test_a_status_counts_as_a_check(acme: Organisation, said: str, result: str) -> None:
    web = acme.add_repository()
    pull = acme.open(web)
    story.set_status(acme.world, web, pull.head_sha, "ci/build", said, acme.next())
    acme.sync()
    run = acme.only(CheckRun)
    assert (run.name, run.reporter, run.result) == ("ci/build", None, result)
    assert run.completed_at == (None if result == "running" else acme.at)


def test_a_kind_of_end_that_is_new_is_a_gap_and_the_change_stands(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.land(web)
    story.check(acme.world, web, pull.head_sha, "build", "exploded", acme.next())
    acme.sync()
    assert acme.rows(CheckRun) == []
    assert _change(acme).number == str(pull.number)
    (gap,) = acme.gaps()
    assert (gap.reason, "EXPLODED" in gap.what) == (GapReason.UNREADABLE, True)


def test_checks_that_two_pull_requests_share_are_there_once(acme: Organisation) -> None:
    web = acme.add_repository()
    first, second = acme.open(web), acme.open(web)
    second.head_sha, second.commits = first.head_sha, list(first.commits)
    story.check(acme.world, web, first.head_sha, "build", "success", acme.next())
    assert acme.sync().errors == []
    assert len(acme.rows(CheckRun)) == 1
    assert len(acme.rows(ChangeCommit)) == 2


# --- checks that end later ------------------------------------------------------------------------


def _land_with(acme: Organisation, web: Repository, *checks: str) -> list[Check]:
    """Lands a pull request while checks of it still run."""
    pull = acme.land(web)
    at = acme.next()
    return [story.check(acme.world, web, pull.head_sha, name, None, at) for name in checks]


def _end(acme: Organisation, check: Check, said: str = "success") -> None:
    """Ends a check; that changes nothing of its pull request."""
    check.status, check.conclusion, check.completed_at = "completed", said, acme.next()


def _results(acme: Organisation) -> dict[str, str]:
    return {run.name: run.result for run in acme.rows(CheckRun)}


def _asked(acme: Organisation) -> list[str]:
    return [line for line in map(told, acme.double.counted) if " Checks " in line]


@pytest.fixture
def web(acme: Organisation) -> Repository:
    """A repository of these days: what was merged long ago is given up."""
    acme.at = acme.time.at - timedelta(days=1)
    return acme.add_repository()


def test_a_check_that_ends_after_its_pull_request_was_read_is_asked_for_again(
    acme: Organisation, web: Repository
) -> None:
    (build,) = _land_with(acme, web, "build")
    acme.sync()
    assert _results(acme) == {"build": "running"}
    _end(acme, build, "failure")
    assert acme.sync().errors == []
    assert acme.only(CheckRun).result == "failure"
    assert acme.only(CheckRun).completed_at == acme.at
    assert acme.house.records() == acme.synced().records()


def test_one_question_asks_for_all_that_ran_and_none_is_asked_when_nothing_does(
    acme: Organisation, web: Repository
) -> None:
    checks = [check for n in range(5) for check in _land_with(acme, web, f"check-{n}")]
    acme.sync()
    assert _asked(acme) == []
    assert acme.sync().pages == 0
    assert len(_asked(acme)) == 1
    for check in checks:
        _end(acme, check)
    assert acme.sync().pages == 1
    assert set(_results(acme).values()) == {"success"}
    assert acme.sync().pages == 0
    assert _asked(acme) == []


def test_each_end_is_told_though_another_check_still_runs(
    acme: Organisation, web: Repository
) -> None:
    build, _ = _land_with(acme, web, "build", "scan")
    acme.sync()
    _end(acme, build)
    acme.sync()
    assert _results(acme) == {"build": "success", "scan": "running"}
    assert acme.sync().pages == 0
    assert len(_asked(acme)) == 1


def test_a_status_that_is_set_later_counts_too(acme: Organisation, web: Repository) -> None:
    pull = acme.land(web)
    story.set_status(acme.world, web, pull.head_sha, "ci/build", "pending", acme.next())
    acme.sync()
    story.set_status(acme.world, web, pull.head_sha, "ci/build", "success", acme.next())
    acme.sync()
    assert _results(acme) == {"ci/build": "success"}


def test_checks_beyond_a_page_are_waited_for_too(acme: Organisation, web: Repository) -> None:
    checks = _land_with(acme, web, *(f"check-{n:03}" for n in range(120)))
    for check in checks[:-1]:
        _end(acme, check)
    acme.sync()
    _end(acme, checks[-1])
    acme.sync()
    assert set(_results(acme).values()) == {"success"}


def test_what_is_not_merged_or_was_merged_long_ago_is_not_asked_for(acme: Organisation) -> None:
    old = acme.add_repository()
    acme.at = acme.time.at - timedelta(days=16)
    _land_with(acme, old, "never")
    acme.at = acme.time.at - timedelta(days=1)
    story.check(acme.world, old, acme.open(old).head_sha, "build", None, acme.next())
    acme.sync()
    acme.sync()
    assert _asked(acme) == []
    assert set(_results(acme).values()) == {"running"}


def test_a_check_that_never_ends_is_given_up_when_github_has_done_so(
    acme: Organisation, web: Repository
) -> None:
    (build,) = _land_with(acme, web, "build")
    acme.sync()
    acme.time.sleep(timedelta(days=16).total_seconds())
    build.status, build.conclusion = "completed", "stale"
    acme.sync()
    assert _results(acme) == {"build": "neutral"}
    _land_with(acme, web, "other")
    acme.sync()
    acme.time.sleep(timedelta(days=16).total_seconds())
    acme.sync()
    acme.sync()
    assert _asked(acme) == []


def test_no_more_are_remembered_than_fit_a_small_place_and_these_are_the_newest(
    acme: Organisation, web: Repository
) -> None:
    checks = [check for n in range(60) for check in _land_with(acme, web, f"check-{n:02}")]
    acme.sync()
    for check in checks:
        _end(acme, check)
    acme.sync()
    left = sorted(name for name, result in _results(acme).items() if result == "running")
    assert left == [f"check-{n:02}" for n in range(10)]


def test_a_right_that_is_taken_away_ends_no_check(acme: Organisation, web: Repository) -> None:
    (build,) = _land_with(acme, web, "build")
    acme.sync()
    rights = ("metadata:read", "pull_requests:read", "contents:read", "deployments:read")
    acme.double.add_token(TOKEN, "dev-1", rights)
    acme.sync()
    assert _results(acme) == {"build": "running"}
    acme.double.add_token(TOKEN, "dev-1")
    _end(acme, build)
    acme.sync()
    assert _results(acme) == {"build": "success"}


def test_a_repository_that_is_renamed_while_checks_run_is_read_whole(
    acme: Organisation, web: Repository
) -> None:
    (build,) = _land_with(acme, web, "build")
    acme.sync()
    story.rename(web, "site", acme.next())
    _end(acme, build)
    acme.sync()
    assert acme.only(CheckRun).repository == "acme/site"
    assert _results(acme) == {"build": "success"}
    assert acme.sync().pages == 0


# --- large ones ---------------------------------------------------------------------------------


def test_one_with_more_than_fits_on_a_page_is_read_whole(acme: Organisation) -> None:
    web = acme.add_repository()
    paths = [f"src/{number}.py" for number in range(250)]
    pull = acme.open(web, files=paths)
    for number in range(129):
        story.push_to(acme.world, pull, acme.dev, acme.next(1), f"Step {number}")
    for _ in range(130):
        story.comment(acme.world, pull, acme.reviewer, acme.next(1))
    first = story.approve(acme.world, pull, acme.reviewer, acme.next())
    story.dismiss(acme.world, pull, first, acme.dev, acme.next())
    for _ in range(60):
        story.convert_to_draft(acme.world, pull, acme.dev, acme.next(1))
        story.mark_ready(acme.world, pull, acme.dev, acme.next(1))
    for number in range(120):
        story.check(acme.world, web, pull.head_sha, f"check-{number}", "success", acme.next(1))
    story.squash_merge(acme.world, pull, acme.dev, acme.next())
    assert acme.sync().errors == []
    assert len(acme.rows(ChangeCommit)) == 130
    assert [c.ordinal for c in acme.rows(ChangeCommit)].count(130) == 1
    assert len(acme.rows(Review)) == 131
    assert len([r for r in acme.rows(Review) if r.dismissed_at]) == 1
    assert len(acme.rows(CheckRun)) == 120
    change = _change(acme)
    assert change.path_count == 250
    assert change.paths == tuple(paths[:100])
    assert acme.gaps() == []
    assert len(acme.double.asked.like("ChangeRest")) == 2


def test_paths_beyond_the_first_page_tell_services_too(acme: Organisation) -> None:
    acme.settings["services"] = {"acme/web": {"front": "apps/front", "back": "apps/back"}}
    web = acme.add_repository()
    acme.land(web, files=[f"docs/{n}.md" for n in range(120)] + ["apps/back/main.py"])
    acme.sync()
    assert _change(acme).services == ("back",)


# --- parts that GitHub does not tell ------------------------------------------------------------


def test_a_right_that_is_missing_for_a_part_is_a_gap_and_the_rest_stands(
    acme: Organisation,
) -> None:
    acme.double.add_token(
        "ghp_0123456789abcdefABCDEF",
        "dev-1",
        ("metadata:read", "pull_requests:read", "contents:read", "deployments:read"),
    )
    web = acme.add_repository()
    pull = acme.land(web)
    story.check(acme.world, web, pull.head_sha, "build", "success", acme.next())
    assert acme.sync().errors == []
    assert _change(acme).number == str(pull.number)
    assert acme.rows(CheckRun) == []
    (gap,) = acme.gaps()
    assert gap.reason == GapReason.NO_PERMISSION
    assert "statusCheckRollup" in gap.what
    assert "Checks: read" in gap.fix


def test_a_pull_request_that_github_tells_as_null_is_a_gap(acme: Organisation) -> None:
    web = acme.add_repository()
    lost, kept = acme.land(web), acme.land(web)
    acme.double.damage(" Changes ", lambda answer: _with_null(answer, lost.number))
    assert acme.sync().errors == []
    assert _change(acme).number == str(kept.number)
    (gap,) = acme.gaps()
    assert "null" in gap.what


def _spoilt(field: str) -> Callable[[Any], Any]:
    """Takes a field away from the check `build`, wherever checks are told by themselves."""

    def spoil(answer: Any) -> Any:
        for node in answer["data"]["nodes"]:
            rollup = node["lastCommit"]["nodes"][0]["commit"]["statusCheckRollup"]
            for context in rollup["contexts"]["nodes"]:
                if context["name"] == "build":
                    del context[field]
        return answer

    return spoil


@pytest.mark.parametrize("field", ["conclusion", "__typename", "databaseId"])
def test_a_strange_check_keeps_no_other_from_ending(
    acme: Organisation, web: Repository, field: str
) -> None:
    (build,), (other,) = _land_with(acme, web, "build"), _land_with(acme, web, "other")
    acme.sync()
    acme.double.damage(" Checks ", _spoilt(field))
    _end(acme, other)
    assert acme.sync().errors == []
    assert _results(acme) == {"build": "running", "other": "success"}
    assert [gap.reason for gap in acme.gaps()] == [GapReason.UNREADABLE]
    acme.double.allow()
    _end(acme, build)
    acme.sync()
    assert _results(acme) == {"build": "success", "other": "success"}
    assert acme.gaps() == []


def test_a_pull_request_that_is_there_no_more_is_asked_for_no_more_and_no_gap(
    acme: Organisation, web: Repository
) -> None:
    _land_with(acme, web, "build")
    acme.sync()
    lost = {"type": "NOT_FOUND", "path": ["nodes", 0], "message": "Could not resolve to a node"}
    acme.double.damage(
        " Checks ",
        lambda told: {"data": {**told["data"], "nodes": [None]}, "errors": [lost]},
    )
    assert acme.sync().errors == []
    assert acme.gaps() == []
    assert acme.sync().pages == 0


def test_a_part_that_could_not_be_read_is_no_gap_once_it_is(acme: Organisation) -> None:
    web = acme.add_repository()
    pull = acme.land(web)
    acme.double.damage(" Changes ", _without_reviewers)
    acme.sync()
    assert {gap.reason for gap in acme.gaps()} == {GapReason.UNREADABLE}
    acme.double.allow()
    pull.updated_at = acme.next()
    acme.sync()
    assert acme.gaps() == []
    assert acme.rows(Review) != []


def _without_reviewers(answer: dict[str, object]) -> dict[str, object]:
    """Reviews that lack the time at which they were given."""
    listed = answer["data"]["repository"]["pullRequests"]  # type: ignore[index]
    for node in listed["nodes"]:
        for review in node["reviews"]["nodes"]:
            review["submittedAt"] = 7
    return answer


def _with_null(answer: dict[str, object], number: int) -> dict[str, object]:
    listed = answer["data"]["repository"]["pullRequests"]  # type: ignore[index]
    listed["nodes"] = [n if n["number"] != number else None for n in listed["nodes"]]
    return answer


def _change(acme: Organisation) -> Change:
    """The one change that has a number."""
    (change,) = [row for row in acme.rows(Change) if row.number]
    return change


def _commit(acme: Organisation, sha: str) -> Commit:
    (commit,) = [row for row in acme.rows(Commit) if row.sha == sha]
    return commit

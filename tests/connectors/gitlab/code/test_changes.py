"""Merge requests that change after they were read, and those that do not fit on a page."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from connectors.interface import Json
from data.model import Change, ChangeCommit, CheckRun, Commit, Gap, GapReason, Review
from tests.connectors.gitlab.one_project import SITE, OneProject
from tests.doubles.damage import nulled
from tests.doubles.gitlab import story
from tests.doubles.gitlab.world import MergeRequest


def landed(shop: OneProject, title: str = "Change", **told: Json) -> MergeRequest:
    if not shop.project.branches:
        story.push(shop.world, shop.project, shop.dev, shop.at())
    change = story.open_merge_request(shop.world, shop.project, shop.dev, shop.at(), title, **told)
    story.merge(shop.world, change, shop.reviewer, shop.at())
    return change


def test_only_what_changed_is_asked_for_again(shop: OneProject) -> None:
    changes = [landed(shop, f"Change {number}") for number in range(5)]
    shop.sync()
    story.comment(shop.world, changes[1], shop.reviewer, shop.at())
    shop.sync()
    (asked,) = shop.asked(" Changes ")
    assert set(asked.json["variables"]["iids"]) == {"2", "5"}
    assert [row.change for row in shop.rows_of(Review)] == ["2"]
    assert shop.reads_anew_alike()


def test_an_open_merge_request_is_no_change_until_it_lands(shop: OneProject) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())
    change = story.open_merge_request(shop.world, shop.project, shop.dev, shop.at())
    story.approve(shop.world, change, shop.reviewer, shop.at())
    shop.sync()
    assert shop.rows_of(Change) == []
    assert len(shop.rows_of(Review)) == 1
    story.merge(shop.world, change, shop.reviewer, shop.at())
    shop.sync()
    assert shop.change(change).merged_at == change.merged_at


def test_a_pipeline_that_ends_after_the_merge_is_told_though_nothing_else_changed(
    shop: OneProject,
) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())
    change = story.open_merge_request(shop.world, shop.project, shop.dev, shop.at())
    run = story.run_for(shop.world, change, shop.at(), status="running")
    story.merge(shop.world, change, shop.reviewer, shop.at())
    shop.sync()
    (check,) = shop.rows_of(CheckRun)
    assert (check.result, check.completed_at) == ("running", None)
    assert shop.sync().pages == 0
    run.status = run.jobs[0].status = "failed"
    run.finished_at = run.updated_at = run.jobs[0].finished_at = shop.at()
    shop.sync()
    (check,) = shop.rows_of(CheckRun)
    assert (check.result, check.completed_at) == ("failure", run.finished_at)
    shop.sync()
    assert not shop.asked(" Changes ")
    assert shop.reads_anew_alike()


def test_what_may_fail_and_failed_is_neither_good_nor_bad(shop: OneProject) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())
    change = story.open_merge_request(shop.world, shop.project, shop.dev, shop.at())
    run = story.run_for(shop.world, change, shop.at(), jobs=("lint", "test"), status="failed")
    run.jobs[1].is_allowed_to_fail = True
    story.add_job(shop.world, run, "by hand", "manual")
    shop.sync()
    results = {row.name: row.result for row in shop.rows_of(CheckRun)}
    assert results == {"lint": "success", "test": "neutral", "by hand": "skipped"}


def test_checks_of_a_merge_train_are_of_the_head_that_was_merged(shop: OneProject) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())
    change = story.open_merge_request(shop.world, shop.project, shop.dev, shop.at())
    train = story.run_for(shop.world, change, shop.at())
    train.event_type = "MERGE_TRAIN"
    shop.double.damage(" Changes ", partial(_with_sha, "f" * 40))
    shop.sync()
    (check,) = shop.rows_of(CheckRun)
    assert check.sha == change.head_sha


def _with_sha(sha: str, answer: Json) -> Json:
    for node in answer["data"]["project"]["mergeRequests"]["nodes"]:
        node["headPipeline"]["sha"] = sha
    return answer


def test_lists_that_do_not_fit_on_a_page_are_read_to_their_end(shop: OneProject) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())
    change = story.open_merge_request(shop.world, shop.project, shop.dev, shop.at())
    for number in range(130):
        story.push_to(shop.world, change, shop.dev, shop.at(1), f"Step {number}")
    story.approve(shop.world, change, shop.reviewer, shop.at())
    story.run_for(shop.world, change, shop.at(), jobs=[f"job-{number}" for number in range(70)])
    shop.sync()
    commits = {row.sha: row.ordinal for row in shop.rows_of(ChangeCommit)}
    assert commits == {sha: place for place, sha in enumerate(change.commits, start=1)}
    (review,) = shop.rows_of(Review)
    assert review.sha == change.head_sha
    assert len(shop.rows_of(CheckRun)) == 70
    assert len(shop.asked(" ChangeRest ")) == 1


def test_a_change_into_another_branch_names_it(shop: OneProject) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())
    shop.project.branches["release/1"] = shop.project.branches["main"]
    change = landed(shop, target="release/1")
    shop.sync()
    assert shop.change(change).target_branch == "release/1"


def test_what_a_change_undoes_closes_and_mends_is_told(shop: OneProject) -> None:
    first = landed(shop, "Break it")
    story.open_issue(shop.world, shop.project, shop.dev, shop.at())
    body = f"This reverts merge request !{first.iid}"
    revert = landed(shop, 'Revert "Break it"', description=body, branch="hotfix/back", closes=[1])
    shop.sync()
    row = shop.change(revert)
    assert (row.reverts, row.is_hotfix) == (str(first.iid), True)
    assert row.tickets == (f"{SITE}/acme/shop/web/-/issues/1",)
    assert shop.change(first).tickets == ()


def test_one_that_cannot_be_read_is_a_gap_and_the_others_stand(shop: OneProject) -> None:
    changes = [landed(shop, f"Change {number}") for number in range(3)]
    shop.double.damage(r"/merge_requests\?", _without_first_title)
    shop.sync()
    assert {row.number for row in shop.rows_of(Change)} == {"1", "2"}
    (gap,) = shop.rows_of(Gap)
    assert gap.reason == GapReason.UNREADABLE
    assert f"merge_request/{changes[2].iid}/change" in gap.what


def _without_first_title(answer: Json) -> Json:
    if answer:
        answer[0].pop("title")
    return answer


def test_parts_that_are_hidden_from_the_token_are_unknown_not_zero(shop: OneProject) -> None:
    change = landed(shop)
    shop.double.damage(" Changes ", nulled("diffStats"))
    shop.sync()
    row = shop.change(change)
    assert row.paths is None
    assert row.services == ("acme/shop/web",)


def test_history_that_a_limit_leaves_unread_is_a_gap_and_goes_on_later(shop: OneProject) -> None:
    for number in range(12):
        landed(shop, f"Change {number}")
    shop.small_pages(4)
    shop.double.limits = {"throttle_authenticated_api": (25, 3600)}
    shop.sync()
    unread = [gap for gap in shop.house.gaps() if gap.id.endswith("/unread")]
    assert unread
    assert all(gap.reason == GapReason.TRUNCATED and gap.until_at for gap in unread)
    for _ in range(5):
        shop.time.at += timedelta(hours=1, minutes=1)
        shop.sync()
    assert [gap for gap in shop.house.gaps() if gap.id.endswith("/unread")] == []
    assert len(shop.rows_of(Change)) == 12
    assert {row.sha for row in shop.rows_of(Commit)} == set(shop.project.commits)

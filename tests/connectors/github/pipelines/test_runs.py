"""Workflow runs of a repository, read over the double of GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.github.pipelines.runs import Runs
from data.model import Gap, GapReason, PipelineRun
from tests.connectors.github.one_stream import A_DAY, TOKEN, OneStream, small_pages
from tests.connectors.house import Kill, Killed
from tests.doubles.github import story
from tests.doubles.github.world import Run


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneStream]:
    made = OneStream(tmp_path, Runs)
    story.push(made.world, made.repository, made.dev, made.time.at - 400 * A_DAY, "Begin")
    yield made
    made.close()


def ran(
    source: OneStream, ago: timedelta, conclusion: str | None = "success", minutes: int = 5
) -> Run:
    """A run so long ago; without a conclusion it still goes on."""
    at = source.time.at - ago
    made = story.run(source.world, source.repository, source.dev, at)
    if conclusion:
        story.finish(made, at + timedelta(minutes=minutes), conclusion)
    return made


def many(source: OneStream, count: int, first_ago: timedelta, every: timedelta) -> list[Run]:
    return [ran(source, first_ago - number * every) for number in range(count)]


def ids(source: OneStream) -> set[str]:
    return {row.id for row in source.rows(PipelineRun)}


def expected(runs: list[Run]) -> set[str]:
    return {
        f"github:acme/web#run/{run.id}/{attempt.number}" for run in runs for attempt in run.attempts
    }


def test_a_repository_without_runs_is_read_and_asked_for_free_the_next_time(
    source: OneStream,
) -> None:
    assert not source.sync().errors
    assert source.stream in source.house.cursors
    assert source.sync().pages == 0
    assert not source.asked("/actions/")


def test_a_run_tells_what_it_was(source: OneStream) -> None:
    run = ran(source, A_DAY, "failure")
    source.sync()
    (row,) = source.rows(PipelineRun)
    assert row.id == f"github:acme/web#run/{run.id}/1"
    assert (row.pipeline, row.event, row.branch, row.sha) == ("CI", "push", "main", run.sha)
    assert (row.result, row.triggered_by, row.parent) == ("failure", "dev-1", None)
    assert row.created_at == row.started_at == source.time.at - A_DAY
    assert row.finished_at == source.time.at - A_DAY + timedelta(minutes=5)


def test_each_attempt_is_a_row_with_its_own_times(source: OneStream) -> None:
    run = ran(source, A_DAY, "failure")
    begun = source.time.at - timedelta(hours=2)
    story.rerun(source.world, run, source.world.account("dev-2"), begun)
    story.finish(run, begun + timedelta(minutes=7))
    source.sync()
    first, second = source.rows(PipelineRun)
    assert (first.attempt, first.result, first.triggered_by) == (1, "failure", "dev-1")
    assert (second.attempt, second.result, second.triggered_by) == (2, "success", "dev-2")
    assert first.run == second.run
    assert first.created_at == second.created_at
    assert first.finished_at == source.time.at - A_DAY + timedelta(minutes=5)
    assert (second.started_at, second.finished_at) == (begun, begun + timedelta(minutes=7))


def test_a_rerun_of_a_run_on_the_newest_page_is_seen_at_once(source: OneStream) -> None:
    run = ran(source, A_DAY, "failure")
    source.sync()
    story.rerun(source.world, run, source.dev, source.time.at)
    source.sync()
    assert [row.result for row in source.rows(PipelineRun)] == ["failure", "running"]
    source.time.sleep(60)
    story.finish(run, source.time.at)
    source.sync()
    assert [row.result for row in source.rows(PipelineRun)] == ["failure", "success"]


def test_a_rerun_of_an_older_run_is_seen_a_day_later_and_not_before(source: OneStream) -> None:
    with small_pages(Runs, 5):
        runs = many(source, 20, 20 * A_DAY, A_DAY)
        source.sync()
        story.rerun(source.world, runs[2], source.dev, source.time.at)
        story.finish(runs[2], source.time.at + timedelta(minutes=5))
        source.time.sleep(3600 * 23)
        assert source.sync().pages == 0
        assert not source.asked("/actions/")
        source.time.sleep(3600)
        source.sync()
        assert ids(source) == expected(runs)
        assert len(source.asked("/attempts/")) == 1, "what did not change is asked for again"
        source.time.sleep(3600 * 24)
        assert source.sync().pages == 0
        assert not source.asked("/actions/"), "looking again without news is free"
        assert source.reads_anew_alike()


def test_a_look_back_over_thirty_days_leaves_out_what_is_older(source: OneStream) -> None:
    with small_pages(Runs, 5):
        runs = many(source, 20, 200 * A_DAY, 10 * A_DAY)
        source.sync()
        source.time.sleep(3600 * 24 * 35)
        assert source.sync().pages == 0
        assert not source.asked("/actions/")
    assert ids(source) == expected(runs)


def test_an_unfinished_run_is_asked_for_until_it_ends_and_free_while_it_does_not(
    source: OneStream,
) -> None:
    with small_pages(Runs, 5):
        waiting = ran(source, 9 * A_DAY, conclusion=None)
        many(source, 8, 8 * A_DAY, timedelta(hours=1))
        source.sync()
        source.sync()
        assert source.sync().pages == 0
        assert not source.asked("/actions/")
        story.finish(waiting, source.time.at, "cancelled")
        source.sync()
        row = next(row for row in source.rows(PipelineRun) if row.run == str(waiting.id))
        assert (row.result, row.finished_at) == ("cancelled", source.time.at)
        assert source.sync().pages == 0
        assert not source.double.asked.like("created="), "it has ended"


def test_more_than_a_page_of_new_runs_is_read_down_to_what_is_known(source: OneStream) -> None:
    with small_pages(Runs, 5):
        old = many(source, 12, 90 * A_DAY, A_DAY)
        source.sync()
        new = many(source, 23, 50 * A_DAY, A_DAY)
        source.sync()
        assert ids(source) == expected([*old, *new])
        assert source.reads_anew_alike()


def test_2500_runs_of_one_day_are_all_read_though_a_list_shows_1000(source: OneStream) -> None:
    runs = many(source, 2500, 3 * A_DAY, timedelta(seconds=30))
    runs += many(source, 150, 300 * A_DAY, A_DAY)
    source.sync()
    assert ids(source) == expected(runs)
    assert not source.house.gaps()
    assert len(source.asked("/actions/")) < 2650 / 100 + 15


def test_of_more_than_1000_runs_of_one_second_the_rest_is_a_gap(source: OneStream) -> None:
    many(source, 1007, 3 * A_DAY, timedelta())
    runs = many(source, 110, 2 * A_DAY, timedelta(minutes=5))
    source.sync()
    (gap,) = source.house.gaps()
    assert (gap.reason, gap.count) == (GapReason.TRUNCATED, 7)
    assert expected(runs) <= ids(source)
    assert len(ids(source)) == 1000 + len(runs)


@pytest.mark.parametrize("is_committed", [True, False])
@pytest.mark.parametrize("page", [1, 3, 8])
def test_a_kill_in_the_middle_of_a_window_is_resumed(
    source: OneStream, page: int, is_committed: bool
) -> None:
    with small_pages(Runs, 5):
        runs = many(source, 37, 90 * A_DAY, A_DAY)
        story.rerun(source.world, runs[30], source.dev, source.time.at - 50 * A_DAY)
        with pytest.raises(Killed):
            source.sync(Kill(page, is_committed=is_committed))
        runs += many(source, 12, 40 * A_DAY, A_DAY)
        source.sync()
        assert ids(source) == expected(runs)
        assert source.sync().pages == 0
        assert source.reads_anew_alike()


def test_only_the_end_of_the_first_reading_deletes_and_later_ones_add(source: OneStream) -> None:
    with small_pages(Runs, 5):
        runs = many(source, 12, 90 * A_DAY, A_DAY)
        with pytest.raises(Killed):
            source.sync(Kill(2, is_committed=True))
        gone = runs.pop(-1)
        source.repository.runs.remove(gone)
        source.sync()
        assert f"github:acme/web#run/{gone.id}/1" in ids(source), "it was told in this reading"
        source.repository.runs.remove(runs[0])
        runs += many(source, 2, A_DAY, timedelta(hours=1))
        source.sync()
    assert expected(runs) <= ids(source)


@pytest.mark.parametrize("page", [1, 4, 7])
def test_a_run_that_is_deleted_while_its_list_is_paged_hides_no_other(
    source: OneStream, page: int
) -> None:
    with small_pages(Runs, 5):
        runs = many(source, 37, 90 * A_DAY, A_DAY)

        def delete(pages: int) -> None:
            if pages == page:
                source.repository.runs.remove(runs[-7])

        source.sync(between=delete)
        del runs[-7]
        assert expected(runs) <= ids(source)


def test_how_far_back_runs_are_known_is_told_while_the_first_reading_goes_on(
    source: OneStream,
) -> None:
    with small_pages(Runs, 5):
        many(source, 12, 90 * A_DAY, A_DAY)
        stream = next(s for s in source.connector().discover() if s.name == source.stream)
        connector = source.connector()
        connector.discover()
        batches = list(connector.pull(stream, None))
    told = [batch.complete_from for batch in batches]
    assert told[0] == source.time.at - 83 * A_DAY
    assert told[-1] is None
    assert told[:-1] == sorted(told[:-1], reverse=True)
    assert [batch.is_first for batch in batches] == [True] + [False] * (len(batches) - 1)
    assert [batch.is_last for batch in batches] == [False] * (len(batches) - 1) + [True]


def test_runs_are_left_for_the_next_sync_when_the_limit_is_used_up(source: OneStream) -> None:
    with small_pages(Runs, 5):
        runs = many(source, 23, 90 * A_DAY, A_DAY)
        source.sync()
        assert ids(source) == expected(runs)
        fresh = source.new_house()
        source.double.spend(TOKEN, "core", remaining=503)
        result = source.sync(house=fresh)
        (gap,) = fresh.standing(source.stream)
        assert not result.errors
        assert gap.reason == GapReason.TRUNCATED
        source.time.sleep(3600)
        source.sync(house=fresh)
    assert fresh.of_stream(source.stream) == source.house.of_stream(source.stream)
    assert not fresh.gaps()


def test_a_list_that_ignores_the_times_asked_for_is_a_gap_and_read_whole(
    source: OneStream,
) -> None:
    with small_pages(Runs, 5):
        source.double.ignored_filters.add("created")
        runs = many(source, 23, 90 * A_DAY, A_DAY)
        source.sync()
        assert [gap.reason for gap in source.house.standing(source.stream)] == ["filter_ignored"]
        runs += many(source, 12, 60 * A_DAY, A_DAY)
        source.sync()
    assert ids(source) == expected(runs)


def test_a_deleted_account_is_nobody(source: OneStream) -> None:
    ran(source, A_DAY)
    source.repository.runs[0].latest.actor = None
    source.sync()
    assert [row.triggered_by for row in source.rows(PipelineRun)] == [None]


def test_a_renamed_repository_is_read_again_under_its_new_name(source: OneStream) -> None:
    run = ran(source, A_DAY)
    source.sync()
    story.rename(source.repository, "site", source.time.at)
    source.sync()
    assert [row.id for row in source.rows(PipelineRun)] == [f"github:acme/site#run/{run.id}/1"]


def test_an_attempt_that_is_gone_is_a_gap_and_the_others_stand(source: OneStream) -> None:
    run = ran(source, A_DAY)
    story.rerun(source.world, run, source.dev, source.time.at)
    source.double.refuse("/attempts/1", 404)
    source.sync()
    assert [row.attempt for row in source.rows(PipelineRun)] == [2]
    assert [gap.reason for gap in source.rows(Gap)] == ["missing_object"]


def test_no_mail_address_is_kept(source: OneStream) -> None:
    story.push(
        source.world,
        source.repository,
        source.dev,
        source.time.at,
        "Mend it\n\nCo-authored-by: dev-2 <dev-2@example.com>",
    )
    run = ran(source, A_DAY)
    story.rerun(source.world, run, source.dev, source.time.at)
    source.sync()
    assert source.double.asked.like("/attempts/1")
    assert "@example.com" not in source.house.everything()
    assert "Co-authored-by: dev-2" in source.house.everything()


def test_the_cursor_stays_small_however_many_runs_do_not_end(source: OneStream) -> None:
    for number in range(300):
        ran(source, 20 * A_DAY - number * timedelta(minutes=1), conclusion=None)
    source.sync()
    source.sync()
    assert len(str(source.house.cursors[source.stream])) < 10_000

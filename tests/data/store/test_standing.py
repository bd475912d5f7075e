"""What a stream as a whole lacks, and when that is closed."""

from __future__ import annotations

from datetime import timedelta

from data.store.standing import gaps_event, gaps_of
from data.store.working import Touched, Working
from tests.data.store.rows import NOON, complete, gap, names, page, rows, told, version


def test_a_gap_inside_a_page_goes_with_its_row_and_one_beside_it_stays(working: Working) -> None:
    working.merge_records(complete(1), [version(1), gap("inside")])
    assert told(working, [gap("beside")]) == Touched(inserted=1)
    working.merge_records(complete(2), [version(1)])
    assert names(working, "gap") == ["beside"]
    assert told(working, []) == Touched(deleted=1)


def test_the_same_standing_gap_is_not_touched_a_changed_one_is(working: Working) -> None:
    told(working, [gap("a"), gap("b")])
    later = NOON + timedelta(days=1)
    assert told(working, [gap("a"), gap("b", count=3)], at=later) == Touched(updated=1)
    assert [row["observed_at"] for row in rows(working, "gap")] == [NOON, later]


def test_a_reading_that_broke_off_closes_no_gap(working: Working) -> None:
    told(working, [gap("a"), gap("b")])
    assert told(working, [gap("c")], is_whole=False) == Touched(inserted=1)
    assert names(working, "gap") == ["a", "b", "c"]
    assert told(working, [gap("b")]) == Touched(deleted=2)


def test_two_gaps_of_one_id_are_one(working: Working) -> None:
    assert told(working, [gap("a"), gap("a", what="later")]) == Touched(inserted=1)
    assert names(working, "gap") == ["later"]


def test_standing_gaps_can_be_compared_with_what_a_connector_yields(working: Working) -> None:
    gaps = {gap("a"), gap("b", since_at=NOON, until_at=NOON, count=2, url="https://x")}
    told(working, list(gaps))
    working.merge_records(page(), [gap("inside")])
    assert working.standing_gaps("web") == {"tags": gaps}
    assert working.standing_gaps("other") == {}
    assert set(gaps_of(gaps_event("web", "tags", gaps, NOON, is_whole=True))) == gaps


def test_what_could_not_be_read_is_no_gap_any_more_once_it_is(working: Working) -> None:
    one, run = version(1).id, "git:web#run/7"
    working.merge_records(page(1), [gap("one", about=one), gap("run", about=run), gap("other")])
    assert working.merge_records(page(2), [version(1)]) == Touched(inserted=1, deleted=1)
    assert names(working, "gap") == ["other", "run"]
    attempt = version(2, id=f"{run}/1")
    assert working.merge_records(page(3), [attempt]) == Touched(inserted=1, deleted=1)
    assert names(working, "gap") == ["other"]


def test_a_gap_stays_while_pages_tell_it_and_others_are_read(working: Working) -> None:
    half = [version(1), gap("reviews", about=version(1).id)]
    working.merge_records(page(1), half)
    assert working.merge_records(page(2), half) == Touched()
    assert working.merge_records(page(3), [version(11)]) == Touched(inserted=1)
    working.merge_records(page(4, stream="other"), [version(2)])
    assert names(working, "gap") == ["reviews"]

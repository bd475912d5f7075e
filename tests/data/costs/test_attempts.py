"""An attempt of a pipeline that several sources tell counts once, and none is lost for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.costs.attempts import Attempt, told_again
from tests.data.costs.test_drivers import JANUARY, run, used


def attempts(*told: tuple[str, float], lasts: float | None = 600) -> list[Attempt]:
    """Attempts of one pipeline, each of a source, begun at a second."""
    found = [
        Attempt(f"{source}{number}", source, "load", "success", begun, lasts and begun + lasts)
        for number, (source, begun) in enumerate(told)
    ]
    return sorted(found, key=lambda one: one.started)


def counted(some: Sequence[Attempt]) -> int:
    return len(some) - len(list(told_again(some)))


@pytest.mark.parametrize(
    ("told", "count"),
    [
        ([("a", 0), ("a", 30), ("b", 2), ("b", 31)], 2),
        ([("a", 0), ("b", 1), ("b", 20), ("b", 40)], 3),
        ([("a", 0), ("b", 40), ("a", 80)], 2),
        ([("a", 0), ("b", 40), ("c", 80)], 2),
        ([("a", 0), ("b", 20), ("c", 40)], 1),
        ([("a", 20), ("a", 320), ("b", 0), ("b", 300)], 2),
        ([("a", 0), ("b", 61)], 2),
        ([("a", 0), ("a", 1), ("a", 2)], 3),
        # B does not know of the first of many that follow each other closely.
        ([*(("a", 50.0 * n) for n in range(9)), *(("b", 50.0 * n) for n in range(2, 9))], 9),
        # Where one ends and the other begins, two are near; those before and after are not.
        ([("a", 0), ("a", 50), ("a", 100), ("b", 150), ("b", 200), ("b", 250)], 5),
    ],
)
def test_attempts_of_sources_are_paired_one_to_one(
    told: list[tuple[str, float]], count: int
) -> None:
    assert counted(attempts(*told)) == count


def test_attempts_that_begin_together_and_end_apart_are_paired_by_their_ends() -> None:
    """Three begin within seconds, and the other source tells them in another order."""
    ends = ((0, 600), (1, 650), (2, 700)), ((0.5, 702), (1.5, 651), (2.5, 601))
    some = [
        Attempt(f"{source}{begun}", source, "load", "success", begun, ended)
        for source, told in zip("ab", ends, strict=True)
        for begun, ended in told
    ]
    assert counted(sorted(some, key=lambda one: one.started)) == 3


spans = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 120), st.sampled_from([500, 540, 580, 620])),
    max_size=9,
)


@given(spans)
def test_no_other_pairing_has_more_pairs(told: list[tuple[str, int, int]]) -> None:
    in_order = enumerate(sorted(told, key=lambda one: one[1]))
    some = [Attempt(f"{number}", source, "load", "success", begun, ended)
            for number, (source, begun, ended) in in_order]  # fmt: skip
    first = [one for one in some if one.source == "a"]
    second = [one for one in some if one.source == "b"]
    assert len(some) - counted(some) == most(first, second)


def most(first: Sequence[Attempt], second: Sequence[Attempt]) -> int:
    """How many pairs there can be, by trying all."""
    if not first:
        return 0
    one, *others = first
    near = [each for each in second if abs(each.started - one.started) <= 60
            and abs((each.finished or 0) - (one.finished or 0)) <= 60]  # fmt: skip
    left = [[each for each in second if each is not taken] for taken in near]
    return max([most(others, second), *(1 + most(others, some) for some in left)])


def test_an_attempt_goes_with_the_one_of_which_it_is_sure() -> None:
    """Of two that have begun, the one with the same end is the same."""
    runs, ended, same = attempts(("a", 0), ("a", 10), ("b", 20))
    runs = Attempt(runs.id, "a", "load", "running", 0, None)
    same = Attempt(same.id, "b", "load", "success", 20, ended.finished)
    assert [one.id for one in told_again([runs, ended, same])] == [same.id]


def test_that_of_the_source_that_knows_its_end_is_counted() -> None:
    first = Attempt("1", "a", "load", "running", 0, None)
    second = Attempt("2", "b", "load", "success", 5, 90)
    assert list(told_again([first, second])) == [first]


moments = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 400)), max_size=24)


@given(moments, st.sampled_from([None, 5.0, 600.0]))
def test_no_source_loses_an_attempt(told: list[tuple[str, int]], lasts: float | None) -> None:
    """At least as many as each source tells, at most as many as all tell together."""
    some = attempts(*told, lasts=lasts)
    each = Counter(source for source, _ in told)
    assert max(each.values(), default=0) <= counted(some) <= len(told)


@given(moments)
def test_as_many_are_paired_as_can_be(told: list[tuple[str, int]]) -> None:
    """Of two sources that tell the same length: each pair is within a minute, no other is left."""
    two = [one for one in told if one[0] != "c"]
    first, second = (sorted(begun for source, begun in two if source == name) for name in "ab")
    pairs = 0
    while first and second:
        apart = first[0] - second[0]
        pairs += abs(apart) <= 60
        if apart <= 60:
            first.pop(0)
        if apart >= -60:
            second.pop(0)
    assert counted(attempts(*two)) == len(two) - pairs


def test_attempts_of_other_pipelines_are_others() -> None:
    one, other = attempts(("a", 0), ("b", 1))
    other = Attempt(other.id, "b", "train", "success", 1, other.finished)
    assert counted([one, other]) == 2


def test_what_two_sources_tell_of_a_busy_minute_is_told_once_in_a_snapshot(tmp_path: Path) -> None:
    """Two attempts in one minute, each told by both; then one that one source alone tells."""
    rows = [
        run(1, "pay-load", "2026-01-05 10:00:00", "2026-01-05 10:30"),
        run(2, "pay-load", "2026-01-05 10:00:20", "2026-01-05 10:30"),
        run(3, "pay-load", "2026-01-05 10:00:20", "2026-01-05 10:30", source="other"),
        run(4, "pay-load", "2026-01-05 10:00:40", "2026-01-05 10:30", source="other"),
        run(5, "pay-load", "2026-01-05 10:00:50", "2026-01-05 10:30", source="other"),
    ]
    found = used(tmp_path, rows)
    assert found["pipeline_runs", JANUARY, "pay"] == 3

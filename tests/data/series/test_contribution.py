"""What the parts add is the change, to the last digit that counts."""

from __future__ import annotations

from math import fsum

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from data.series.contribution import Side, of_counts, of_shares


@st.composite
def shares(draw: st.DrawFn) -> Side:
    weight = draw(st.integers(0, 10_000))
    return Side(float(draw(st.integers(0, weight))), float(weight))


sides = st.dictionaries(st.sampled_from("abcdefgh"), shares(), max_size=8)


def _value(parts: dict[str, Side]) -> float:
    return fsum(p.amount for p in parts.values()) / fsum(p.weight for p in parts.values())


@given(sides, sides)
def test_shares_add_up(before: dict[str, Side], after: dict[str, Side]) -> None:
    assume(all(fsum(p.weight for p in each.values()) for each in (before, after)))
    added = fsum(part.total for part in of_shares(before, after))
    assert abs(added - (_value(after) - _value(before))) <= 1e-9


@given(sides, sides, st.integers(1, 400), st.integers(1, 400))
def test_counts_add_up(
    before: dict[str, Side], after: dict[str, Side], first: int, second: int
) -> None:
    added = fsum(part.total for part in of_counts(before, after, (first, second)))
    rates = (
        fsum(p.amount for p in before.values()) / first,
        fsum(p.amount for p in after.values()) / second,
    )
    assert abs(added - (rates[1] - rates[0])) <= 1e-9


@given(sides, sides)
def test_going_back_takes_the_same_back(before: dict[str, Side], after: dict[str, Side]) -> None:
    assume(all(fsum(p.weight for p in each.values()) for each in (before, after)))
    there = {part.part: part.total for part in of_shares(before, after)}
    back = {part.part: part.total for part in of_shares(after, before)}
    assert there == pytest.approx({part: -total for part, total in back.items()}, abs=1e-9)


def test_a_part_that_got_worse_at_the_same_weight_is_all_of_it() -> None:
    before = {"a": Side(10, 100), "b": Side(10, 100)}
    after = {"a": Side(30, 100), "b": Side(10, 100)}
    worse, same = of_shares(before, after)
    assert (worse.part, worse.mix) == ("a", 0)
    assert worse.rate == pytest.approx(0.1)
    assert (same.rate, same.mix) == (0, 0)


def test_more_work_in_a_part_that_was_always_worse_is_mix() -> None:
    before = {"good": Side(0, 100), "bad": Side(50, 100)}
    after = {"good": Side(0, 50), "bad": Side(75, 150)}
    found = of_shares(before, after)
    assert [part.rate for part in found] == [0, 0]
    assert fsum(part.mix for part in found) == pytest.approx(0.125)
    assert all(part.mix > 0 for part in found)


def test_a_part_that_is_new_has_no_change_of_its_own() -> None:
    new, old = of_shares({"old": Side(1, 10)}, {"old": Side(1, 10), "new": Side(10, 10)})
    assert (new.part, new.before.value, new.rate) == ("new", None, 0)
    assert new.mix > 0
    assert old.rate == 0


def test_the_largest_comes_first_whatever_its_sign() -> None:
    found = of_counts(
        {"a": Side(90, 0), "b": Side(1, 0)}, {"a": Side(1, 0), "b": Side(9, 0)}, (1, 1)
    )
    assert [(part.part, part.total) for part in found] == [("a", -89), ("b", 8)]

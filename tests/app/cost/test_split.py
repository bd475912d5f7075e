"""How a pool was split, in words: what was done, and why."""

from __future__ import annotations

import pytest

from app.components.cost.pool_parts import left_out
from app.components.cost.split import split_words


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("fixed", "by fixed shares"),
        ("driver", "by seats"),
        ("driver, even", "by seats, of which nothing is known, so evenly"),
        ("driver, unknown, previous",
         "by seats, of which not all is known, so as in the month before"),
        ("absent", "not at all, as the pool is not in force in that month"),
    ],
)  # fmt: skip
def test_a_way_to_split_is_told_with_what_was_done_for_lack_of_it(method: str, said: str) -> None:
    assert split_words(method, "seats") == said


def test_what_is_not_in_the_values_of_a_driver_is_told_with_them() -> None:
    known, lacking = {"unknown": 0, "unfinished": 0}, {"unknown": 2, "unfinished": 1_000}
    assert left_out([known]) == ""
    assert left_out([known, lacking]) == (
        "; without 2 of which it is not known how much was used; without 1,000 that have not ended"
    )

"""Too few people are one or two, however often each is told."""

from __future__ import annotations

import pytest

from data.few import are_few


@pytest.mark.parametrize(
    ("people", "is_few"),
    [("", False), ("a", True), ("aab", True), ("abc", False), ("abcabcd", False)],
)
def test_people_are_counted_and_not_how_often_they_are_told(people: str, is_few: bool) -> None:
    assert are_few(people) is is_few


def test_what_is_about_nobody_counts_for_nobody() -> None:
    assert not are_few([None, None])
    assert are_few(["a", None, None])

"""A sample is random, and can be drawn again by anybody."""

from __future__ import annotations

import hashlib
from collections import Counter

from data.controls.sampling import sample
from data.controls.state import State
from tests.data.controls.made import result

MEMBERS = [result(f"c{n}", State.PASS) for n in range(200)]


def _ids(seed: str, size: int = 25) -> list[str]:
    return [one.id for one in sample(MEMBERS, seed, size)]


def test_the_same_seed_draws_the_same_and_another_seed_others() -> None:
    assert _ids("Q3") == _ids("Q3")
    assert len(set(_ids("Q3"))) == 25
    assert _ids("Q3") != _ids("Q4")
    assert list(reversed(MEMBERS)) != MEMBERS
    assert [one.id for one in sample(MEMBERS[::-1], "Q3")] == _ids("Q3")


def test_anybody_can_draw_it_again() -> None:
    places = {one.id: hashlib.sha256(b"Q3\n" + one.id.encode()).hexdigest() for one in MEMBERS}
    assert _ids("Q3") == sorted(places, key=lambda row: places[row])[:25]


def test_a_larger_sample_begins_with_a_smaller_one() -> None:
    assert _ids("Q3", 60)[:25] == _ids("Q3", 25)


def test_all_are_drawn_where_there_are_fewer_and_nothing_of_nothing() -> None:
    assert len(sample(MEMBERS[:3], "Q3")) == 3
    assert sample([], "Q3") == ()


def test_what_cannot_be_seen_is_not_drawn() -> None:
    unseen = result("untold/XX-01", State.UNKNOWN, is_place=True)
    assert sample([unseen, MEMBERS[0]], "Q3") == (MEMBERS[0],)


def test_a_member_that_no_single_source_tells_of_is_drawn_like_others() -> None:
    service = result("web in production", State.PASS, source=None)
    assert sample([service], "Q3") == (service,)


def test_each_member_has_about_the_same_chance() -> None:
    drawn = Counter(row for n in range(800) for row in _ids(f"seed {n}"))
    assert len(drawn) == 200
    assert 60 < min(drawn.values()) <= 100 <= max(drawn.values()) < 145

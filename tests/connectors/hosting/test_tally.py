"""How far the reading of a source has come."""

from __future__ import annotations

from datetime import timedelta

from connectors.hosting.tally import Tally
from tests.connectors.loopback import FakeTime

Told = list[tuple[str, int, int | None]]


def tally(time: FakeTime, told: Told, remaining: int | None = None) -> Tally:
    return Tally("code", time.now, lambda *line: told.append(line), lambda: remaining)


def test_it_adds_up_all_streams() -> None:
    told: Told = []
    counting = tally(FakeTime(), told)
    counting.tell("acme/web changes", 50, 200)
    counting.tell("acme/web history", 100, 300)
    counting.tell("acme/web changes", 100, 200)
    assert told[-1] == ("code: acme/web changes", 200, 500)


def test_it_says_how_many_requests_are_allowed() -> None:
    told: Told = []
    tally(FakeTime(), told, 4321).tell("acme/web changes", 1, 1)
    assert told[0][0] == "code: acme/web changes, 4,321 requests allowed"


def test_it_says_when_all_will_be_read() -> None:
    time, told = FakeTime(), []
    counting = tally(time, told)
    counting.tell("changes", 100, 700)
    time.at += timedelta(minutes=1)
    counting.tell("changes", 200, 700)
    assert told[-1][0] == "code: changes, about 5 min left"


def test_what_an_earlier_sync_read_does_not_make_this_one_look_quicker() -> None:
    time, told = FakeTime(), []
    counting = tally(time, told)
    counting.tell("changes", 10_000, 10_300)
    time.at += timedelta(minutes=1)
    counting.tell("changes", 10_100, 10_300)
    assert told[-1][0] == "code: changes, about 2 min left"


def test_at_first_and_at_last_it_says_nothing_of_the_end() -> None:
    time, told = FakeTime(), []
    counting = tally(time, told)
    counting.tell("changes", 100, 200)
    time.at += timedelta(seconds=2)
    counting.tell("changes", 150, 200)
    time.at += timedelta(minutes=1)
    counting.tell("changes", 200, 200)
    assert not [line for line, _, _ in told if "left" in line]


def test_a_list_that_is_longer_than_it_said_is_never_more_than_done() -> None:
    told: Told = []
    tally(FakeTime(), told).tell("changes", 210, 200)
    assert told[-1][1:] == (210, 210)

"""How far the reading of a source has come."""

from __future__ import annotations

from datetime import timedelta

from connectors.hosting.tally import Tally
from tests.connectors.loopback import FakeTime

Told = list[tuple[str, int, int | None]]
MINUTE = timedelta(minutes=1)


def tally(time: FakeTime, told: Told, streams: int, remaining: int | None = None) -> Tally:
    made = Tally("code", time.now, lambda *line: told.append(line), lambda: remaining)
    made.expect(streams)
    return made


def test_it_says_how_many_streams_are_read_and_of_how_many() -> None:
    told: Told = []
    counting = tally(FakeTime(), told, streams=17)
    for stream in ("acme/web changes", "acme/web history"):
        counting.begin()
        counting.end(stream)
    assert told[-1] == ("code: acme/web history, streams", 2, 17)


def test_it_adds_up_the_items_that_are_known() -> None:
    told: Told = []
    counting = tally(FakeTime(), told, streams=2)
    counting.tell("acme/web changes", 50, 200)
    counting.tell("acme/web history", 100, 300)
    counting.tell("acme/web changes", 100, 200)
    assert told[-1][0] == "code: acme/web changes, 200 of 500 items, streams"


def test_it_says_how_many_requests_are_allowed() -> None:
    told: Told = []
    tally(FakeTime(), told, 1, remaining=4321).tell("acme/web changes", 1, 1)
    assert told[0][0] == "code: acme/web changes, 4,321 requests allowed, streams"


def test_it_says_when_one_long_list_will_be_read() -> None:
    time, told = FakeTime(), []
    counting = tally(time, told, streams=1)
    counting.begin()
    counting.tell("changes", 0, 10_900)
    time.at += MINUTE
    counting.tell("changes", 900, 10_900)
    assert "about 10 min left" in told[-1][0]


def test_streams_that_are_not_begun_are_taken_to_be_like_the_others() -> None:
    time, told = FakeTime(), []
    counting = tally(time, told, streams=40)
    for number in range(10):
        counting.begin()
        counting.end(f"acme/r{number} changes")
    time.at += MINUTE
    counting.begin()
    counting.end("acme/r11 changes")
    assert "about 3 min left" in told[-1][0]
    for number in range(29):
        counting.begin()
        counting.end(f"acme/s{number} changes")
    assert told[-1] == ("code: acme/s28 changes, streams", 40, 40)


def test_what_an_earlier_sync_read_does_not_make_this_one_look_quicker() -> None:
    time, told = FakeTime(), []
    counting = tally(time, told, streams=1)
    counting.begin()
    counting.tell("changes", 100_000, 103_000)
    time.at += MINUTE
    counting.tell("changes", 100_900, 103_000)
    assert "about 2 min left" in told[-1][0]


def test_at_first_and_at_last_it_says_nothing_of_the_end() -> None:
    time, told = FakeTime(), []
    counting = tally(time, told, streams=1)
    counting.begin()
    counting.tell("changes", 100, 200)
    time.at += timedelta(seconds=2)
    counting.tell("changes", 150, 200)
    time.at += MINUTE
    counting.tell("changes", 200, 200)
    assert not [line for line, _, _ in told if "left" in line]


def test_a_list_that_is_longer_than_it_said_is_never_more_than_done() -> None:
    told: Told = []
    tally(FakeTime(), told, streams=1).tell("changes", 210, 200)
    assert told[-1][0] == "code: changes, streams"


def test_a_list_that_is_read_from_its_start_again_fails_nothing() -> None:
    time, told = FakeTime(), []
    counting = tally(time, told, streams=1)
    counting.begin()
    counting.tell("changes", 30_000, 60_000)
    time.at += MINUTE
    for done in (100, 29_900, 30_000):
        counting.tell("changes", done, 60_000)
        assert "left" in told[-1][0]


def test_a_stream_that_is_left_for_later_is_no_work_any_more() -> None:
    time, told = FakeTime(), []
    counting = tally(time, told, streams=1)
    counting.begin()
    counting.tell("changes", 100, 100_000)
    time.at += MINUTE
    counting.end("changes")
    assert told[-1] == ("code: changes, streams", 1, 1)

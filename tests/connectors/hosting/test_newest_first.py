"""Lists that are told newest first, read over several syncs, killed and limited anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.answers.page import read_page
from connectors.hosting.newest_first import Listed, NewestFirst, PlaceLost
from connectors.http.errors import RateLimited
from connectors.http.reply import Reply, Validators
from connectors.interface import Batch, Cursor, Reading
from data.model import Gap, GapReason

START = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = 3


@dataclass
class Host:
    """A list of things by the time of their last change, or of their beginning."""

    is_by_change: bool = True
    things: dict[int, dict[str, Any]] = field(default_factory=dict)
    minutes: int = 0
    asked: int = 0
    counted_probes: int = 0
    most: int | None = None
    """Pages it gives before its limit is reached."""
    etag: str = ""
    """What an answer's name begins with; another one for the same answer, if it is changed."""

    def happen(self, *things: int) -> None:
        for thing in things:
            self.minutes += 1
            known = self.things.get(thing, {"id": thing, "began": self.now, "is_open": True})
            self.things[thing] = {**known, "changed": self.now}

    def settle(self, thing: int) -> None:
        self.happen(thing)
        self.things[thing]["is_open"] = False

    @property
    def now(self) -> str:
        return (START + timedelta(minutes=self.minutes)).isoformat()

    def ask(self, after: Any) -> Listed:
        if self.most is not None and self.asked >= self.most:
            raise RateLimited("nothing is left", "here", START, 403)
        self.asked += 1
        rest = [t for t in self._listed() if after is None or self._key(t) < after]
        found = rest[:PAGE]
        more = self._key(found[-1]) if len(rest) > PAGE else None
        return Listed([json.dumps(found).encode()], found, more, len(self.things))

    def probe(self, validators: Validators | None) -> Reply:
        name = self.etag + json.dumps(self._listed())
        is_known = (validators or {}).get("etag") == name
        self.counted_probes += not is_known
        return Reply("GET list", "", 304 if is_known else 200, {"ETag": name}, b"[]")

    def _listed(self) -> list[dict[str, Any]]:
        return sorted(self.things.values(), key=self._key, reverse=True)

    def _key(self, thing: Mapping[str, Any]) -> list[Any]:
        return [thing["changed" if self.is_by_change else "began"], thing["id"]]


@dataclass
class Store:
    """What a driver keeps: rows, and the cursor that was committed with them."""

    rows: dict[int, Any] = field(default_factory=dict)
    cursor: Cursor | None = None
    seen: set[int] = field(default_factory=set)
    batches: list[Batch] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def take(self, batch: Batch) -> None:
        things = {thing["id"]: thing for thing in read_page(batch.payload)[1][0]}
        self.rows |= things
        self.cursor = json.loads(json.dumps(batch.cursor))
        self.batches.append(batch)
        if batch.reading is Reading.COMPLETE:
            self.seen = {*things} if batch.is_first else self.seen | {*things}
        if batch.is_last:
            self.rows = {id: row for id, row in self.rows.items() if id in self.seen}

    def sync(self, host: Host, kill_after: int | None = None, name: str = "acme/web") -> int:
        """Reads; dies after some pages, if told. Returns the pages."""
        self.gaps = []
        pages = 0
        for item in _reading(host, name).pull(self.cursor):
            if isinstance(item, Gap):
                self.gaps.append(item)
                continue
            self.take(item)
            pages += 1
            if pages == kill_after:
                break
        return pages


def _reading(host: Host, name: str = "acme/web") -> NewestFirst:
    back = timedelta(minutes=1000)
    return NewestFirst(
        name=name,
        header={"repository": name},
        ask=host.ask,
        stamp=lambda t: str(t["changed" if host.is_by_change else "began"]),
        probe=host.probe,
        lookback=lambda known: (
            known
            if host.is_by_change
            else (datetime.fromisoformat(known or START.isoformat()) - back).isoformat()
        ),
        is_settled=None if host.is_by_change else lambda t: not t["is_open"],
        unread=lambda since, limited: Gap(
            id="unread",
            source="code",
            reason=GapReason.TRUNCATED,
            what=str(since),
            fix=limited.fix,
            count=None,
        ),
    )


@pytest.fixture
def host() -> Host:
    made = Host()
    made.happen(*range(10))
    return made


# --- calm days ----------------------------------------------------------------------------------


def test_the_newest_come_first_and_all_come_in_the_end(host: Host) -> None:
    store = Store()
    assert store.sync(host) == 4
    assert store.rows == host.things
    first = [thing["id"] for thing in read_page(store.batches[0].payload)[1][0]]
    assert first == [9, 8, 7]


def test_until_all_was_read_once_it_says_since_when_it_is_complete(host: Host) -> None:
    store = Store()
    store.sync(host)
    since = [batch.complete_from for batch in store.batches]
    assert since[:3] == [START + timedelta(minutes=m) for m in (8, 5, 2)]
    assert since[3] is None
    assert [b.reading for b in store.batches] == [Reading.COMPLETE] * 4
    assert [b.is_last for b in store.batches] == [False, False, False, True]


def test_nothing_new_asks_nothing_that_counts(host: Host) -> None:
    store = Store()
    store.sync(host)
    asked, probes = host.asked, host.counted_probes
    assert store.sync(host) == 0
    assert (host.asked, host.counted_probes) == (asked, probes)


def test_what_is_new_is_all_that_is_read(host: Host) -> None:
    store = Store()
    store.sync(host)
    host.happen(3)
    assert store.sync(host) == 1
    assert store.rows == host.things
    assert store.batches[-1].reading is Reading.INCREMENT


def test_what_changed_in_the_same_second_as_the_newest_is_read_too(host: Host) -> None:
    store = Store()
    store.sync(host)
    for thing in range(1, 5):
        host.things[thing] |= {"changed": host.now}
    store.sync(host)
    assert store.rows == host.things


def test_another_name_for_the_same_answer_is_learnt_once(host: Host) -> None:
    store = Store()
    store.sync(host)
    host.etag = "another token's "
    rows = dict(store.rows)
    assert store.sync(host) == 1
    assert store.rows == rows
    asked, probes = host.asked, host.counted_probes
    assert store.sync(host) == 0
    assert (host.asked, host.counted_probes) == (asked, probes)


def test_an_empty_list_is_complete_and_its_first_thing_is_seen() -> None:
    host, store = Host(), Store()
    assert store.sync(host) == 1
    assert store.batches[0].is_last
    host.happen(1)
    store.sync(host)
    assert store.rows == host.things


def test_under_another_name_all_is_read_again(host: Host) -> None:
    store = Store()
    store.sync(host)
    store.rows[99] = {"id": 99, "of": "the old name"}
    store.sync(host, name="acme/site")
    assert store.rows == host.things


def test_a_place_that_the_source_forgot_begins_anew(host: Host) -> None:
    store = Store()
    store.sync(host, kill_after=2)
    assert store.cursor is not None
    ask, forgotten = host.ask, [store.cursor["back"]]

    def forgetful(after: Any) -> Listed:
        if forgotten and after == forgotten.pop():
            raise PlaceLost("no such place", "list", "nothing")
        return ask(after)

    host.ask = forgetful  # type: ignore[method-assign]
    del host.things[0]
    store.sync(host)
    assert store.rows == host.things


# --- bad days -----------------------------------------------------------------------------------


@pytest.mark.parametrize("killed", [1, 2, 3])
def test_killed_at_any_page_it_goes_on_from_there(host: Host, killed: int) -> None:
    store = Store()
    store.sync(host, kill_after=killed)
    assert store.sync(host) == 4 - killed
    assert store.rows == host.things


def test_a_limit_in_the_old_part_is_a_gap_and_the_rest_is_read_later(host: Host) -> None:
    store = Store()
    host.most = 2
    assert store.sync(host) == 2
    assert [gap.what for gap in store.gaps] == [str(START + timedelta(minutes=5))]
    host.most = None
    assert store.sync(host) == 2
    assert store.gaps == []
    assert store.rows == host.things


def test_a_limit_before_anything_was_read_is_an_error(host: Host) -> None:
    host.most = 0
    with pytest.raises(RateLimited):
        Store().sync(host)


def test_killed_in_a_forward_pass_it_tells_of_the_hole_until_it_is_closed(host: Host) -> None:
    store = Store()
    store.sync(host)
    host.happen(*range(10, 18))
    store.sync(host, kill_after=1)
    assert store.batches[-1].complete_from == START + timedelta(minutes=16)
    store.sync(host)
    assert store.batches[-1].complete_from is None
    assert store.rows == host.things


def test_a_thing_that_tells_no_time_stops_no_other(host: Host) -> None:
    store = Store()
    listed = _reading(host)

    def stamp(thing: Mapping[str, Any]) -> str:
        if thing["id"] == 8:
            raise KeyError("changed")
        return str(thing["changed"])

    damaged = NewestFirst(listed.name, listed.header, listed.ask, stamp)
    for item in damaged.pull(None):
        assert isinstance(item, Batch)
        store.take(item)
    assert store.rows == host.things


# --- lists by beginning, whose things change later --------------------------------------------


def test_what_is_settled_is_not_looked_at_again() -> None:
    host, store = Host(is_by_change=False), Store()
    for thing in range(12):
        host.settle(thing)
    store.sync(host)
    host.settle(12)
    assert store.sync(host) == 1
    assert store.rows == host.things


def test_what_is_still_open_is_looked_at_until_it_is_settled() -> None:
    host, store = Host(is_by_change=False), Store()
    host.happen(0)
    for thing in range(1, 8):
        host.settle(thing)
    store.sync(host)
    host.settle(0)
    assert store.sync(host) == 3
    assert store.rows == host.things
    host.settle(8)
    assert store.sync(host) == 1


# --- anything at any time -----------------------------------------------------------------------

Acts = st.lists(
    st.one_of(
        st.tuples(st.just("happen"), st.integers(0, 14)),
        st.tuples(st.just("sync"), st.integers(1, 6)),
        st.tuples(st.just("limited"), st.integers(1, 4)),
    ),
    max_size=25,
)


def _done(host: Host, store: Store, acts: list[tuple[str, int]]) -> Iterator[None]:
    for act, number in acts:
        if act == "happen":
            host.happen(number)
        elif act == "sync":
            store.sync(host, kill_after=number)
        else:
            host.most = host.asked + number
            with suppress(RateLimited):  # it may be reached in the new part
                store.sync(host)
            host.most = None
        yield


@settings(deadline=None, max_examples=200)
@given(Acts, st.booleans())
def test_whatever_happens_between_syncs_nothing_is_lost_or_kept_too_long(
    acts: list[tuple[str, int]], is_by_change: bool
) -> None:
    host, store = Host(is_by_change), Store()
    host.happen(*range(7))
    for _ in _done(host, store, acts):
        complete_from = store.batches[-1].complete_from if store.batches else None
        if complete_from and is_by_change:
            assert all(
                id in store.rows
                for id, thing in host.things.items()
                if complete_from.isoformat() <= thing["changed"] <= store.cursor["to"]  # type: ignore[index]
            )
    store.sync(host)
    store.sync(host)
    assert store.rows == host.things
    assert store.sync(host) == 0

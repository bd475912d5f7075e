"""Paged lists of a real server, also while they shift under the reader."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.http.errors import UnexpectedReply
from connectors.http.paging import (
    Ask,
    Page,
    PagedList,
    Step,
    by_cursor,
    by_link,
    by_number,
    by_offset,
)
from connectors.http.session import Reply
from tests.connectors.loopback import Answer, Asked, FakeTime, LoopbackServer, Serve, client

SIZE = 3


class ListServer:
    """A list that pages by number, offset, cursor and Link header at once."""

    def __init__(self, count: int, has_total: bool = True) -> None:
        self.items = [f"item-{number:03}" for number in range(count)]
        self.has_total = has_total
        self.before: dict[int, Callable[[], None]] = {}
        """What happens to the list just before the n-th question."""
        self.asked = 0

    def __call__(self, asked: Asked) -> Answer:
        self.before.get(self.asked, lambda: None)()
        self.asked += 1
        start = (int(asked.params.get("page", 1)) - 1) * SIZE
        start = int(asked.params.get("offset", asked.params.get("cursor", start)))
        shown = [{"id": item} for item in self.items[start : start + SIZE]]
        end = start + len(shown)
        more = end < len(self.items)
        body: dict[str, Any] = {"items": shown, "next": str(end) if more else None}
        if self.has_total:
            body["total"] = len(self.items)
        link = f'</list?offset={end}>; rel="next", </list>; rel="first"' if more else ""
        return Answer.json(body, Link=link)


def total(reply: Reply) -> int | None:
    found = reply.json().get("total")
    return int(found) if found is not None else None


STEPS: dict[str, Step] = {
    "link": by_link,
    "number": by_number(size=SIZE),
    "offset": by_offset(total),
    "cursor": by_cursor("cursor", lambda page: page["next"]),
}


def paged(step: Step = STEPS["number"]) -> PagedList:
    return PagedList(
        Ask("list"),
        step,
        items=lambda page: page["items"],
        key=lambda item: item["id"],
        total=total,
    )


def keys(pages: list[Page]) -> list[str]:
    return [item["id"] for page in pages for item in page.items]


@pytest.mark.parametrize("way", STEPS)
@pytest.mark.parametrize("count", [0, 1, SIZE, SIZE + 1, 3 * SIZE, 20])
def test_every_way_of_paging_reads_the_whole_list(
    serve: Serve, time: FakeTime, way: str, count: int
) -> None:
    source = ListServer(count)
    pages = list(paged(STEPS[way]).pages(client(serve(answer=source), time)))
    assert keys(pages) == source.items
    assert [page.is_last for page in pages] == [False] * (len(pages) - 1) + [True]
    assert not any(page.has_shifted for page in pages)


@pytest.mark.parametrize("way", ["link", "offset", "cursor"])
def test_the_pages_of_a_list_are_asked_for_once_each(
    serve: Serve, time: FakeTime, way: str
) -> None:
    source = ListServer(3 * SIZE)
    list(paged(STEPS[way]).pages(client(serve(answer=source), time)))
    assert source.asked == 3


@pytest.mark.parametrize("way", STEPS)
@pytest.mark.parametrize("read", [1, 2, 3])
def test_a_bookmark_goes_on_where_the_reader_stopped(
    serve: Serve, time: FakeTime, way: str, read: int
) -> None:
    source = ListServer(11)
    http = client(serve(answer=source), time)
    pages = paged(STEPS[way]).pages(http)
    before = [next(pages) for _ in range(read)]
    bookmark = json.loads(json.dumps(before[-1].bookmark))
    after = list(paged(STEPS[way]).pages(http, bookmark))
    assert after[0].items == before[-1].items
    assert keys(before) + keys(after[1:]) == source.items


def test_a_bookmark_into_a_list_that_shifted_starts_again(serve: Serve, time: FakeTime) -> None:
    source = ListServer(11)
    http = client(serve(answer=source), time)
    pages = paged().pages(http)
    bookmark = [next(pages) for _ in range(2)][-1].bookmark
    source.items.remove("item-001")
    after = list(paged().pages(http, bookmark))
    assert keys(after) == source.items
    assert after[-1].has_shifted


def test_a_list_that_shifts_after_a_bookmark_is_read_from_its_start(
    serve: Serve, time: FakeTime
) -> None:
    source = ListServer(11)
    http = client(serve(answer=source), time)
    pages = paged().pages(http)
    bookmark = [next(pages) for _ in range(2)][-1].bookmark
    source.before[3] = lambda: source.items.remove("item-001")
    after = list(paged().pages(http, bookmark))
    assert set(source.items) <= set(keys(after))
    assert [page.items[0]["id"] for page in after if page.is_last] == [source.items[9]]


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_bookmark_that_ran_out_starts_again(serve: Serve, time: FakeTime, status: int) -> None:
    source = ListServer(5)

    def answer(asked: Asked) -> Answer:
        return Answer.json({}, status) if "cursor" in asked.params else source(asked)

    http = client(serve(answer=answer), time)
    bookmark = {"path": "list", "params": {"cursor": "old"}, "keys": "?"}
    pages = paged(by_number(size=SIZE)).pages(http, bookmark)
    assert keys(list(pages)) == source.items


@pytest.mark.parametrize("way", ["link", "number", "offset"])
@pytest.mark.parametrize("question", [1, 2, 3])
@pytest.mark.parametrize("place", [0, 4, 9])
@pytest.mark.parametrize("has_total", [True, False])
def test_nothing_is_lost_when_something_is_added_while_paging(
    serve: Serve, time: FakeTime, way: str, question: int, place: int, has_total: bool
) -> None:
    source = ListServer(11, has_total or way == "offset")
    source.before[question] = lambda: source.items.insert(place, "new")
    pages = list(paged(STEPS[way]).pages(client(serve(answer=source), time)))
    assert set(source.items) <= set(keys(pages))
    assert pages[-1].is_last


def test_a_list_whose_reader_takes_repeats_is_read_once_however_it_shifts(
    serve: Serve, time: FakeTime
) -> None:
    source = ListServer(3 * SIZE)
    source.before[1] = lambda: source.items.insert(0, "new")
    listed = replace(paged(STEPS["offset"]), is_read_once=True)
    pages = list(listed.pages(client(serve(answer=source), time)))
    assert keys(pages) == [*source.items[1 : 1 + SIZE], *source.items[SIZE:]]
    assert source.asked == 4


@pytest.mark.parametrize("way", ["link", "number", "offset"])
@pytest.mark.parametrize("question", [1, 2, 3])
@pytest.mark.parametrize("gone", ["item-000", "item-004", "item-010"])
def test_nothing_is_lost_when_something_is_removed_while_paging(
    serve: Serve, time: FakeTime, way: str, question: int, gone: str
) -> None:
    source = ListServer(11)
    source.before[question] = lambda: source.items.remove(gone)
    pages = list(paged(STEPS[way]).pages(client(serve(answer=source), time)))
    assert set(source.items) <= set(keys(pages))
    assert [page.is_last for page in pages] == [False] * (len(pages) - 1) + [True]
    assert pages[-1].has_shifted or question == 3 or gone == "item-010"


def test_what_is_appended_while_paging_is_no_shift(serve: Serve, time: FakeTime) -> None:
    source = ListServer(11)
    source.before[2] = lambda: source.items.append("new")
    pages = list(paged().pages(client(serve(answer=source), time)))
    assert keys(pages) == source.items
    assert not pages[-1].has_shifted


def test_a_list_that_never_rests_is_an_error(serve: Serve, time: FakeTime) -> None:
    source = ListServer(11)
    for question in range(50):
        source.before[question] = lambda: source.items.insert(0, f"new-{len(source.items)}")
    with pytest.raises(UnexpectedReply, match="changed each of the 3 times"):
        list(paged().pages(client(serve(answer=source), time)))


def test_a_list_without_end_is_an_error(serve: Serve, time: FakeTime) -> None:
    stuck = Answer.json({"items": [{"id": "a"}], "next": "same"})
    http = client(serve(answer=lambda _: stuck), time)
    with pytest.raises(UnexpectedReply, match="already read"):
        list(paged(STEPS["cursor"]).pages(http))


@pytest.mark.parametrize("way", STEPS)
@pytest.mark.parametrize(
    "page", [{}, [], None, "a", {"items": None}, {"items": [1]}, {"items": [{}]}, {"items": [None]}]
)
def test_a_page_of_another_shape_is_told_as_that(
    serve: Serve, time: FakeTime, way: str, page: Any
) -> None:
    http = client(serve(Answer.json(page)), time)
    with pytest.raises(UnexpectedReply, match="not the list it should be"):
        list(paged(STEPS[way]).pages(http))


def test_a_next_page_that_is_no_address_is_told_as_that(serve: Serve, time: FakeTime) -> None:
    link = '<http://[::1/list>; rel="next"'
    http = client(serve(Answer.json({"items": []}, Link=link)), time)
    with pytest.raises(UnexpectedReply, match="next address that is none"):
        list(paged(by_link).pages(http))


def test_a_next_page_on_another_host_is_not_asked(serve: Serve, time: FakeTime) -> None:
    other = serve(answer=ListServer(5))
    link = f'<{other.url}/list?page=2>; rel="next"'
    http = client(serve(Answer.json({"items": []}, Link=link)), time)
    with pytest.raises(UnexpectedReply, match="another host"):
        list(paged(by_link).pages(http))
    assert other.asked == []


@given(
    count=st.integers(0, 14),
    turns=st.lists(
        st.tuples(st.integers(1, 6), st.sampled_from(["add", "remove"]), st.integers(0, 14)),
        max_size=1,
    ),
    way=st.sampled_from(["link", "number", "offset"]),
)
def test_one_turn_at_any_moment_loses_nothing(
    count: int, turns: list[tuple[int, str, int]], way: str
) -> None:
    source = ListServer(count)

    def turn(what: str, place: int) -> None:
        if what == "add":
            source.items.insert(place, "new")
        elif source.items:
            source.items.pop(place % len(source.items))

    for question, what, place in turns:
        source.before[question] = lambda what=what, place=place: turn(what, place)
    with LoopbackServer(source) as server:
        pages = list(paged(STEPS[way]).pages(client(server, FakeTime())))
    assert set(source.items) <= set(keys(pages))

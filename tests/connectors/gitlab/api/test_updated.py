"""Lists by the time of their last change, page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.gitlab.api.updated import UpdatedList, changed_at, news_of, times_of
from connectors.http.adapter import Usage
from connectors.http.api import Params
from connectors.http.errors import UnexpectedReply
from connectors.http.reply import Reply, Validators
from connectors.interface import Json

BEGUN_AT = datetime(2026, 1, 1, tzinfo=UTC)


class Listing:
    """A list as a server keeps it: to the microsecond, told in milliseconds."""

    base_url = "https://git.example.com/api/v4/"
    usage = Usage()

    def __init__(self, offsets: list[int], *, is_filtered: bool = True) -> None:
        self.items = [(BEGUN_AT + timedelta(microseconds=n), i) for i, n in enumerate(offsets)]
        self.is_filtered = is_filtered

    def get(
        self, path: str, params: Params | None = None, validators: Validators | None = None
    ) -> Reply:
        asked: dict[str, Json] = dict(params or {})
        found = sorted(self.items, reverse=True)
        if self.is_filtered and asked.get("updated_before"):
            before = datetime.fromisoformat(asked["updated_before"])
            found = [item for item in found if item[0] <= before]
        size, start = asked["per_page"], ((asked.get("page") or 1) - 1) * asked["per_page"]
        shown = [
            {"id": number, "updated_at": at.isoformat(timespec="milliseconds")}
            for at, number in found[start : start + size]
        ]
        headers = {"X-Total": str(len(found))}
        if found[start + size :]:
            headers["Link"] = '<https://git.example.com/next>; rel="next"'
        reply = Reply("GET x", "https://git.example.com/x", 200, headers, b"")
        reply.__dict__["_parsed"] = shown
        return reply

    def post(self, path: str, json: Json) -> Reply:
        raise NotImplementedError


OFFSETS = st.lists(st.integers(0, 20_000), max_size=30)


def walked(listed: UpdatedList) -> list[int]:
    ids, after, pages = [], None, 0
    while True:
        page = listed.page(after)
        ids += [item["id"] for item in page.items]
        after, pages = page.after, pages + 1
        assert pages < 100
        if after is None:
            return ids


@given(OFFSETS, st.integers(1, 5), st.booleans())
@settings(max_examples=200)
def test_every_item_comes_however_many_bear_one_time(
    offsets: list[int], size: int, is_filtered: bool
) -> None:
    listing = Listing(offsets, is_filtered=is_filtered)
    assert set(walked(UpdatedList(listing, "x", None, "acme/web", size))) == set(
        range(len(offsets))
    )


def test_a_source_that_ignores_the_time_is_noticed_and_read_by_number() -> None:
    listed = UpdatedList(
        Listing([0, 5000, 9000, 12_000, 18_000], is_filtered=False), "x", None, "", 2
    )
    assert set(walked(listed)) == {0, 1, 2, 3, 4}
    assert listed.is_filtered is False


def test_what_changes_while_it_is_read_hides_nothing_older() -> None:
    listing = Listing([n * 1000 for n in range(10)])
    listed = UpdatedList(listing, "x", None, "", 3)
    first = listed.page(None)
    listing.items[2] = (BEGUN_AT + timedelta(seconds=1), 2)
    seen, after = {item["id"] for item in first.items}, first.after
    while after is not None:
        page = listed.page(after)
        seen |= {item["id"] for item in page.items}
        after = page.after
    assert seen == set(range(10)) - {2}
    assert listed.page(None).items[0]["id"] == 2


def test_news_are_those_that_changed_since_what_is_known() -> None:
    cursor = {"name": "acme/web", "to": (BEGUN_AT + timedelta(milliseconds=5)).isoformat()}
    page = UpdatedList(Listing([n * 1000 for n in range(8)]), "x", cursor, "acme/web", 5).page(None)
    assert [item["id"] for item in page.items] == [7, 6, 5, 4, 3]
    assert [item["id"] for item in page.news] == [7, 6, 5]
    renamed = UpdatedList(Listing([0, 1000]), "x", cursor, "acme/site", 5).page(None)
    assert len(renamed.news) == 2


def test_an_item_that_tells_no_time_is_news() -> None:
    items = [
        {"id": 1},
        {"id": 2, "updated_at": None},
        {"id": 3, "updated_at": "2020-01-01T00:00:00Z"},
    ]
    assert [item["id"] for item in news_of({"since": BEGUN_AT.isoformat()}, items)] == [1, 2]


@pytest.mark.parametrize(
    "told",
    ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "yesterday", 7, None, [], "\ud800"],
)
def test_a_time_that_is_none_is_told_by_nobody(told: Json) -> None:
    assert times_of([{"updated_at": told}, None, "x", {"updated_at": "2026-01-01T00:00:00Z"}]) == [
        BEGUN_AT.isoformat()
    ]
    with pytest.raises(ValueError, match="no time"):
        changed_at({"updated_at": told})


def test_a_list_that_repeats_its_page_for_ever_is_left() -> None:
    class Stuck(Listing):
        def get(
            self, path: str, params: Params | None = None, validators: Validators | None = None
        ) -> Reply:
            return super().get(path, {"per_page": 2, "order_by": "updated_at"}, validators)

    with pytest.raises(UnexpectedReply, match="already read"):
        walked(UpdatedList(Stuck([0, 1000, 2000]), "x", None, "", 2))

"""Whose names the page tells, and where it takes decisions."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit import config

from data.decisions.book import Book
from data.decisions.waiver import State
from data.decisions.waiving import approve
from tests.app.cli.running import answer
from tests.app.deciding.page import (
    SHOWN,
    Open,
    as_,
    asked,
    field,
    found,
    press,
    said,
    words,
)
from tests.app.organisation import CONFIGURATION
from tests.today import in_days, today


def test_names_are_in_no_part_of_the_page_unless_they_are_shown(
    open_waivers: Open, folder: Path
) -> None:
    (folder / "cairn.toml").write_text(CONFIGURATION)
    made = asked(folder, requester="hidden-hilda")
    page = as_(open_waivers(waiver=made), "bo")
    field(page, "Your reason").set_value("no")
    press(page, "Reject")
    again = asked(folder, requester="hidden-hilda", justification="once more")
    asked(folder, requester="bo", justification="instead")
    page = as_(open_waivers(waiver=again), "bo")
    frames = " ".join(frame.value.to_string() for frame in page.dataframe)
    assert "hidden-hilda" not in words(page) + frames
    assert "Asked by" not in page.dataframe[0].value


def test_a_refusal_tells_no_hidden_name(open_waivers: Open, folder: Path) -> None:
    (folder / "cairn.toml").write_text(CONFIGURATION)
    asked(folder, requester="bo")
    made = asked(folder, requester="hidden-hilda", justification="instead")
    page = as_(open_waivers(waiver=made), "bo")
    field(page, "Your reason").set_value("agreed")
    press(page, "Approve")
    refused = said(page.error[0].value)
    assert refused == "`bo` asked for the same before `somebody` did; let somebody else approve it."


def test_who_is_second_to_approve_is_not_told_who_was_first_where_names_are_hidden(
    open_waivers: Open, folder: Path
) -> None:
    (folder / "cairn.toml").write_text(CONFIGURATION)
    made = asked(folder)
    page = as_(open_waivers(waiver=made), "bo")
    approve(Book(folder), made, ("hidden-hilda", "agreed"))
    field(page, "Your reason").set_value("agreed")
    press(page, "Approve")
    assert "the waiver is approved already, by somebody at" in said(page.error[0].value)
    assert "hidden-hilda" not in words(page)


def test_where_the_name_is_emptied_nobody_decides(open_waivers: Open, folder: Path) -> None:
    made = asked(folder)
    page = as_(open_waivers(waiver=made), "  ")
    field(page, "Your reason").set_value("agreed")
    press(page, "Approve")
    assert said(page.error[0].value) == "nobody decides it; name who does."
    assert found(folder, made).state(today()) is State.REQUESTED


def test_who_may_see_no_names_reviews_nobody(open_waivers: Open, granted: Path) -> None:
    path = granted / "cairn.toml"
    path.write_text(path.read_text().removeprefix(SHOWN))
    made = answer(granted, "access-review", "start", "--until", str(in_days(1)), "--reason", "q",
                  "--actor", "hidden-hilda")["rows"][0]["id"]  # fmt: skip
    page = open_waivers(granted, about="reviews", review=made)
    shown = next(frame.value for frame in page.dataframe if "Account" in frame.value)
    assert list(shown["Account"]) == ["deploy"], "a key is no person"
    told = words(page) + " ".join(frame.value.to_string() for frame in page.dataframe)
    for name in ("m.alder", "k.linden", "t.rowan", "hidden-hilda"):
        assert name not in told
    assert not [button for button in page.button if "Keep" in button.label]


def test_a_review_of_few_people_tells_no_counts_where_names_are_hidden(
    open_waivers: Open, granted: Path
) -> None:
    path = granted / "cairn.toml"
    path.write_text(path.read_text().removeprefix(SHOWN))
    made = answer(granted, "access-review", "start", "--until", str(in_days(1)), "--reason", "q",
                  "--scope", "team:web", "--actor", "bo")["rows"][0]["id"]  # fmt: skip
    page = open_waivers(granted, about="reviews", review=made)
    assert page.dataframe[0].value[["Rights", "Decided", "To remove"]].isna().all(axis=None)
    assert "is withheld" in words(page)


def test_where_others_reach_the_pages_nothing_is_decided(
    open_waivers: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = asked(folder)
    page = as_(open_waivers(waiver=made), "bo")
    field(page, "Your reason").set_value("agreed")
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")  # noqa: S104 - what must be refused
    try:
        press(page, "Approve")
        assert found(folder, made).state(today()) is State.REQUESTED
        page = open_waivers(waiver=made)
        assert "nothing is decided here" in page.info[0].value
        assert not page.button
        assert not page.text_input
        assert not open_waivers(about="request").text_area
    finally:
        config.set_option("server.address", before)

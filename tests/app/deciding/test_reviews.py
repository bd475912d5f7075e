"""A review of access on the page, from its start to its end."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from data.decisions.access_review import Verdict, access_reviews
from data.decisions.book import Book
from tests.app.deciding.page import (
    Open,
    as_,
    choose,
    field,
    logged,
    press,
    said,
    settled,
    words,
)


def test_a_review_of_access_is_started_decided_and_closed(
    open_waivers: Open, granted: Path
) -> None:
    page = as_(open_waivers(granted, about="reviews"), "the board")
    page.session_state["review starts"] = True
    settled(page)
    assert "**4 rights** of 4 accounts" in words(page)
    field(page, "Your reason").set_value("the fourth quarter")
    press(page, "Start")
    (one,) = access_reviews(Book(granted))
    assert page.query_params["review"] == one.id
    assert one.sha256 in words(page)
    page.text_input(key="review because").set_value("once more")
    press(page, "Start")
    assert "is open; close that one first" in said(page.error[0].value)
    page.session_state["review starts"] = False

    page = as_(page, "m.alder")
    field(page, "Your reason").set_value("all are known")
    press(page, "Keep all 4")
    assert "decides about themself" in said(page.error[0].value)
    page = pick(as_(page, "the board"), "k.linden")
    choose(page, "What is to become of them", Verdict.REMOVE)
    field(page, "Your reason").set_value("has left")
    press(page, "Decide about 1 right")
    assert "**1** open" in words(page)
    field(page, "Your reason").set_value("all are known")
    press(page, "Keep all 3")
    assert decided(granted) == {
        "k.linden": "remove", "deploy": "keep", "m.alder": "keep", "t.rowan": "keep",
    }  # fmt: skip
    page.text_input(key=f"why closed {one.id}").set_value("all looked at")
    press(page, "Close the review")
    (closed,) = access_reviews(Book(granted))
    assert closed.closed is not None
    assert closed.closed.sha256 in words(page)
    assert list(page.dataframe[0].value["State"]) == ["✓ complete"]
    assert len(logged(granted)) == 6, "start, four decisions, close"
    assert not [button for button in page.button if button.label.startswith("Keep")]


def pick(page: AppTest, account: str) -> AppTest:
    """Picks the row of an account, as a click on its box does."""
    members = next(frame for frame in page.dataframe if "Account" in frame.value)
    at = list(members.value["Account"]).index(account)
    page.session_state[members.key] = {"selection": {"rows": [at], "columns": [], "cells": []}}
    return settled(page)


def decided(folder: Path) -> dict[str, str]:
    (review,) = access_reviews(Book(folder))
    return {one.account: review.choices[one.id].verdict.value for one in review.members}

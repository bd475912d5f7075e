"""What the pages show to whom, where people have to sign in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit import config
from streamlit.testing.v1 import AppTest

from app.access.person import person
from app.access.standing import ENDED
from app.access.unlogged import UNLOGGED
from app.components import paint
from data.decisions.waiver import State
from tests.app.access.claimed import claims
from tests.app.access.test_required import SECTION
from tests.app.conftest import MAIN
from tests.app.deciding.page import VIEW, asked, field, found, press, settled, words
from tests.app.organisation import CONFIGURATION
from tests.today import today

Open = Callable[..., AppTest]
ADA = "Ada.Alder@harbour.example"


@pytest.fixture
def folder(harbour: Path, tmp_path: Path) -> Path:
    """The small organisation, which lets in people of one domain."""
    only = 'only = ["*@harbour.example"]\n'
    (tmp_path / "cairn.toml").write_text(CONFIGURATION + SECTION + only)
    (tmp_path / "store").symlink_to(harbour / "store")
    return tmp_path


@pytest.fixture
def open_as(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody of whom the cookie tells this."""

    def opened(told: dict[str, Any], view: str = "") -> AppTest:
        monkeypatch.setenv("CAIRN_DATA", str(folder))
        st.cache_resource.clear()
        page = AppTest.from_file(MAIN, default_timeout=120)
        page.session_state[paint.PAINTED] = True
        page.user = told
        page.run()
        if view:
            page.switch_page(view)
        return settled(page)

    return opened


def fresh(**other: Any) -> dict[str, Any]:
    return claims(datetime.now(UTC), **other)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (lambda: {"is_logged_in": False}, "shown to people who have signed in"),
        (lambda: {"email": ADA}, "shown to people who have signed in"),
        (lambda: claims(datetime.now(UTC) - timedelta(hours=13)), "Your sign-in is over"),
        (lambda: fresh(email_verified=False), "not open to this account"),
    ],
    ids=["signed out", "not told", "too long ago", "not verified"],
)
def test_who_is_not_let_in_gets_one_button_and_nothing_else(
    open_as: Open, told: Callable[[], dict[str, Any]], said: str
) -> None:
    page = open_as(told())
    assert said in page.markdown[0].value
    assert [one.label for one in page.button] in (["Sign in"], ["Sign out"])
    assert [one.value for one in page.title] == ["Cairn"]
    assert not [*page.metric, *page.dataframe, *page.selectbox, *page.sidebar.caption]
    assert "Harbour" not in words(page)


def test_who_signed_in_sees_the_page_and_the_way_out(open_as: Open) -> None:
    page = open_as(fresh())
    assert page.metric
    assert [one.value for one in page.sidebar.text] == [ADA]
    assert "Sign out" in [one.label for one in page.sidebar.button]


def test_a_sign_out_elsewhere_counts_at_the_next_step(open_as: Open) -> None:
    told = fresh(nonce="two windows")
    who = person(told)
    assert who is not None
    page = open_as(told)
    ENDED.add(who.session)
    settled(page)
    assert "You are signed out." in page.markdown[0].value
    assert not page.metric


def test_who_signed_in_past_the_log_is_told_so(open_as: Open) -> None:
    told = fresh(nonce="past the log")
    who = person(told)
    assert who is not None
    UNLOGGED.tell(who.session, "the disk is full; make room")
    shown = [one.value for one in open_as(told).sidebar.caption]
    assert "This sign-in is not in the log of events: the disk is full; make room." in [
        one.replace("\\", "") for one in shown
    ]


def test_who_is_signed_in_decides_under_their_account_wherever_they_are(
    open_as: Open, folder: Path
) -> None:
    made = asked(folder, requester="bo")
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")  # noqa: S104 - where others reach the pages
    try:
        page = open_as(fresh(), VIEW)
        assert not [one for one in page.text_input if one.label == "You decide as"]
        assert "You decide as who is signed in" in words(page)
        assert [one.value for one in page.main.text] == [ADA]
        page.query_params["waiver"] = made
        settled(page)
        field(page, "Your reason").set_value("agreed")
        press(page, "Approve")
    finally:
        config.set_option("server.address", before)
    one = found(folder, made)
    assert one.state(today()) is State.IN_FORCE
    assert one.approved is not None
    assert one.approved.by == ADA


def test_who_asked_for_a_waiver_does_not_approve_it_under_another_name(
    open_as: Open, folder: Path
) -> None:
    made = asked(folder, requester="ada.alder")
    page = open_as(fresh(), VIEW)
    page.query_params["waiver"] = made
    settled(page)
    field(page, "Your reason").set_value("agreed")
    press(page, "Approve")
    assert page.error
    assert found(folder, made).state(today()) is State.REQUESTED


def test_who_is_signed_out_meanwhile_decides_nothing(open_as: Open, folder: Path) -> None:
    made = asked(folder, requester="bo")
    told = fresh(nonce="meanwhile")
    who = person(told)
    assert who is not None
    page = open_as(told, VIEW)
    page.query_params["waiver"] = made
    settled(page)
    field(page, "Your reason").set_value("agreed")
    ENDED.add(who.session)
    press(page, "Approve")
    assert found(folder, made).state(today()) is State.REQUESTED
    assert "You are signed out." in page.markdown[0].value

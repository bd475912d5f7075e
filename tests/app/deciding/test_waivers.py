"""Answering waivers on the page, taking them back, and what ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.controls.examination import Examination
from data.controls.outcome import Outcome
from data.decisions.book import Book
from data.decisions.scope import parse_scope
from data.decisions.waiver import State
from data.decisions.waiving import approve
from tests.app.conftest import OpenPage
from tests.app.deciding.page import (
    Open,
    as_,
    asked,
    field,
    found,
    press,
    said,
    settled,
    words,
)
from tests.today import in_days, today


def test_without_data_the_page_says_so(open_waivers: Open, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert [one.value for one in open_waivers(empty).header] == ["There is no data yet"]


def test_without_decisions_the_page_says_what_can_be_decided(open_waivers: Open) -> None:
    page = open_waivers()
    assert "No waiver was ever asked for" in [one.value for one in page.header]
    assert "**0** wait for an answer" in words(page)
    assert "**Reviews of access:** none was started" in words(page)


def test_a_request_is_rejected_with_a_reason(open_waivers: Open, folder: Path) -> None:
    made = asked(folder)
    page = as_(open_waivers(waiver=made), "bo")
    press(page, "Reject")
    assert "a decision has a reason" in said(page.error[0].value)
    field(page, "Your reason").set_value("it can be mended today")
    press(page, "Reject")
    one = found(folder, made)
    assert (one.state(today()), one.rejected and one.rejected.why) == (
        State.REJECTED,
        "it can be mended today",
    )
    assert list(page.dataframe[0].value["State"]) == ["✗ rejected"], "it stays in the list"
    assert not [o for o in page.button if o.label == "Approve"], "what is answered is over"


def test_a_waiver_in_force_is_withdrawn(open_waivers: Open, folder: Path) -> None:
    made = asked(folder)
    approve(Book(folder), made, ("bo", "agreed"))
    page = as_(open_waivers(waiver=made), "cy")
    field(page, "Your reason").set_value("it is mended")
    press(page, "Withdraw")
    assert found(folder, made).state(today()) is State.WITHDRAWN
    told = next(frame.value for frame in page.dataframe if "What" in frame.value)
    assert list(told["What"]) == ["asked for", "approved", "withdrawn"]
    assert list(told["Who"]) == ["ada", "bo", "cy"]
    line = page.dataframe[0].value.iloc[0]
    assert line["With waivers"] == line["Pass rate"]


def test_what_has_expired_stays_listed_and_covers_nothing(open_waivers: Open, folder: Path) -> None:
    then = datetime.now(UTC) - timedelta(days=40)
    made = asked(folder, at=then, until=in_days(-10))
    approve(Book(folder), made, ("bo", "agreed"), then + timedelta(hours=1))
    page = open_waivers(waiver=made, state="expired")
    assert "**0** in force · **1** expired" in words(page)
    line = page.dataframe[0].value.iloc[0]
    assert line["State"] == "– expired"
    assert line[["Covers", "Days left"]].isna().all(), "it covers nothing: that is no zero of rows"
    assert line["With waivers"] == line["Pass rate"]
    assert "It covers nothing any more" in words(page)
    assert not [o for o in page.button if o.label in ("Approve", "Withdraw")]


def test_the_filters_leave_what_they_name(open_waivers: Open, folder: Path) -> None:
    mine = asked(folder)
    asked(folder, scope=parse_scope("team:few"))
    asked(folder, control="CM-03", scope=parse_scope("organisation"))
    assert len(open_waivers().dataframe[0].value) == 3
    shown = open_waivers(team="web").dataframe[0].value
    assert set(shown["Holds for"]) == {"team Web _team_", "the whole organisation"}
    assert list(open_waivers(control="CM-03").dataframe[0].value["Control"]) == ["CM-03"]
    nothing = open_waivers(team="silent", control="DP-05")
    assert "The filters leave no waiver" in [one.value for one in nothing.header]
    assert "There is no waiver" in open_waivers(waiver="0000").warning[0].value
    assert "waiver" not in open_waivers(waiver="0000").query_params
    assert open_waivers(waiver=mine).query_params["waiver"] == mine


def test_a_decision_about_one_control_leaves_what_is_known_of_the_others(
    open_page: OpenPage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(folder)
    page.query_params["window"] = "2026-Q3"
    page.switch_page("views/governance/posture.py")
    settled(page)
    evaluated: list[str] = []
    real = Examination.outcomes

    def noted(made: Examination, *asked: Any, **options: Any) -> list[Outcome]:
        found = real(made, *asked, **options)
        evaluated.extend(one.control.id for one in found)
        return found

    monkeypatch.setattr(Examination, "outcomes", noted)
    settled(page)
    assert evaluated == [], "all is known"
    asked(folder, control="DP-05")
    settled(page)
    assert evaluated == ["DP-05"]

"""Asking for a waiver on the page, and what nobody may have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.decisions.book import Book
from data.decisions.waiver import State
from tests.app.deciding.page import (
    Open,
    as_,
    choose,
    field,
    found,
    logged,
    press,
    said,
    settled,
    words,
)
from tests.today import in_days, today


def test_a_waiver_is_asked_for_refused_to_its_asker_and_approved_by_another(
    open_waivers: Open, folder: Path
) -> None:
    page = as_(open_waivers(about="request", control="DP-05"), "ada")
    would = next(one.value for one in page.markdown if "It would cover" in one.value)
    many, fails = map(int, re.findall(r"\*\*(\d+) of (\d+) failing", would)[0])
    assert 0 < many <= fails
    field(page, "Justification").set_value("the tickets come with the new board")
    field(page, "Ticket").set_value("OPS-7")
    press(page, "Request")
    one = found(folder)
    assert (one.requester, one.ticket, one.state(today())) == ("ada", "OPS-7", State.REQUESTED)
    assert logged(folder) == [f"decision:{one.id}"], "it is in the log at once"
    assert page.query_params["waiver"] == one.id, "the page opens what was asked for"

    field(page, "Your reason").set_value("it is fine")
    press(page, "Approve")
    assert "`ada` asks for the waiver and approves it" in said(page.error[0].value)
    assert field(page, "Your reason").value == "it is fine", "what was written stays"
    assert found(folder).state(today()) is State.REQUESTED

    press(as_(page, "bo"), "Approve")
    assert "approved" in page.success[0].value
    assert found(folder).state(today()) is State.IN_FORCE
    assert "**1** in force" in words(page), "the line above tells it at once"
    line = page.dataframe[0].value.iloc[0]
    assert (line["State"], line["Covers"], line["Of failing"]) == ("✓ in force", many, fails)
    assert line["With waivers"] > line["Pass rate"], "both rates stand side by side"
    assert line["Answered by"] == "bo"
    assert len(logged(folder)) == 2


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"Justification": " "}, "it is not justified"),
        ({"Last day": -1}, "which is past"),
        ({"Last day": 91}, "more than the 90 days"),
        ({"Last day": None}, "it has no end"),
        ({"Scope": "team:wbe"}, "nothing of `DP-05` is in `team:wbe`"),
        ({"Scope": "web"}, "`web` is no scope"),
        ({"You decide as": " "}, "nobody asks for it"),
    ],
)
def test_what_nobody_may_have_is_refused_in_one_line_and_the_input_stays(
    open_waivers: Open, folder: Path, fields: dict[str, object], says: str
) -> None:
    page = as_(open_waivers(about="request", control="DP-05"), "ada")
    if "Scope" in fields:
        choose(page, "For what", "as written")
    field(page, "Justification").set_value("so be it")
    field(page, "Ticket").set_value("OPS-9")
    for label, value in fields.items():
        field(page, label).set_value(in_days(value) if isinstance(value, int) else value)
    press(settled(page), "Request")
    (refused,) = [one.value for one in page.error]
    assert says in said(refused)
    assert field(page, "Ticket").value == "OPS-9"
    assert Book(folder).decisions() == ()


def test_what_mitigates_must_be_said_and_an_emergency_is_short(
    open_waivers: Open, folder: Path
) -> None:
    page = open_waivers(about="request", control="DP-05")
    field(page, "Reason").set_value("mitigated")
    field(page, "Justification").set_value("so be it")
    press(settled(page), "Request")
    assert "it is not said what mitigates it" in said(page.error[0].value)
    field(page, "Reason").set_value("emergency")
    settled(page)
    last = field(page, "Last day")
    assert "at most 14 days from now" in last.label
    assert last.value == in_days(14)
    assert Book(folder).decisions() == ()

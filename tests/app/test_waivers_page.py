"""Waivers and attestations: asking, answering, taking back, and what ends, on the page itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from data.configuration import load
from data.configuration.waivers import WaiverReason, WaiverSettings
from data.decisions.access_review import Verdict, access_reviews
from data.decisions.attestation import attestations
from data.decisions.book import Book
from data.decisions.scope import parse_scope
from data.decisions.waiver import State, Waiver, waivers
from data.decisions.waiving import Request, Rules, approve, request
from data.ledger.entry import Asked
from data.ledger.ledger import Ledger
from tests.app.cli.granted import publish_rights
from tests.app.cli.running import answer
from tests.app.conftest import OpenPage
from tests.app.organisation import CONFIGURATION

VIEW = "views/governance/waivers.py"
TODAY = datetime.now(UTC).date()
SHOWN = '[governance]\nnames = "shown"\n\n'
ANY = Rules(WaiverSettings(), lambda _: True, lambda *_: 1)
Open = Callable[..., AppTest]


@pytest.fixture
def folder(harbour: Path, tmp_path: Path) -> Path:
    """The small organisation, without any decision yet; names are shown."""
    (tmp_path / "cairn.toml").write_text(SHOWN + CONFIGURATION)
    (tmp_path / "store").symlink_to(harbour / "store")
    return tmp_path


@pytest.fixture
def open_waivers(open_page: OpenPage, folder: Path) -> Open:
    """Opens the page as a link would."""

    def opened(at: Path = folder, **address: str) -> AppTest:
        page = open_page(at)
        for _ in range(2):
            page.query_params.clear()
            for key, value in address.items():
                page.query_params[key] = value
            page.switch_page(VIEW)
        return settled(page)

    return opened


def settled(page: AppTest) -> AppTest:
    page.run(timeout=180)
    assert not page.exception, page.exception[0].message
    return page


def as_(page: AppTest, name: str) -> AppTest:
    """The same page, where somebody else sits."""
    field(page, "You decide as").set_value(name)
    return settled(page)


def choose(page: AppTest, label: str, value: str) -> AppTest:
    """Chooses one of several that stand side by side."""
    next(one for one in page.button_group if one.label == label).set_value(value)
    return settled(page)


def field(page: AppTest, label: str) -> object:
    kinds = (page.text_input, page.text_area, page.selectbox, page.date_input)
    (found,) = [one for kind in kinds for one in kind if one.label.startswith(label)]
    return found


def press(page: AppTest, label: str) -> AppTest:
    (found,) = [one for one in page.button if re.match(label, one.label)]
    found.click()
    return settled(page)


def asked(folder: Path, requester: str = "ada", **other: object) -> str:
    """A request that is open; gives its id."""
    told = {
        "control": "DP-05",
        "scope": parse_scope("team:web"),
        "reason": WaiverReason.RISK_ACCEPTED,
        "justification": "the tickets come with the new board",
        "requester": requester,
        "until": TODAY + timedelta(days=20),
        **{key: value for key, value in other.items() if key != "at"},
    }
    at = other.get("at")
    return request(Book(folder), Request(**told), ANY, at).id  # type: ignore[arg-type]


def found(folder: Path, waiver: str = "") -> Waiver:
    known = waivers(Book(folder))
    one = known.find(waiver) if waiver else known.all[-1]
    assert one is not None
    return one


def said(refused: str) -> str:
    """A message as it was before it became Markdown."""
    return refused[:1].lower() + refused[1:].replace("\\", "")


def words(page: AppTest) -> str:
    told = (*page.markdown, *page.caption, *page.header, *page.success, *page.error, *page.info)
    return " ".join(one.value for one in told)


def logged(folder: Path) -> list[str]:
    ledger = Ledger(folder, load(folder / "cairn.toml").ledger)
    return [entry.id for entry in ledger.entries(Asked(kind="decision.*"))]


def test_without_data_the_page_says_so(open_waivers: Open, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert [one.value for one in open_waivers(empty).header] == ["There is no data yet"]


def test_without_decisions_the_page_says_what_can_be_decided(open_waivers: Open) -> None:
    page = open_waivers()
    assert "No waiver was ever asked for" in [one.value for one in page.header]
    assert "**0** wait for an answer" in words(page)
    assert "**Reviews of access:** none was started" in words(page)


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
    assert (one.requester, one.ticket, one.state(TODAY)) == ("ada", "OPS-7", State.REQUESTED)
    assert logged(folder) == [f"decision:{one.id}"], "it is in the log at once"
    assert page.query_params["waiver"] == one.id, "the page opens what was asked for"

    field(page, "Your reason").set_value("it is fine")
    press(page, "Approve")
    assert "`ada` asks for the waiver and approves it" in said(page.error[0].value)
    assert field(page, "Your reason").value == "it is fine", "what was written stays"
    assert found(folder).state(TODAY) is State.REQUESTED

    press(as_(page, "bo"), "Approve")
    assert "approved" in page.success[0].value
    assert found(folder).state(TODAY) is State.IN_FORCE
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
        ({"Last day": TODAY - timedelta(days=1)}, "which is past"),
        ({"Last day": TODAY + timedelta(days=91)}, "more than the 90 days"),
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
        field(page, label).set_value(value)
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
    assert last.value == TODAY + timedelta(days=14)
    assert Book(folder).decisions() == ()


def test_a_request_is_rejected_with_a_reason(open_waivers: Open, folder: Path) -> None:
    made = asked(folder)
    page = as_(open_waivers(waiver=made), "bo")
    press(page, "Reject")
    assert "a decision has a reason" in said(page.error[0].value)
    field(page, "Your reason").set_value("it can be mended today")
    press(page, "Reject")
    one = found(folder, made)
    assert (one.state(TODAY), one.rejected and one.rejected.why) == (
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
    assert found(folder, made).state(TODAY) is State.WITHDRAWN
    told = next(frame.value for frame in page.dataframe if "What" in frame.value)
    assert list(told["What"]) == ["asked for", "approved", "withdrawn"]
    assert list(told["Who"]) == ["ada", "bo", "cy"]
    line = page.dataframe[0].value.iloc[0]
    assert line["With waivers"] == line["Pass rate"]


def test_what_has_expired_stays_listed_and_covers_nothing(open_waivers: Open, folder: Path) -> None:
    then = datetime.now(UTC) - timedelta(days=40)
    made = asked(folder, at=then, until=TODAY - timedelta(days=10))
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
        assert found(folder, made).state(TODAY) is State.REQUESTED
        page = open_waivers(waiver=made)
        assert "nothing is decided here" in page.info[0].value
        assert not page.button
        assert not page.text_input
        assert not open_waivers(about="request").text_area
    finally:
        config.set_option("server.address", before)


def test_a_control_is_attested_by_one_and_reviewed_by_another(
    open_waivers: Open, folder: Path
) -> None:
    page = open_waivers(about="attestations", manual="PD-01", window="2026-Q3")
    table = page.dataframe[0].value.set_index("Control")
    assert table.loc["PD-01", "State"] == "? missing"
    waiting = int(table.loc["PD-01", "Waiting"])
    page.session_state["attest PD-01"] = True
    settled(page)
    choose(page, "For what", "the whole organisation")
    field(page, "It tells of").set_value("2026-Q3")
    field(page, "What was looked at").set_value("all of the record")
    field(page, "Links to evidence").set_value("records/restore.pdf")
    field(page, "Attested by").set_value("ada")
    press(as_(page, "ada"), "Record")
    assert "is no link" in said(page.error[0].value)
    field(page, "Links to evidence").set_value("https://wiki.example/record")
    press(page, "Record")
    assert "`ada` attests it and reviews it" in said(page.error[0].value)
    assert field(page, "What was looked at").value == "all of the record"
    press(as_(page, "bo"), "Record")
    (one,) = attestations(Book(folder)).all
    assert (one.told.attested_by, one.told.reviewer) == ("ada", "bo")
    assert [piece.place for piece in one.told.evidence] == ["https://wiki.example/record"]
    table = page.dataframe[0].value.set_index("Control")
    assert table.loc["PD-01", "State"] in ("✎ answered", "! expiring")
    assert (table.loc["PD-01", "Answered"], table.loc["PD-01", "Waiting"]) == (waiting, 0)
    assert len(logged(folder)) == 1

    field(page, "Your reason").set_value("it was the wrong record")
    press(page, "Withdraw")
    table = page.dataframe[0].value.set_index("Control")
    assert (table.loc["PD-01", "State"], table.loc["PD-01", "Waiting"]) == ("? missing", waiting)


def test_a_file_that_is_sent_is_kept_and_told_apart_when_it_changes(
    open_waivers: Open, folder: Path
) -> None:
    page = as_(open_waivers(about="attestations", manual="PD-01"), "bo")
    page.session_state["attest PD-01"] = True
    settled(page)
    choose(page, "For what", "the whole organisation")
    field(page, "What was looked at").set_value("all of the record")
    page.file_uploader[0].set_value([("record.pdf", b"signed", "application/pdf")])
    press(page, "Record")
    assert "name both" in said(page.error[0].value)
    assert not list(folder.glob("evidence/*")), "what is refused is not kept"
    field(page, "Attested by").set_value("ada")
    press(page, "Record")
    (one,) = attestations(Book(folder)).all
    (file,) = folder.glob("evidence/*")
    assert one.told.evidence[0].place == f"evidence/{file.name}"
    assert evidence(page).loc[0, "Kept"] == "same"
    file.write_bytes(b"forged")
    assert evidence(settled(page)).loc[0, "Kept"] == "changed"
    file.unlink()
    assert evidence(settled(page)).loc[0, "Kept"] == "missing"


def evidence(page: AppTest) -> pd.DataFrame:
    return next(frame.value for frame in page.dataframe if "Kept" in frame.value)


@pytest.fixture
def granted(tmp_path: Path) -> Path:
    """An organisation with rights that can be reviewed; names are shown."""
    folder = tmp_path / "granted"
    publish_rights(folder)
    path = folder / "cairn.toml"
    path.write_text(SHOWN + path.read_text())
    return folder


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


def test_who_may_see_no_names_reviews_nobody(open_waivers: Open, granted: Path) -> None:
    path = granted / "cairn.toml"
    path.write_text(path.read_text().removeprefix(SHOWN))
    made = answer(granted, "access-review", "start", "--until", str(TODAY), "--reason", "q",
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
    made = answer(granted, "access-review", "start", "--until", str(TODAY), "--reason", "q",
                  "--scope", "team:web", "--actor", "bo")["rows"][0]["id"]  # fmt: skip
    page = open_waivers(granted, about="reviews", review=made)
    assert page.dataframe[0].value[["Rights", "Decided", "To remove"]].isna().all(axis=None)
    assert "is withheld" in words(page)

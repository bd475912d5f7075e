"""Answering controls that ask people, on the page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest

from data.decisions.attestation import Answer, Attested, attestations
from data.decisions.attesting import attest
from data.decisions.book import Book
from data.decisions.scope import parse_scope
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
from tests.today import in_days


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
    page.file_uploader[0].set_value([("record.pdf", b"signed", "application/pdf")] * 2)
    press(page, "Record")
    assert "name both" in said(page.error[0].value)
    assert not list(folder.glob("evidence/*")), "what is refused is not kept"
    field(page, "Attested by").set_value("ada")
    press(page, "Record")
    (one,) = attestations(Book(folder)).all
    (file,) = folder.glob("evidence/*")
    assert [piece.place for piece in one.told.evidence] == [f"evidence/{file.name}"]
    assert evidence(page).loc[0, "Kept"] == "same"
    file.write_bytes(b"forged")
    assert evidence(settled(page)).loc[0, "Kept"] == "changed"
    file.unlink()
    assert evidence(settled(page)).loc[0, "Kept"] == "missing"


def test_of_a_team_only_what_was_answered_for_it_counts(open_waivers: Open, folder: Path) -> None:
    told = Attested(
        control="PD-01",
        scope=parse_scope("team:few"),
        start=date(2026, 7, 1),
        end=date(2026, 10, 1),
        answer=Answer.DOES_NOT_HOLD,
        statement="few keep no record",
        evidence=(),
        attested_by="ada",
        reviewer="bo",
        until=in_days(20),
    )
    attest(Book(folder), told)
    about = {"about": "attestations", "manual": "PD-01", "window": "2026-Q3"}

    def state(page: AppTest) -> str:
        return str(page.dataframe[0].value.set_index("Control").loc["PD-01", "State"])

    everybody = open_waivers(**about)
    assert state(everybody) == "✗ does not hold"
    assert "What was answered" in words(everybody)
    few, web = open_waivers(team="few", **about), open_waivers(team="web", **about)
    assert state(few) == "✗ does not hold"
    assert state(web) == "? missing"
    assert "What was answered" not in words(web)


def evidence(page: AppTest) -> pd.DataFrame:
    return next(frame.value for frame in page.dataframe if "Kept" in frame.value)

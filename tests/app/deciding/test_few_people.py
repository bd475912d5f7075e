"""What the page tells of controls that are about few people, where names are hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.decisions.scope import parse_scope
from tests.app.cli.running import answer
from tests.app.deciding.page import SHOWN, Open, asked, choose, field, settled, words
from tests.today import in_days

_RATES = ["Of failing", "Pass rate", "With waivers"]


@pytest.fixture
def hidden(granted: Path) -> Path:
    """The organisation with rights, two people of which are in team `web`; none is named."""
    path = granted / "cairn.toml"
    path.write_text(path.read_text().removeprefix(SHOWN))
    return granted


def test_what_a_waiver_over_few_people_covers_is_withheld(open_waivers: Open, hidden: Path) -> None:
    few = asked(hidden, control="AC-02")
    many = asked(hidden, control="AC-02", scope=parse_scope("organisation"))
    table = open_waivers(hidden, waiver=few, window="365d").dataframe[0].value
    assert dict(zip(table["Holds for"], table["Covers"].notna(), strict=True)) == {
        "team web": False,
        "the whole organisation": True,
    }
    assert table["Of failing"].notna().all(), "the whole organisation is told"
    assert "What it covers is withheld: it is about under 3 people" in words(
        open_waivers(hidden, waiver=few, window="365d")
    )
    assert "would cover **3 of 3" in words(open_waivers(hidden, waiver=many, window="365d"))


def test_of_a_team_of_few_people_no_number_of_a_waiver_is_told(
    open_waivers: Open, hidden: Path
) -> None:
    made = asked(hidden, control="AC-02", scope=parse_scope("organisation"))
    page = open_waivers(hidden, waiver=made, team="web", window="365d")
    assert page.dataframe[0].value[[*_RATES, "Covers"]].isna().all(axis=None)
    assert "%" not in words(page)
    page = open_waivers(hidden, about="request", control="AC-02", team="web", window="365d")
    assert "How many rows fail is withheld" in words(page)


def test_before_a_waiver_is_asked_for_nothing_is_told_of_few_people(
    open_waivers: Open, hidden: Path
) -> None:
    page = open_waivers(hidden, about="request", control="AC-02", window="365d")
    for pick in ("a team", "a repository"):
        choose(page, "For what", pick)
        offered = page.selectbox(key=f"waiver scope {pick.removeprefix('a ')}").options
        assert not [one for one in offered if any(map(str.isdigit, one))]
    field(page, "Repository").set_value("shop-web")
    assert "What it would cover is withheld" in words(settled(page))
    choose(page, "For what", "the whole organisation")
    assert "It would cover **3 of 3 failing rows**" in words(page)


def test_how_far_a_control_about_few_people_is_answered_is_withheld(
    open_waivers: Open, hidden: Path
) -> None:
    told = ("--period", "2026-09", "--answer", "holds", "--statement", "seen", "--evidence",
            "https://wiki.example/x", "--attested-by", "bo", "--reviewer", "cy")  # fmt: skip
    answer(
        hidden, "attest", "set", "AC-02", "--scope", "team:web", "--until", str(in_days(1)), *told
    )
    page = open_waivers(hidden, about="attestations", team="web", manual="AC-02", window="365d")
    line = page.dataframe[0].value.set_index("Control").loc["AC-02"]
    assert line["State"] == "? withheld"
    assert line[["Answered", "Waiting"]].isna().all()
    assert "**1** withheld" in words(page)


def test_where_names_are_shown_all_is_told(open_waivers: Open, granted: Path) -> None:
    asked(granted, control="AC-02")
    page = open_waivers(granted, team="web", window="365d")
    line = page.dataframe[0].value.iloc[0]
    assert (line["Covers"], line["Of failing"]) == (2, 2)

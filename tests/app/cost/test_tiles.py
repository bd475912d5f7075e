"""What tiles and parts of costs say where there is no amount: nothing is billed, or not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.components.cost.overview_tiles import none_alike
from app.components.cost.part_names import Names
from app.components.cost.parts import id_of
from app.components.cost.team_tiles import of_all
from data.costs.views.asked import Asked
from data.costs.views.compared import Compared
from data.costs.views.told import By, Told, whole

APRIL = date(2026, 4, 1)
NOTHING = whole(())
FIVE = replace(NOTHING, rows=1, amount=Decimal(5))


def running(days: int | None) -> Told:
    """April, of which so many days are compared."""
    cut = Compared(APRIL, days, "hosting (account-2)")
    return Told(Asked(APRIL, "EUR"), "EUR", is_reporting=False, compared=cut)


def test_where_nothing_is_billed_no_account_is_blamed_for_days_that_are_not_compared() -> None:
    assert none_alike(running(0), NOTHING) == "nothing is billed here"
    assert none_alike(running(0), FIVE).startswith("not compared: hosting")
    assert none_alike(running(0), replace(FIVE, amount=None, untold=1)) == (
        "not known: a bill does not tell it"
    )


def test_what_is_billed_on_later_days_alone_is_not_compared_and_says_which_days_are() -> None:
    assert none_alike(running(11), FIVE) == (
        "nothing is billed here in the first 11 days of April 2026"
    )


def test_a_team_has_no_share_of_a_sum_that_is_not_known() -> None:
    unknown = replace(FIVE, amount=None, lacking=1)
    assert of_all("EUR", NOTHING, FIVE) == "nothing is billed here"
    assert of_all("EUR", FIVE, unknown) == "in all not known: a rate is missing"
    assert (
        of_all("EUR", FIVE, replace(FIVE, amount=Decimal(-1)))
        == "no share: credits outweigh charges"
    )
    assert of_all("EUR", FIVE, replace(FIVE, amount=Decimal(10))) == "50.0 % of 10 in all"


def test_a_part_of_which_nothing_says_which_has_its_words_as_id() -> None:
    assert id_of(NOTHING, Names(By.SERVICE)) == "no service"
    assert id_of(NOTHING, Names(By.ACTIVITY)) == "not declared"
    assert id_of(replace(NOTHING, nobody="unallocated"), Names(By.TEAM)) == "unallocated"

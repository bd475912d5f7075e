"""Who is let in, for how long, and where a sign-out counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.access.person import Person, person
from app.access.standing import Ended, Standing, standing
from tests.app.access.claimed import NOW, SETTINGS, claims


def who(**other: object) -> Person:
    found = person(claims(**other))
    assert found is not None
    return found


def test_nobody_is_not_let_in() -> None:
    assert standing(SETTINGS, None, NOW) is Standing.NOBODY
    let_in = [one for one in Standing if one.is_let_in]
    assert let_in == [Standing.NOT_ASKED, Standing.SIGNED_IN]


@pytest.mark.parametrize(
    ("passed", "found"),
    [
        (timedelta(0), Standing.SIGNED_IN),
        (timedelta(hours=12, minutes=-1, seconds=-1), Standing.SIGNED_IN),
        (timedelta(hours=12, minutes=-1), Standing.OVER),
        (timedelta(days=30), Standing.OVER),
    ],
)
def test_a_sign_in_holds_for_some_hours(passed: timedelta, found: Standing) -> None:
    assert standing(SETTINGS, who(), NOW + passed) is found


def test_what_was_signed_out_is_over_wherever_its_cookie_is() -> None:
    ended = Ended()
    ended.add(who().session)
    assert standing(SETTINGS, who(), NOW, ended) is Standing.SIGNED_OUT
    assert standing(SETTINGS, who(nonce="n-2"), NOW, ended) is Standing.SIGNED_IN


@pytest.mark.parametrize(
    ("only", "other", "found"),
    [
        ((), {}, Standing.SIGNED_IN),
        (("*@HARBOUR.example",), {}, Standing.SIGNED_IN),
        (("*@harbour.example",), {"email_verified": False}, Standing.REFUSED),
        (("*@harbour.example",), {"email": "x@harbour.example.evil"}, Standing.REFUSED),
        (("1001",), {"email": None}, Standing.SIGNED_IN),
        (("bo@harbour.example", "ada.*"), {}, Standing.SIGNED_IN),
    ],
)
def test_only_who_is_named_is_let_in(
    only: tuple[str, ...], other: dict[str, object], found: Standing
) -> None:
    settings = SETTINGS.model_copy(update={"only": only})
    assert standing(settings, who(**other), NOW) is found

"""Who a provider's claims tell of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.access.person import person
from tests.app.access.claimed import NOW, claims


def test_a_verified_address_says_who_it_is() -> None:
    who = person(claims())
    assert who is not None
    assert (who.account, who.is_email) == ("Ada.Alder@harbour.example", True)
    assert who.began_at == NOW - timedelta(minutes=1)


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_is_not_verified_says_nothing(verified: object) -> None:
    who = person(claims(email_verified=verified))
    assert who is not None
    assert (who.account, who.is_email) == ("1001", False)


def test_each_sign_in_has_an_id_of_its_own_that_tells_nobody_who_it_is() -> None:
    first, again, next_ = person(claims()), person(claims()), person(claims(nonce="n-2"))
    assert first is not None
    assert again is not None
    assert next_ is not None
    assert first.session == again.session != next_.session


@pytest.mark.parametrize(
    "other",
    [
        {"is_logged_in": False}, {"is_logged_in": "true"}, {"is_logged_in": None},
        {"iss": None}, {"sub": ""}, {"sub": 7}, {"nonce": None},
        {"iat": None}, {"iat": "1795372210"}, {"iat": True}, {"iat": 1e300},
        {"iat": float("nan")},
    ],
)  # fmt: skip
def test_claims_that_lack_what_counts_are_nobodys(other: dict[str, object]) -> None:
    assert person(claims(**other)) is None


def test_without_claims_there_is_nobody() -> None:
    assert person({}) is None

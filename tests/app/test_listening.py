"""Whether others than this machine can reach the pages."""

from __future__ import annotations

import pytest

from app.listening import LOCAL, is_alone


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "::1", "127.0.0.9", "[::1]"])
def test_an_address_of_this_machine_for_itself_lets_nobody_else_in(address: str) -> None:
    assert is_alone(address, [*LOCAL, address])


_OTHERS = (None, "", "0.0.0.0", "::", "192.0.2.7", "pages.example")  # noqa: S104 - not bound to


@pytest.mark.parametrize("address", _OTHERS)
def test_any_other_address_lets_others_in(address: str | None) -> None:
    assert not is_alone(address, LOCAL)


def test_another_name_means_that_others_ask_by_it_through_a_proxy() -> None:
    assert not is_alone("localhost", [*LOCAL, "pages.example"])


@pytest.mark.parametrize("header", ["X-Forwarded-For", "forwarded", "Via"])
def test_what_only_a_proxy_writes_means_that_others_ask(header: str) -> None:
    assert is_alone("localhost", LOCAL, ["Host", "User-Agent"])
    assert not is_alone("localhost", LOCAL, ["Host", header])

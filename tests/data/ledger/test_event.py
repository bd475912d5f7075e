"""How an event is written down: in one way, and nothing that could be read in two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from data.ledger.event import Event, event
from data.ledger.refusal import EventRefused

AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
PERSON = "person:" + "0" * 32


@pytest.mark.parametrize("value", [float("nan"), 2**53, AT])
def test_what_json_cannot_hold_exactly_is_refused(value: Any) -> None:
    with pytest.raises(EventRefused, match="cannot be written as JSON"):
        Event("change.merged", "1", AT, data={"value": value}).content()


def test_an_event_is_read_as_it_was_written() -> None:
    told = Event(
        "change.merged", "github:acme/web#pull/1", AT, AT - timedelta(seconds=1), PERSON,
        "github:acme/web", "github", {"state": "open"}, {"state": "merged"}, "https://example.com",
        {"labels": ["a"]},
    )  # fmt: skip
    assert event(told.content()) == told


def test_what_no_source_told_is_null() -> None:
    told = Event("change.merged", "1", AT)
    assert b'"happened_at":null' in told.content()
    assert b'"actor":null' in told.content()
    assert told.written()[1] == "2026-03-01T12:30:00.000000Z"


def test_half_of_a_sign_is_refused_wherever_it_stands() -> None:
    with pytest.raises(EventRefused, match="cannot be written as JSON"):
        Event("a.b", "1", AT, subject="\ud800").content()


def test_a_time_is_written_in_utc_wherever_it_was_told() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert Event("a.b", "1", AT).content() == Event("a.b", "1", elsewhere).content()


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(EventRefused, match="without a zone"):
        Event("a.b", "1", AT.replace(tzinfo=None)).content()


@pytest.mark.parametrize("actor", ["jane", "person:jane", "jane@example.com", "", PERSON + "0"])
def test_an_actor_is_a_pseudonym(actor: str) -> None:
    with pytest.raises(EventRefused, match="names its actor openly"):
        Event("a.b", "1", AT, actor=actor).content()


@pytest.mark.parametrize("kind", ["", "change", "Change.merged", "change merged", "change.", "a.*"])
def test_a_kind_has_two_words_or_more(kind: str) -> None:
    with pytest.raises(EventRefused, match="no kind of event"):
        Event(kind, "1", AT).content()


def test_an_event_has_an_id() -> None:
    with pytest.raises(EventRefused, match="no id"):
        Event("a.b", "", AT).content()

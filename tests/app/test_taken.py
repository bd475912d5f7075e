"""A file that a page hands out is in the log; one that cannot be is handed out and told of."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from app.access.person import Person
from app.access.standing import ENDED, Standing
from app.components import sign_in, taken
from app.components.sign_in import NotSignedIn, Reader
from data.ledger.entry import Asked
from data.ledger.event import Event
from data.ledger.ledger import Ledger
from data.ledger.lock import held
from data.period import Window
from data.trail.exported import KIND, Export, Through
from tests.app.access.claimed import SETTINGS

CONTENT = b"id,state\na,pass\n"
EXPORT = Export(
    subject="CM-03",
    title="rows of CM-03 as CSV",
    through=Through.PAGE,
    account=None,
    definition="CM-03, version 1, sha256 00",
    filters={"team": "web"},
    period=Window(date(2026, 10, 1), date(2026, 11, 1)),
    snapshot="s1",
    rows=1,
)


class Drawn:
    """What one run of a page drew: the file behind the button, and the lines beside it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.press: Callable[[], bytes] = bytes
        self.lines: list[str] = []
        monkeypatch.setattr(st, "download_button", self._button)
        monkeypatch.setattr(st, "caption", lambda line: self.lines.append(line.replace("\\", "")))

    def _button(self, label: str, data: Callable[[], bytes], *args: Any, **kwargs: Any) -> None:
        del label, args, kwargs
        self.press = data

    def again(self) -> Drawn:
        self.lines.clear()
        taken.download("All rows as CSV", lambda: CONTENT, "rows.csv", EXPORT)
        return self


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drawn:
    monkeypatch.setenv("CAIRN_DATA", str(tmp_path))
    (tmp_path / "cairn.toml").write_text('[organisation]\nname = "Small"\n', encoding="utf-8")
    return Drawn(monkeypatch).again()


def logged(folder: Path) -> list[Event]:
    found = Ledger(folder).entries(Asked(kind=KIND))
    return [entry.event for entry in found if entry.event is not None]


def test_a_button_that_nobody_presses_logs_nothing(drawn: Drawn, tmp_path: Path) -> None:
    assert logged(tmp_path) == []
    assert drawn.lines == []


def test_each_time_it_is_taken_is_an_event_that_names_the_bytes(
    drawn: Drawn, tmp_path: Path
) -> None:
    assert drawn.press() == CONTENT
    assert drawn.press() == CONTENT
    one, other = logged(tmp_path)
    assert one.id != other.id
    assert (one.subject, one.after) == ("CM-03", hashlib.sha256(CONTENT).hexdigest())
    assert one.data == {
        "title": "rows of CM-03 as CSV",
        "through": "page",
        "is_account_known": False,
        "definition": "CM-03, version 1, sha256 00",
        "filters": {"team": "web"},
        "from": "2026-10-01",
        "to": "2026-11-01",
        "snapshot": "s1",
        "row_count": 1,
        "byte_count": len(CONTENT),
    }
    assert Ledger(tmp_path).verify().is_sound
    assert drawn.again().lines == []


def test_nobody_is_made_up_where_nobody_signed_in(drawn: Drawn, tmp_path: Path) -> None:
    drawn.press()
    assert logged(tmp_path)[0].actor is None
    assert Ledger(tmp_path).people.accounts() == {}


def test_who_is_signed_in_is_named_by_their_pseudonym(
    drawn: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = Person("ada@harbour.example", True, "s1", "https://login.example", datetime.now(UTC))
    monkeypatch.setattr(taken, "reader", lambda: Reader(Standing.SIGNED_IN, who))
    drawn.again().press()
    (told,) = logged(tmp_path)
    assert told.actor == Ledger(tmp_path).people.known("ada@harbour.example")
    assert told.data["is_account_known"] is True


def test_who_has_signed_out_since_the_page_was_drawn_takes_nothing(
    drawn: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = Person("1001", False, "taken after its end", "https://login.example", datetime.now(UTC))
    monkeypatch.setattr(sign_in, "required", lambda _: SETTINGS.model_copy(update={"only": ()}))
    monkeypatch.setattr(taken, "reader", lambda: Reader(Standing.SIGNED_IN, who))
    press = drawn.again().press
    assert press() == CONTENT
    ENDED.add(who.session)
    with pytest.raises(NotSignedIn):
        press()
    assert len(logged(tmp_path)) == 1


def test_a_log_in_use_keeps_no_file_back_and_the_page_says_so(
    drawn: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    drawn.press()
    monkeypatch.setattr(taken, "_WAIT_SECONDS", 0.05)
    place = Ledger(tmp_path).place
    with held(place.lock, is_shared=False, wait_seconds=1), caplog.at_level(logging.WARNING):
        assert drawn.press() == CONTENT
    assert "taken and not logged" in caplog.text
    (line,) = drawn.again().lines
    assert line.startswith("What is taken here is not in the log of events: ledger: another")
    drawn.press()
    assert drawn.again().lines == []
    assert len(logged(tmp_path)) == 2


def test_a_log_that_was_altered_takes_nothing_more(drawn: Drawn, tmp_path: Path) -> None:
    drawn.press()
    Ledger(tmp_path).place.seal.unlink()
    assert drawn.press() == CONTENT
    (line,) = drawn.again().lines
    assert "ledger.seal: it is gone; run `cairn audit verify`" in line
    assert len(logged(tmp_path)) == 1


def test_a_folder_that_may_not_be_written_is_told_before_anything_is_taken(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taken.os, "access", lambda *_: False)
    (line,) = drawn.again().lines
    assert "its folder may not be written" in line

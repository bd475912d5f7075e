"""Controls that rest on the log of events know of each new check of it, and of nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import streamlit as st

from app.components.governance.examined import rules
from data.controls.ledger_checks import verified
from data.ledger.database import connected
from data.ledger.ledger import Ledger
from data.trail.exported import Through, log_export, proof_of
from tests.app.trailed import logged_into
from tests.data.published import at


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    monkeypatch.setenv("CAIRN_DATA", str(tmp_path))
    st.cache_resource.clear()
    return logged_into(tmp_path)


def checks() -> int:
    return len(rules().examination.made.given.rows["ledger_check"])


def test_a_check_that_was_logged_meanwhile_counts_at_once(ledger: Ledger) -> None:
    assert checks() == 0
    for number in (1, 2):
        found = ledger.verify()
        ledger.append([verified(found, at("2026-10-02") + timedelta(days=number))])
        assert checks() == number


def test_what_else_is_logged_changes_no_rules(ledger: Ledger) -> None:
    before = rules()
    log_export(ledger, proof_of("change.merged:1", Through.PAGE, None), b"a proof")
    assert rules() is before


def test_a_log_that_cannot_be_read_any_more_leaves_what_was_known(ledger: Ledger) -> None:
    ledger.append([verified(ledger.verify(), at("2026-10-02"))])
    before = rules()
    with connected(ledger.place.database) as connection:
        connection.execute("pragma writable_schema = on")
        connection.execute("update sqlite_master set sql = 'no table' where name = 'entry'")
    connection.close()
    assert rules() is before

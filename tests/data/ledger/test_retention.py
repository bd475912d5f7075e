"""What is too old loses its payload and no proof; what is held stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from data.ledger import custody
from data.ledger.checkpoint import read_checkpoint
from data.ledger.database import changing, connected
from data.ledger.entry import Asked
from data.ledger.refusal import LedgerRefused, NotInLedger
from data.ledger.tree import check_inclusion, leaf_hash
from tests.data.ledger.logs import BY, NOW, event, events, filled, ledger, said, seal_anew

RULES = {"change.*": 29, "deployment.*": 60}


def test_what_is_older_than_its_kind_is_kept_for_loses_its_payload(tmp_path: Path) -> None:
    log = filled(tmp_path, [3], retention=RULES)
    log.append([event(3, "deployment.finished"), event(4, "model.promoted")])
    count, done = custody.prune(log, BY.account)
    assert (count, done.numbers) == (3, range(5, 6))
    assert [entry.content is None for entry in log.entries()] == [True] * 3 + [False] * 3
    told = log.entries()[-1].event
    assert told is not None
    assert [one["number"] for one in told.data["entries"]] == [0, 1, 2]
    assert (told.data["rule"], told.data["days"]) == ("change.*", 29)
    report = log.verify()
    assert (report.findings, report.pruned) == ((), 3)
    assert custody.prune(log, BY.account)[0] == 0


def test_the_last_day_is_still_kept(tmp_path: Path) -> None:
    log = filled(tmp_path, retention={"change.*": 30})
    assert custody.prune(log, BY.account)[0] == 0


def test_the_first_rule_that_matches_counts(tmp_path: Path) -> None:
    log = filled(tmp_path, [2], retention={"change.merged": 400, "*": 1})
    log.append([event(5, "change.created")])
    assert custody.prune(log, BY.account)[0] == 1


def test_a_pruned_entry_is_proven_by_whoever_kept_what_it_told(tmp_path: Path) -> None:
    log = filled(tmp_path, [3], retention=RULES)
    custody.prune(log, BY.account)
    head = read_checkpoint(str(log.checkpoint()), [log.key()])
    leaf = leaf_hash(event(1).content())
    check_inclusion(leaf, 1, head.size, log.proofs.inclusion(1), head.root)
    with pytest.raises(NotInLedger, match="was pruned"):
        log.prove(event(1).id)


def test_nothing_of_a_pruned_payload_is_left_in_the_file(tmp_path: Path) -> None:
    log = ledger(tmp_path, retention=RULES)
    log.append([event(1, data={"title": "a-title-to-be-gone"}), event(2)])
    assert b"a-title-to-be-gone" in log.place.database.read_bytes()
    custody.prune(log, BY.account)
    assert b"a-title-to-be-gone" not in log.place.database.read_bytes()


def test_a_pruned_event_that_is_told_again_stays_pruned(tmp_path: Path) -> None:
    log = filled(tmp_path, [3], retention=RULES)
    custody.prune(log, BY.account)
    assert log.append(events(0, 1, 2)).known == 3
    with (
        closing(connected(log.place.database)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="comes once"),
    ):
        connection.execute("insert into payload values (1, '{}')")


def test_what_a_hold_holds_stays_until_it_is_released(tmp_path: Path) -> None:
    log = filled(tmp_path, [3], retention=RULES)
    custody.set_hold(log, "change.*", "*", BY)
    assert custody.old(log) == ([], 3)
    assert custody.prune(log, BY.account)[0] == 0
    custody.release_hold(log, 3, BY)
    assert custody.prune(log, BY.account)[0] == 3
    assert [(one.set_by, one.released_by) for one in custody.holds(log)] == [(3, 4)]
    assert said(log) == ""


def test_a_hold_holds_what_it_names_and_no_more(tmp_path: Path) -> None:
    log = filled(tmp_path, [3], retention=RULES)
    custody.set_hold(log, "change.*", "*pull/1", BY)
    assert custody.prune(log, BY.account)[0] == 2
    assert log.entries(Asked(id=event(1).id))[0].content is not None
    assert said(log) == ""


def test_the_database_itself_refuses_to_prune_what_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = filled(tmp_path, [3], retention=RULES)
    found, _ = custody.old(log)
    custody.set_hold(log, "change.*", "*", BY)
    monkeypatch.setattr(custody, "old", lambda _: (found, 0))
    with pytest.raises(LedgerRefused, match="under a legal hold"):
        custody.prune(log, BY.account)
    assert all(entry.content for entry in log.entries())
    assert said(log) == ""


def test_only_a_hold_that_stands_is_released(tmp_path: Path) -> None:
    log = filled(tmp_path, [3])
    custody.set_hold(log, "*", "*", BY)
    for number in (1, 4):
        with pytest.raises(NotInLedger, match="no hold"):
            custody.release_hold(log, number, BY)
    custody.release_hold(log, 3, BY)
    with pytest.raises(NotInLedger, match="no hold"):
        custody.release_hold(log, 3, BY)


def test_what_the_log_says_of_itself_is_kept_for_ever(tmp_path: Path) -> None:
    log = filled(tmp_path, [3], retention={"*": 1})
    custody.set_hold(log, "none.*", "*", BY)
    custody.prune(log, BY.account)
    later = ledger(tmp_path, retention={"*": 1})
    later._clock = lambda: NOW.replace(year=2036)
    assert custody.prune(later, BY.account)[0] == 0


def test_many_entries_are_named_by_several_events(tmp_path: Path) -> None:
    log = filled(tmp_path, [1_201], retention=RULES)
    count, done = custody.prune(log, BY.account)
    assert (count, len(done.numbers)) == (1_201, 3)
    assert said(log) == ""


@pytest.mark.parametrize(
    ("statements", "finding"),
    [
        (["drop trigger payload_is_pruned", "drop trigger payload_is_not_held",
          "delete from payload where number = 1"],
         "the payload of entry 1 is gone, and no event says so"),
        (["drop trigger payload_comes_once", "insert into payload values (0, '{}')"],
         "entry 0 is not what was appended"),
        (["drop trigger pruned_is_an_event", "insert into pruned values (2, 1, 0)"],
         "the table `pruned` does not say what the events say"),
        (["drop trigger hold_is_never_deleted", "delete from hold"],
         "the table `hold` does not say what the events say"),
        (["drop trigger entry_is_never_changed"], "`entry_is_never_changed` of the database is"),
        (["create table more (a)"], "`more` does not belong into the database"),
        (["drop index entry_event"], "`entry_event` of the database is missing"),
    ],
)  # fmt: skip
def test_a_rule_that_is_broken_is_found_though_the_file_is_sealed_anew(
    tmp_path: Path, statements: list[str], finding: str
) -> None:
    log = ledger(tmp_path, retention={"change.*": 29})
    log.append([event(0), event(1, "model.promoted"), event(2, "model.promoted")])
    custody.prune(log, BY.account)
    custody.set_hold(log, "model.*", "*", BY)
    with changing(log.place) as connection:
        for statement in statements:
            connection.execute(statement)
    seal_anew(log)
    assert finding in said(log)

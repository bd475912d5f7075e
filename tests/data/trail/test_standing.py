"""How a log stands at a glance, the proof of one entry, and the whole check."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from data.decisions.baseline import set_baseline
from data.decisions.book import Book
from data.ledger import custody
from data.ledger.checkpoint import Checkpoint
from data.ledger.database import connected
from data.ledger.ledger import Ledger
from data.ledger.refusal import NotInLedger
from data.ledger.tree import leaf_hash
from data.trail.examined import Kept, examined
from data.trail.index import Index
from data.trail.proof import bundle, entry_at, proof, pruning
from data.trail.search import Trail
from data.trail.standing import Standing, standing
from tests.data.ledger.logs import event, events, filled, ledger


def stands(log: Ledger) -> Standing:
    index = Index()
    index.refresh(log, lambda *_: None)
    return standing(log, Trail(index, None))


def signed(log: Ledger) -> Checkpoint:
    told = stands(log).signed
    assert told is not None
    return told.checkpoint


def test_a_sound_log_tells_how_far_it_reaches_and_who_signed_it(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    log = filled(tmp_path, [3, 4], copies=["copy", "gone"])
    found = stands(log)
    assert (found.size, found.troubles, found.check) == (7, (), None)
    assert (found.key, signed(log).size, signed(log).root) == (log.key(), 7, log.proofs.root())
    assert found.elsewhere == {tmp_path / "copy": 0, tmp_path / "gone": None}
    (tmp_path / "copy" / "000000000003.checkpoint").unlink()
    assert stands(log).elsewhere[tmp_path / "copy"] == 1


@pytest.mark.parametrize(("after", "is_sound"), [("sound", True), ("changed", False)])
def test_the_last_whole_check_is_the_one_that_the_log_tells(
    tmp_path: Path, after: str, is_sound: bool
) -> None:
    log = filled(tmp_path)
    log.append([event(90, "log.verified", after=after)])
    check = stands(log).check
    assert check is not None
    assert (check.number, check.is_sound) == (10, is_sound)


def test_a_log_that_was_cut_off_is_seen_at_a_glance(tmp_path: Path) -> None:
    log = filled(tmp_path, [10, 5])
    with closing(connected(log.place.database)) as connection:
        connection.execute("pragma foreign_keys = off")
        connection.execute("drop trigger entry_is_never_deleted")
        connection.execute("delete from entry where number > 9")
    assert stands(log).troubles == ("the checkpoint covers 15 entries, and 10 are there",)


def test_an_append_that_was_cut_short_is_no_sign_of_an_attack(tmp_path: Path) -> None:
    log = filled(tmp_path, [10, 5])
    log.place.checkpoint(15).unlink()
    assert stands(log).troubles == ("the entries from 10 on have no checkpoint",)
    log.place.begun.write_text("as a crash leaves it")
    assert (stands(log).troubles, stands(log).is_unfinished) == ((), True)


def test_hashes_that_are_not_those_signed_are_seen_at_a_glance(tmp_path: Path) -> None:
    log = filled(tmp_path, [10])
    with closing(connected(log.place.database)) as connection:
        connection.execute("drop trigger entry_is_never_changed")
        connection.execute("update entry set hash = zeroblob(32) where number = 4")
    assert stands(log).troubles == ("the first 10 entries are not those that were signed",)


def test_a_checkpoint_or_key_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    log = filled(tmp_path, [10])
    note = log.place.checkpoint(10)
    note.write_text(note.read_text().replace("10", "11", 1))
    assert "the newest checkpoint cannot be read" in stands(log).troubles[0]
    note.unlink()
    assert "no checkpoint lies beside the log" in stands(log).troubles[0]
    (tmp_path / "ledger" / "ledger.vkey").write_text("none")
    assert "the public key is damaged" in stands(log).troubles[0]


def test_each_entry_leads_to_the_signed_root(tmp_path: Path) -> None:
    log = filled(tmp_path, [300, 1])
    for number in (0, 255, 256, 300):
        one = entry_at(log, number)
        assert one is not None
        found = proof(log, one, signed(log))
        assert found.trouble is None
        assert found.steps[-1].found == log.proofs.root()
        made = bundle(log, one)
        assert made is not None
        assert made.path == [step.sibling for step in found.steps]
    assert entry_at(log, 301) is None


def test_an_only_entry_is_its_own_root(tmp_path: Path) -> None:
    log = filled(tmp_path, [1])
    one = entry_at(log, 0)
    assert one is not None
    found = proof(log, one, signed(log))
    assert (found.steps, found.trouble, one.hash) == ((), None, log.proofs.root())


def test_an_entry_that_tells_something_else_now_is_not_proven(tmp_path: Path) -> None:
    log = filled(tmp_path, [5])
    other = event(2, after="something else").content().decode()
    with closing(connected(log.place.database)) as connection:
        connection.execute("drop trigger payload_is_never_changed")
        connection.execute("update payload set content = ? where number = 2", [other])
    one = entry_at(log, 2)
    assert one is not None
    assert proof(log, one, signed(log)).trouble == (
        "what the entry tells now is not what was hashed"
    )  # fmt: skip


def test_an_entry_whose_hash_fits_its_words_and_not_the_root_is_not_proven(tmp_path: Path) -> None:
    log = filled(tmp_path, [5])
    other = event(2, after="something else").content()
    with closing(connected(log.place.database)) as connection:
        for table in ("payload", "entry"):
            connection.execute(f"drop trigger {table}_is_never_changed")
        connection.execute("update payload set content = ? where number = 2", [other.decode()])
        connection.execute("update entry set hash = ? where number = 2", [leaf_hash(other)])
    one = entry_at(log, 2)
    assert one is not None
    assert proof(log, one, signed(log)).trouble == "the proof leads to another root"


def test_what_is_pruned_keeps_its_place_and_has_no_file_to_hand_out(tmp_path: Path) -> None:
    log = ledger(tmp_path, retention={"change.*": 7})
    log.append(events(0, 1, 2))
    custody.prune(log, "officer")
    one = entry_at(log, 1)
    assert one is not None
    assert proof(log, one, signed(log)).trouble is None
    assert bundle(log, one) is None
    assert (pruning(log, 1), pruning(log, 3)) == (3, None)


def test_an_older_telling_of_an_event_has_a_proof_of_its_own(tmp_path: Path) -> None:
    log = filled(tmp_path, [3])
    log.append([event(1, after="told otherwise")])
    name = event(1).id
    assert (log.prove(name).index, log.prove(name, 1).index) == (3, 1)
    assert log.prove(name, 1).content == event(1).content()
    with pytest.raises(NotInLedger, match="in entry 2"):
        log.prove(name, 2)


def test_the_whole_check_tells_of_the_log_first_and_then_of_decisions(tmp_path: Path) -> None:
    log = filled(tmp_path, [3])
    book, kept = Book(tmp_path), Kept()
    assert examined(book, log, kept, lambda *_: None).is_sound
    log.append([event(9, "decision.waiver", subject="CM-03")])
    found = examined(book, log, kept, lambda *_: None)
    assert found.findings[0].entry == 3
    assert "missing from the book" in found.findings[0].what


def test_what_is_decided_while_the_log_is_checked_is_no_finding_until_the_next_check(
    tmp_path: Path,
) -> None:
    log = filled(tmp_path, [3])
    book, kept = Book(tmp_path), Kept()
    days = (date(2026, 1, 1), date(2026, 2, 1))

    def decides(*_: object) -> None:
        if not book.decisions():
            set_baseline(book, "lead_time", None, days, ("m.alder", "it waits for the log"))

    assert examined(book, log, kept, decides).is_sound
    assert len(book.decisions()) == 1
    found = examined(book, log, kept, decides)
    assert "the log none of them" in found.findings[0].what

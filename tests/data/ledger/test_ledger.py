"""The log: what is appended is there, once, proven and signed."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from data.ledger import custody, note, tree
from data.ledger.checkpoint import read_checkpoint
from data.ledger.database import changing, connected, hashes
from data.ledger.entry import Asked
from data.ledger.key import KeyRefused
from data.ledger.refusal import (
    EventRefused,
    LedgerBroken,
    LedgerRefused,
    NotInLedger,
    WrongCheckpoint,
)
from data.ledger.tree import EMPTY, check_consistency, check_inclusion, leaf_hash
from tests.data.ledger.attacks import rewrite
from tests.data.ledger.logs import BY, NOW, event, events, filled, ledger, said


def test_a_log_that_never_began_is_empty_and_sound(tmp_path: Path) -> None:
    log = ledger(tmp_path)
    assert (log.size, log.is_there, log.entries(), log.checkpoint()) == (0, False, [], None)
    report = log.verify()
    assert report.is_sound
    assert report.root == EMPTY
    assert not list(tmp_path.iterdir())


def test_what_is_appended_is_there_in_its_order(tmp_path: Path) -> None:
    log = ledger(tmp_path)
    done = log.append(events(4, 2, 3))
    assert (done.numbers, done.known, log.size) == (range(3), 0, 3)
    assert [entry.event for entry in log.entries()] == events(4, 2, 3)
    assert said(log) == ""


def test_an_event_that_is_told_again_is_not_appended_again(tmp_path: Path) -> None:
    log = filled(tmp_path, [3])
    before = log.checkpoint()
    again = log.append(events(0, 1, 2))
    assert (again.numbers, again.known) == (range(3, 3), 3)
    assert log.checkpoint() == before
    more = log.append(events(2, 3, 3, 4))
    assert (more.numbers, more.known) == (range(3, 5), 2)


def test_an_event_that_is_told_otherwise_is_a_new_entry_of_its_id(tmp_path: Path) -> None:
    log = filled(tmp_path, [3])
    log.append([event(1, after={"state": "merged"})])
    found = log.find(event(1).id)
    assert [entry.number for entry in found] == [1, 3]
    assert [entry.event for entry in found] == [event(1), event(1, after={"state": "merged"})]
    assert log.append([event(1), event(1, after={"state": "merged"})]).known == 2


def test_a_history_that_is_told_again_from_its_beginning_adds_nothing(tmp_path: Path) -> None:
    log = ledger(tmp_path)
    history = [event(1, after=1), event(1, after=2), event(1, after=3)]
    log.append(history)
    assert log.append(history).numbers == range(3, 3)


def test_what_cannot_be_written_down_leaves_nothing_of_its_append(tmp_path: Path) -> None:
    log = filled(tmp_path, [3])
    many = [*events(*range(10, 2_500)), event(3_000, data={"rate": float("nan")})]
    with pytest.raises(EventRefused):
        log.append(many)
    assert log.size == 3
    report = log.verify()
    assert (report.findings, report.notes) == ((), ())
    assert log.append(many[:-1]).numbers == range(3, 2_493)


def test_what_the_log_says_of_itself_is_said_by_nobody_else(tmp_path: Path) -> None:
    with pytest.raises(EventRefused, match="what the log says of itself"):
        ledger(tmp_path).append([event(1, "ledger.pruned")])


@pytest.mark.parametrize("sizes", [[1], [2, 1], [255, 1, 1], [256], [300, 300, 1], [70_000]])
def test_each_entry_is_proven_under_each_checkpoint(tmp_path: Path, sizes: list[int]) -> None:
    log = filled(tmp_path, sizes)
    size, key = sum(sizes), log.key()
    head = read_checkpoint(str(log.checkpoint()), [key])
    assert (head.size, head.root) == (size, log.proofs.root())
    for number in {0, 1, 254, 255, 256, 257, size // 2, size - 1} & set(range(size)):
        leaf = leaf_hash(event(number).content())
        check_inclusion(leaf, number, size, log.proofs.inclusion(number), head.root)
        then = log.proofs.root(number + 1)
        check_consistency(number + 1, size, log.proofs.consistency(number + 1), then, head.root)
    assert said(log, log.checkpoint()) == ""


def test_there_is_no_proof_of_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotInLedger):
        ledger(tmp_path).proofs.inclusion(0)
    log = filled(tmp_path)
    proofs = log.proofs
    for ask in (
        lambda: proofs.inclusion(10), lambda: proofs.inclusion(5, 5), lambda: proofs.consistency(0),
        lambda: proofs.consistency(11), lambda: proofs.consistency(6, 5), lambda: proofs.root(11),
        lambda: log.prove("nothing"),
    ):  # fmt: skip
        with pytest.raises(NotInLedger):
            ask()


def test_entries_are_found_by_what_they_tell(tmp_path: Path) -> None:
    log = ledger(tmp_path)
    person = log.people.pseudonym("jane")
    at = NOW - timedelta(days=30)
    log.append([event(0), event(1, "deployment.finished", actor=person, source="argocd"), event(2)])

    def numbers(**asked: object) -> list[int]:
        return [entry.number for entry in log.entries(Asked(**asked))]  # type: ignore[arg-type]

    assert numbers(kind="change.*") == [0, 2]
    assert numbers(actor=person) == numbers(source="argocd") == [1]
    assert numbers(subject="*pull/2") == numbers(text="PULL/2") == [2]
    assert numbers(since=at + timedelta(minutes=1), until=at + timedelta(minutes=2)) == [1]
    assert numbers(is_newest_first=True, limit=2) == [2, 1]
    assert numbers(first=1, kind="change.merged") == [2]
    assert numbers(id=event(0).id) == [0]


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    log = ledger(tmp_path)
    assert log.append(events(0)).made_key == log.key()
    assert log.append(events(1)).made_key is None
    private = tmp_path / "ledger" / "ledger.key"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert note.signer(private.read_text().strip()).verifier == log.key()
    assert (tmp_path / "ledger" / "ledger.vkey").read_text() == f"{log.key()}\n"
    assert filled(tmp_path, [20]).key() == log.key()


def test_the_key_may_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = filled(tmp_path / "one", key="file:../safe/log.key")
    assert not (tmp_path / "one" / "ledger" / "ledger.key").exists()
    monkeypatch.setenv("LOG_KEY", (tmp_path / "safe" / "log.key").read_text())
    other = filled(tmp_path / "other", key="env:LOG_KEY")
    assert other.key() == one.key()
    monkeypatch.delenv("LOG_KEY")
    with pytest.raises(KeyRefused, match="gone"):
        other.append(events(50))


@pytest.mark.parametrize("also", [[], ["ledger.vkey"]])
def test_a_key_that_is_gone_is_not_made_anew(tmp_path: Path, also: list[str]) -> None:
    log = filled(tmp_path)
    for name in ("ledger.key", *also):
        (tmp_path / "ledger" / name).unlink()
    with pytest.raises(KeyRefused, match="gone"):
        log.append(events(50))
    assert log.size == 10


def test_the_name_of_a_log_does_not_change(tmp_path: Path) -> None:
    filled(tmp_path)
    with pytest.raises(KeyRefused, match=r"signs for `cairn/ledger`, not for `example\.com/log`"):
        ledger(tmp_path, origin="example.com/log").append(events(50))


ATTEMPTS = {
    "update entry set kind = 'a.b'": "never changed",
    "update payload set content = '{}'": "never changed",
    "update node set hash = x'00'": "never changed",
    "update head set size = 1": "never changed",
    "delete from entry": "never changed",
    "delete from entry where number = 9": "never changed",
    "delete from payload": "an event names it",
    "delete from node": "never changed",
    "delete from head": "never changed",
    "insert or replace into entry values (1, 'a', 'b', 'c', x'00')": "comes last",
    "insert or replace into payload values (1, '{}')": "comes once",
    "insert or replace into node values (8, 0, x'00')": "comes once",
    "insert into entry values (99, 'a', 'b', 'c', x'00')": "comes last",
    "insert into head values (5)": "comes last",
    "insert into pruned values (1, 2, 0)": "named by an event",
    "insert into hold values (1, '*', '*')": "a hold is an event",
    "insert into release values (1, 2)": "a release is an event",
}


@pytest.mark.parametrize("statement", ATTEMPTS)
def test_the_database_refuses_to_change_what_is_there(tmp_path: Path, statement: str) -> None:
    log = filled(tmp_path, [300])
    with (
        closing(connected(log.place.database)) as connection,
        pytest.raises(sqlite3.IntegrityError, match=ATTEMPTS[statement]),
    ):
        connection.execute(statement)
    assert said(log) == ""


def test_nothing_is_signed_that_contradicts_the_last_checkpoint(tmp_path: Path) -> None:
    log = filled(tmp_path)
    with closing(connected(log.place.database)) as connection:
        connection.execute("drop trigger entry_is_never_changed")
        connection.execute("update entry set hash = zeroblob(32) where number = 4")
    files = sorted(log.place.checkpoints.iterdir())
    with pytest.raises(LedgerBroken, match="the first 10 entries are not those signed"):
        log.append(events(50))
    assert sorted(log.place.checkpoints.iterdir()) == files


def test_a_file_that_was_changed_in_any_way_is_sealed_only_on_demand(tmp_path: Path) -> None:
    log = filled(tmp_path)
    with closing(connected(log.place.database)) as connection:
        connection.execute("vacuum")
    assert "not the one that was sealed" in said(log)
    with pytest.raises(LedgerBroken, match="not the one that was sealed"):
        log.append(events(50))
    custody.reseal(log, BY)
    assert said(log) == ""
    told = log.entries()[-1].event
    assert told is not None
    assert (told.kind, told.data["reason"]) == ("ledger.resealed", BY.reason)


def test_entries_that_were_changed_are_not_sealed_on_demand(tmp_path: Path) -> None:
    log = filled(tmp_path)
    with closing(connected(log.place.database)) as connection:
        connection.execute("drop trigger payload_is_never_changed")
        connection.execute("update payload set content = '{}' where number = 4")
    with pytest.raises(LedgerBroken, match="entry 4 is not what was appended"):
        custody.reseal(log, BY)


def test_a_log_in_use_is_waited_for_and_then_told(tmp_path: Path) -> None:
    log = filled(tmp_path)
    impatient = type(log)(tmp_path, wait_seconds=0.05)
    with changing(log.place):
        pass
    with log.reading(), pytest.raises(LedgerRefused, match="another process is using"):
        impatient.append(events(50))


def test_stored_hashes_are_asked_for_and_not_the_entries_below_them(tmp_path: Path) -> None:
    log = filled(tmp_path, [1024])
    with closing(connected(log.place.database)) as connection:
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        assert tree.root(1024, hashes(connection)) == log.proofs.root()
    assert len(asked) == 1
    assert "from node" in asked[0]


def test_the_right_to_write_is_asked_for_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("a file where the folder should be")
    with pytest.raises(LedgerRefused, match="cannot be used"):
        ledger(tmp_path).append(events(1))


@pytest.mark.parametrize(
    "statement",
    [
        "update payload set content = replace(content, 'github', 'gitlab')",
        "update entry set hash = zeroblob(32) where number = 5",
    ],
)
def test_no_proof_is_written_that_does_not_hold(tmp_path: Path, statement: str) -> None:
    log = filled(tmp_path)
    rewrite(log, lambda connection: connection.execute(statement))
    with pytest.raises(LedgerBroken, match="entry 4 is not what was signed"):
        log.prove(event(4).id)


def test_no_proof_is_written_under_a_checkpoint_that_nobody_signed(tmp_path: Path) -> None:
    log = filled(tmp_path)
    for content in (b"\xff\xfe", b"nothing\n", b""):
        log.place.checkpoint(10).write_bytes(content)
        for ask in (lambda: log.prove(event(4).id), log.checkpoint, lambda: log.covering(9)):
            with pytest.raises(LedgerBroken, match="run `cairn audit verify`"):
                ask()


def test_a_key_that_is_no_text_is_told_as_what_it_is(tmp_path: Path) -> None:
    log = filled(tmp_path)
    (log.place.folder / "ledger.key").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KeyRefused, match=r"ledger\.key: it is no text; bring the key back"):
        log.append(events(20))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_private_key_that_others_can_read_is_told(tmp_path: Path, mode: int) -> None:
    log = filled(tmp_path)
    (log.place.folder / "ledger.key").chmod(mode)
    report = log.verify()
    assert report.findings == ()
    assert report.notes == (
        f"{log.place.folder / 'ledger.key'} can be read by others: take that right from them",
    )


def test_what_is_no_checkpoint_accuses_no_log(tmp_path: Path) -> None:
    log = filled(tmp_path)
    whole = log.checkpoint() or ""
    for given in ("", "garbage", "\n\n", whole[:-20], whole.replace("—", "-"), whole + "more"):
        with pytest.raises(WrongCheckpoint, match="the given checkpoint is none"):
            log.verify(given)
    assert said(log, whole) == ""
    assert "the signature of cairn/ledger is wrong" in said(log, whole.replace("10", "11", 1))


def test_a_checkpoint_has_one_name(tmp_path: Path) -> None:
    log = filled(tmp_path)
    path = log.place.checkpoint(10)
    path.rename(path.with_name(f"0{path.name}"))
    assert "the checkpoint of 10 entries is missing" in said(log)

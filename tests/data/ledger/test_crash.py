"""Killed anywhere, on a full disk, two at once: nothing is lost, and no crash is told as an attack.

A child process does the work and kills itself before the n-th call that touches the disk or the
database, for every n there is. What a killed process has written stays written: nothing waits for
the disk here.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from data.ledger import custody, database
from data.ledger.database import connected, writing
from data.ledger.ledger import Ledger
from data.ledger.refusal import LedgerBroken, LedgerRefused
from data.ledger.signing import Signing
from tests.data.ledger.logs import BY, event, events, filled, ledger, said


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets nothing wait for the disk."""

    def connect(path: Path) -> sqlite3.Connection:
        connection = connected(path)
        connection.execute("pragma synchronous = off")
        return connection

    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(database, "connected", connect)


TOUCHING = frozenset(
    ("open", "write", "flush", "fsync", "replace", "unlink", "mkdir", "flock", "close",
     "connect", "execute", "executemany", "backup")
)  # fmt: skip
RULES = {"change.*": 29}
JANE = "github:jane-quillfeather"


def append(log: Ledger) -> None:
    log.append(events(0, 2, 50, 51))


def prune(log: Ledger) -> None:
    custody.prune(log, BY.account)


def hold(log: Ledger) -> None:
    if not custody.holds(log):
        custody.set_hold(log, "*", "*", BY)


def erase(log: Ledger) -> None:
    log.people.pseudonym(JANE)
    custody.erase(log, JANE, BY)


def child(work: Callable[[], object]) -> int:
    """Runs something in a process of its own; returns how it ended."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - whatever it was, this process must end here
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def dying(work: Callable[[], object], at: int) -> Callable[[], None]:
    """The work, killed before the n-th call that touches something."""
    count = 0

    def hook(_: object, happening: str, called: Any) -> None:
        nonlocal count
        if happening == "c_call" and getattr(called, "__name__", "") in TOUCHING:
            count += 1
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)

    def run() -> None:
        sys.setprofile(hook)
        work()
        sys.setprofile(None)

    return run


@pytest.mark.slow
@pytest.mark.parametrize(
    ("work", "sizes", "step"),
    [(append, [], 1), (append, [3, 2], 1), (prune, [3, 2], 4), (hold, [3], 4), (erase, [3], 4)],
)
def test_killed_at_any_call_it_goes_on_where_it_was(
    tmp_path: Path, work: Callable[[Ledger], None], sizes: list[int], step: int
) -> None:
    base, folder = tmp_path / "base", tmp_path / "log"
    base.mkdir()
    saved = filled(base, sizes).checkpoint()
    for at in range(1, 1_000, step):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(base, folder)
        log = ledger(folder, retention=RULES)
        ended = child(dying(lambda log=log: work(log), at))
        assert ended in (0, -signal.SIGKILL)
        assert said(log, saved) == "", f"killed at {at}"
        work(log)
        log.append([])
        report = log.verify(saved)
        assert (report.findings, report.notes) == ((), ()), f"killed at {at}"
        once(log, sum(sizes))
        if ended == 0:
            break
    assert at > 60


def once(log: Ledger, size: int) -> None:
    """Nothing is lost, and nothing is there twice."""
    ids = [entry.id for entry in log.entries()]
    assert len(ids) == len(set(ids))
    assert {one.id for one in events(*range(size))} <= set(ids)


def test_killed_while_pages_were_half_written_it_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = filled(tmp_path, [300])
    before = log.place.database.read_bytes()
    monkeypatch.setattr(database, "_CACHE_KIB", 8)  # so that it writes before it commits
    many = [event(n, data={"note": "n" * 200}) for n in range(1_000, 6_000)]

    def die(_: str, done: int, __: int | None) -> None:
        if done >= 3_000:
            os.kill(os.getpid(), signal.SIGKILL)

    assert child(lambda: log.append(many, die)) == -signal.SIGKILL
    assert log.place.journal.exists()
    assert log.place.database.read_bytes() != before
    report = log.verify()
    assert report.findings == ()
    assert report.notes == ("an append was cut short before it wrote anything",)
    assert log.place.database.read_bytes() == before
    log.append(many)
    assert said(log) == ""
    assert log.size == 5_300


def test_a_crash_between_append_and_seal_is_told_as_not_sealed_since(tmp_path: Path) -> None:
    log = filled(tmp_path, [3, 2])
    unfinished(log)
    report = log.verify()
    assert report.is_sound
    assert "the entries from 5 on are not sealed: an append was cut short" in report.notes[0]
    assert log.size == 7
    log.sign()
    report = log.verify(log.checkpoint())
    assert (report.findings, report.notes) == ((), ())
    assert (log.place.checkpoint(7)).exists()


def test_what_a_crash_left_is_signed_only_as_it_was_written(tmp_path: Path) -> None:
    log = filled(tmp_path, [3, 2])
    unfinished(log)
    with closing(connected(log.place.database)) as connection:
        connection.execute("drop trigger payload_is_never_changed")
        connection.execute("update payload set content = '{}' where number = 6")
    with pytest.raises(LedgerBroken, match="entry 6 is not what was appended"):
        log.append(events(20))
    assert "entry 6 is not what was appended" in said(log)


def test_a_note_of_an_old_append_excuses_nothing(tmp_path: Path) -> None:
    log = filled(tmp_path, [3, 2])
    unfinished(log)
    begun = log.place.begun.read_bytes()
    log.append(events(20))
    assert said(log) == ""
    log.place.begun.write_bytes(begun)
    (log.place.checkpoint(log.size)).unlink()
    assert "began elsewhere" in said(log)
    with pytest.raises(LedgerBroken, match=r"not those signed|began elsewhere"):
        log.append(events(30))


def unfinished(log: Ledger) -> None:
    """Leaves a log as a crash does that comes before the seal."""

    def work() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Signing, "finish", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
            log.append(events(7, 8))

    assert child(work) == -signal.SIGKILL


def test_a_journal_that_no_append_has_left_is_not_played_back(tmp_path: Path) -> None:
    log = filled(tmp_path)
    log.place.journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    before = log.place.database.read_bytes()
    assert "a journal lies here that no append has left" in said(log)
    with pytest.raises(LedgerBroken, match="a journal lies here"):
        log.append(events(50))
    assert log.place.database.read_bytes() == before


def test_several_that_append_at_once_append_one_after_the_other(tmp_path: Path) -> None:
    filled(tmp_path, [1])
    pids = []
    for worker in range(3):
        pid = os.fork()
        if pid == 0:
            try:
                log = ledger(tmp_path)
                for turn in range(6):
                    log.append(events(0, 1_000 + turn, 100 * (worker + 1) + turn))
                os._exit(0)
            except BaseException:  # noqa: BLE001 - whatever it was, this process must end here
                os._exit(1)
        pids.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0, 0, 0]
    log = ledger(tmp_path)
    assert log.size == 1 + 6 + 18
    once(log, 1)
    report = log.verify()
    assert (report.findings, report.notes) == ((), ())


def test_reading_and_checking_meanwhile_see_a_whole_log(tmp_path: Path) -> None:
    log = filled(tmp_path, [3])
    pid = os.fork()
    if pid == 0:
        try:
            for turn in range(25):
                log.append(events(100 + turn))
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it was, this process must end here
            os._exit(1)
    for _ in range(40):
        report = log.verify(log.checkpoint())
        assert (report.findings, report.notes) == ((), ())
        assert len(log.entries()) >= report.size
    assert os.waitpid(pid, 0)[1] == 0


def test_a_full_disk_is_told_and_what_was_there_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = filled(tmp_path, [3])
    pages = log.place.database.stat().st_size // 4096 + 2

    def small(path: Path) -> sqlite3.Connection:
        connection = connected(path)
        connection.execute(f"pragma max_page_count = {pages}")
        return connection

    many = events(*range(100, 1_500))
    with monkeypatch.context() as patch:
        patch.setattr(database, "connected", small)
        with pytest.raises(LedgerRefused, match="the disk is full"):
            log.append(many)
    report = log.verify()
    assert (report.size, report.findings, report.notes) == (3, (), ())
    assert log.append(many).numbers == range(3, 1_403)


@pytest.mark.parametrize("name", ["ledger.seal", "checkpoint"])
def test_a_disk_that_is_full_after_the_append_loses_no_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    log = filled(tmp_path, [3])
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if name in target.name:
            raise OSError(28, "No space left on device", str(target))
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(LedgerRefused, match="No space left on device"):
            log.append(events(10))
    assert log.size == 4
    assert "are not sealed" in log.verify().notes[0]
    assert log.append(events(10)).known == 1
    report = log.verify()
    assert (report.size, report.findings, report.notes) == (4, (), ())


@pytest.fixture
def readable_by_all() -> Iterator[Path]:
    """A folder that every account may enter: those above `tmp_path` are for its owner alone."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_who_may_not_write_is_told_and_may_still_check(readable_by_all: Path) -> None:
    log = filled(readable_by_all, [3])
    assert log.verify().is_sound  # imports all it needs: the other account may not read Python's

    def work() -> None:
        os.seteuid(65_534)
        with pytest.raises(LedgerRefused):
            log.append(events(10))
        assert log.verify().is_sound
        assert len(log.entries()) == 3

    assert child(work) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_who_may_not_write_waits_for_those_who_do(readable_by_all: Path) -> None:
    log = filled(readable_by_all, [3])
    assert log.verify().is_sound
    log.people.pseudonym(JANE)
    log.place.people.chmod(0o644)
    impatient = Ledger(readable_by_all, wait_seconds=0.05)

    def work() -> None:
        os.seteuid(65_534)
        for ask in (impatient.verify, impatient.entries):
            with pytest.raises(LedgerRefused, match="another process is using the log"):
                ask()
        assert list(log.people.accounts().values()) == [JANE]

    with writing(log.place):
        log.place.journal.touch()  # as while a transaction lasts
        try:
            assert child(work) == 0
        finally:
            log.place.journal.unlink()


def test_a_check_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    filled(tmp_path, [5_000]).verify(progress=lambda *said: told.append(said))
    assert told[-1] == ("checking entries", 5_000, 5_000)

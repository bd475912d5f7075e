"""Checkpoints go elsewhere, and what cannot is told and tried again."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from data.ledger.refusal import LedgerBroken
from tests.data.ledger.logs import events, filled, ledger, said


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith(".git"))


def test_each_checkpoint_is_copied_with_the_public_key(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    log = filled(tmp_path, [3, 5], copies=(str(copy),))
    assert names(copy) == [*names(log.place.checkpoints), "ledger.vkey"]
    assert (copy / "000000000008.checkpoint").read_text() == log.checkpoint()


def test_a_copy_that_cannot_be_written_is_told_and_made_with_the_next_append(
    tmp_path: Path,
) -> None:
    log = filled(tmp_path, [3], copies=("elsewhere",))
    done = log.append(events(10))
    assert log.size == 4
    assert [(one.where, "no such folder" in one.what) for one in done.refused] == [
        (str(tmp_path / "elsewhere"), True)
    ]
    assert "could not be looked at" in log.verify().notes[0]
    (tmp_path / "elsewhere").mkdir()
    assert log.append(events(11)).refused == ()
    assert len(names(tmp_path / "elsewhere")) == 4
    assert log.verify().notes == ()


def test_a_copy_that_fell_behind_catches_up_though_nothing_is_new(tmp_path: Path) -> None:
    log = filled(tmp_path, [3, 3], copies=("elsewhere",))
    (tmp_path / "elsewhere").mkdir()
    assert "lacks 3 files" in log.verify().notes[0]
    log.append([])
    assert len(names(tmp_path / "elsewhere")) == 3


def test_a_copy_is_never_written_over(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    log = filled(tmp_path, [3], copies=("copy",))
    kept = copy / "000000000003.checkpoint"
    kept.write_text(kept.read_text().replace("3", "4", 1))
    before = kept.read_text()
    log.append(events(10))
    assert kept.read_text() == before
    assert str(kept) in said(log)


def test_a_log_that_was_put_back_contradicts_its_copies(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    log = filled(tmp_path, [3], copies=("copy",))
    shutil.copytree(log.place.folder, tmp_path / "backup")
    log.append(events(10, 11))
    shutil.rmtree(log.place.folder)
    shutil.copytree(tmp_path / "backup", log.place.folder)
    assert "the end was cut off" in said(log)
    assert log.verify().first_bad == 3
    with pytest.raises(LedgerBroken, match="covers 5 entries, and 3 are there"):
        log.append(events(20, 21))
    unknown = ledger(tmp_path)
    unknown.append(events(20, 21))
    assert "the entries 3 to 4 are not those" in said(log)
    with pytest.raises(LedgerBroken, match="the first 5 entries are not those of"):
        log.append(events(30))


def test_a_log_that_is_gone_is_missed_by_its_copies(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    log = filled(tmp_path, [3], copies=("copy",))
    log.place.folder.rename(tmp_path / "gone")
    assert "000000000003.checkpoint tells of a log, and none is here" in said(log)
    for write in (lambda: log.append(events(1)), log.key):
        with pytest.raises(LedgerBroken, match="it tells of a log of 3 entries, and none is here"):
            write()
    assert not (log.place.folder / "ledger.key").exists()
    shutil.rmtree(log.place.folder)
    (tmp_path / "gone").rename(log.place.folder)
    log.append(events(5))
    assert said(log) == ""


def test_a_log_of_which_only_the_seal_is_left_is_missed(tmp_path: Path) -> None:
    log = filled(tmp_path, [3])
    log.place.database.unlink()
    shutil.rmtree(log.place.checkpoints)
    assert "ledger.seal tells of a log, and none is here" in said(log)
    with pytest.raises(LedgerBroken, match="a seal is here, and no checkpoint"):
        log.append(events(1))


def test_the_public_key_is_made_again_although_copies_have_it(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    log = filled(tmp_path, [3], copies=("copy",))
    vkey = log.place.folder / "ledger.vkey"
    before = vkey.read_text()
    vkey.unlink()
    assert log.append(events(5)).refused == ()
    assert vkey.read_text() == before


def test_two_logs_do_not_share_a_folder_of_copies(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    filled(tmp_path / "one", [3], copies=(str(tmp_path / "copy"),))
    other = filled(tmp_path / "two", [5])
    sharing = ledger(tmp_path / "two", copies=(str(tmp_path / "copy"),))
    done = sharing.append(events(9))
    assert "the folder has the key of another log" in done.refused[0].what
    assert names(tmp_path / "copy") == ["000000000003.checkpoint", "ledger.vkey"]
    assert other.size == 6


def test_checkpoints_are_committed(tmp_path: Path) -> None:
    repository = tmp_path / "audit" / "log"
    repository.mkdir(parents=True)
    git(tmp_path / "audit", "init", "--quiet")
    (repository / "other.txt").write_text("of somebody else\n")
    log = filled(tmp_path, [3, 5], git=str(repository))
    assert git(repository, "log", "--format=%s").splitlines() == [
        "Checkpoint of 8 entries",
        "Checkpoint of 3 entries",
    ]
    told = git(repository, "show", "HEAD:log/000000000008.checkpoint")
    assert told == log.checkpoint()
    assert git(repository, "status", "--porcelain").split() == ["??", "log/other.txt"]
    log.append(events(0))
    assert len(git(repository, "log", "--format=%s").splitlines()) == 2


@pytest.mark.parametrize("is_repository", [True, False])
def test_a_commit_that_fails_is_told_and_made_with_the_next_append(
    tmp_path: Path, is_repository: bool
) -> None:
    repository = tmp_path / "audit"
    repository.mkdir()
    if is_repository:
        git(repository, "init", "--quiet")
        (repository / ".git" / "index.lock").touch()
    log = filled(tmp_path, [3], git=str(repository))
    done = log.append(events(10))
    assert "could not be committed" in done.refused[0].what
    if is_repository:
        (repository / ".git" / "index.lock").unlink()
    else:
        git(repository, "init", "--quiet")
    assert log.append(events(11)).refused == ()
    assert len(git(repository, "ls-files").splitlines()) == 4
    assert said(ledger(tmp_path)) == ""


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *words], check=True, capture_output=True, text=True
    )
    return done.stdout

"""Ten thousand attacks on a log: each is found, and an untouched log is never accused."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from data.ledger.checkpoint import read_checkpoint
from data.ledger.ledger import Ledger
from tests.data.ledger.attacks import (
    FILE_ATTACKS,
    REWRITES,
    ROW_ATTACKS,
    attacked,
    flipped,
    forge,
    rewrite,
    undone,
)
from tests.data.ledger.logs import events, filled, ledger, said

ROUNDS = range(10)
FLIPS, FILES, ROWS, FORGERIES, FORKS = 850, 60, 60, 25, 5
"""Of each round: a thousand attacks in all."""


@pytest.fixture(scope="module")
def log_and_saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledger, str]:
    return attacked(tmp_path_factory.mktemp("attacked"))


@pytest.fixture
def log(log_and_saved: tuple[Ledger, str]) -> Ledger:
    return log_and_saved[0]


@pytest.fixture
def saved(log_and_saved: tuple[Ledger, str]) -> str:
    """A checkpoint that somebody else has kept."""
    return log_and_saved[1]


@pytest.fixture(autouse=True)
def untouched(log: Ledger, saved: str) -> None:
    """Nothing is told of a log as it should be, also between attacks."""
    report = log.verify(saved)
    assert (report.findings, report.notes) == ((), ())


@pytest.mark.slow
@pytest.mark.parametrize("seed", ROUNDS)
def test_a_changed_byte_is_found_wherever_it_is(log: Ledger, seed: int) -> None:
    dice = random.Random(seed)
    for number in range(FLIPS):
        with flipped(dice, log) as where:
            assert said(log), f"seed {seed}, attack {number}: {where}"


@pytest.mark.parametrize("seed", ROUNDS)
def test_files_that_are_deleted_cut_or_swapped_are_found(log: Ledger, seed: int) -> None:
    dice = random.Random(seed)
    for number in range(FILES):
        attack = FILE_ATTACKS[number % len(FILE_ATTACKS)]
        with undone(log):
            attack(dice, log)
            assert said(log), f"seed {seed}, attack {number}: {attack.__name__}"


@pytest.mark.parametrize("seed", ROUNDS)
def test_rows_that_are_changed_deleted_swapped_or_inserted_are_found(
    log: Ledger, seed: int
) -> None:
    dice = random.Random(seed)
    for number in range(ROWS):
        attack = ROW_ATTACKS[number % len(ROW_ATTACKS)]
        with undone(log):
            rewrite(log, lambda connection, attack=attack: attack(dice, connection, 12))
            report = log.verify()
            told = {found.about.value for found in report.findings}
            # Also without the seal of the file, what the rows tell gives it away.
            assert told - {"seal"}, f"seed {seed}, attack {number}: {attack.__name__}"
            assert report.first_bad is not None


@pytest.mark.parametrize("seed", ROUNDS)
def test_what_is_signed_anew_with_the_key_contradicts_a_kept_checkpoint(
    log: Ledger, saved: str, seed: int
) -> None:
    dice = random.Random(seed)
    kept = read_checkpoint(saved, [log.key()]).size
    for number in range(FORGERIES):
        attack = REWRITES[number % len(REWRITES)]
        with undone(log):
            forge(log, lambda connection, attack=attack: attack(dice, connection, kept))
            report = log.verify(saved)
            found = [one.what for one in report.findings if "the given checkpoint" in one.what]
            assert found, f"seed {seed}, attack {number}: {attack.__name__}"
            assert report.first_bad is not None
            assert report.first_bad < kept or log.size < kept


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_fork_contradicts_a_kept_checkpoint_of_the_other_branch(
    tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    log = filled(tmp_path / "one", [dice.randrange(1, 9)])
    for number in range(FORKS):
        other = tmp_path / f"other-{number}"
        shutil.copytree(tmp_path / "one", other)
        fork, size = ledger(other), log.size
        log.append(events(*range(100 * number + 50, 100 * number + 51 + dice.randrange(5))))
        fork.append(events(*range(100 * number + 70, 100 * number + 71 + dice.randrange(5))))
        assert said(log) == said(fork) == ""
        found = fork.verify(log.checkpoint())
        assert "the given checkpoint" in found.findings[0].what
        assert found.first_bad in (size, fork.size)
        assert said(log, fork.checkpoint())


def test_without_a_kept_checkpoint_a_forgery_with_the_key_is_not_found(log: Ledger) -> None:
    """Else the attacks above would be found for being clumsy. The page for auditors says so."""
    for attack in REWRITES[:1]:
        with undone(log):
            forge(log, lambda connection: attack(random.Random(1), connection, 11))  # noqa: B023
            assert said(log) == ""


def test_a_log_signed_with_another_key_is_not_the_one_whose_key_was_kept(
    log: Ledger, tmp_path: Path
) -> None:
    other = filled(tmp_path, [5])
    assert said(other) == ""
    assert "no known key has signed it" in other.verify(key=str(log.key())).findings[0].what
    assert "no known key has signed it" in said(other, log.checkpoint())


@pytest.mark.parametrize("number", [0, 6, 12])
def test_the_first_bad_entry_is_named(tmp_path: Path, number: int) -> None:
    log = filled(tmp_path, [5, 8])
    rewrite(
        log,
        lambda connection: connection.execute(
            "update entry set hash = zeroblob(32) where number >= ?", [number]
        ),
    )
    report = log.verify()
    assert report.first_bad == number
    assert report.findings[0].what.startswith(f"entry {number} is not")


def test_of_a_large_log_the_entries_around_a_forged_hash_are_named(tmp_path: Path) -> None:
    log = filled(tmp_path, [1_000])
    rewrite(
        log,
        lambda connection: connection.execute(
            "update node set hash = zeroblob(32) where number = 2"
        ),
    )
    report = log.verify()
    assert report.first_bad == 512
    assert "one of the entries 512 to 767" in report.findings[0].what


def test_a_log_that_is_gone_is_missed(tmp_path: Path) -> None:
    log = filled(tmp_path)
    log.place.database.unlink()
    assert "the end was cut off" in said(log)
    kept = log.checkpoint()
    shutil.rmtree(log.place.folder)
    assert "none is here" in said(log, kept)

"""`cairn audit`: what an auditor is told, and how a verb ends."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from data.decisions.baseline import set_baseline
from data.decisions.book import Book
from data.ledger.entry import Asked
from data.ledger.ledger import Ledger
from tests.app.cli.running import answer, run
from tests.data.ledger.logs import event, events, filled, ledger

SCRIPT = Path(__file__).parents[3] / "docs" / "verify_proof.py"
RETENTION = '[ledger]\ncopies = ["elsewhere"]\n[ledger.retention]\n"change.*" = 1\n'


@pytest.fixture
def log(tmp_path: Path) -> Ledger:
    return filled(tmp_path)


def test_a_log_as_it_should_be_is_sound(tmp_path: Path, log: Ledger) -> None:
    result = run(tmp_path, "audit", "verify")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "sound: 10 entries, as 3 checkpoints say\n"
    found = answer(tmp_path, "audit", "verify")
    assert (found["is_sound"], found["size"], found["rows"]) == (True, 10, [])
    assert found["root"] == log.proofs.root().hex()


def test_a_log_that_was_changed_is_broken_at_its_first_bad_entry(
    tmp_path: Path, log: Ledger
) -> None:
    with sqlite3.connect(log.place.database) as connection:
        connection.execute("drop trigger payload_is_never_changed")
        connection.execute("update payload set content = '{}' where number in (4, 7)")
    connection.close()
    result = run(tmp_path, "audit", "verify")
    assert result.exit_code == 1
    assert result.stdout.startswith("BROKEN at entry 4: entry 4 is not what was appended (and 3")
    assert result.stdout.count("\n") == 1
    listed = run(tmp_path, "audit", "verify", "--format", "csv").stdout.splitlines()
    assert listed[:3] == [
        "entry,about,what",
        "4,entry,entry 4 is not what was appended",
        "7,entry,entry 7 is not what was appended",
    ]


def test_a_kept_checkpoint_and_a_kept_key_tell_one_log_from_another(
    tmp_path: Path, log: Ledger
) -> None:
    kept = tmp_path / "kept.checkpoint"
    kept.write_text(run(tmp_path, "audit", "checkpoint").stdout)
    key = run(tmp_path, "audit", "key").stdout.strip()
    log.append(events(20))
    words = ("audit", "verify", "--checkpoint", str(kept), "--key", key)
    assert run(tmp_path, *words).exit_code == 0
    filled(tmp_path / "other")
    result = run(tmp_path / "other", *words)
    assert result.exit_code == 1
    assert "no known key has signed it" in result.stdout
    assert run(tmp_path, "audit", "verify", "--key", "nothing").exit_code == 2
    assert run(tmp_path, "audit", "verify", "--key", "ledger/ledger.vkey").exit_code == 2
    assert run(tmp_path, *words[:-1], str(tmp_path / "ledger" / "ledger.vkey")).exit_code == 0


def test_before_anything_was_appended_there_is_nothing_to_tell(tmp_path: Path) -> None:
    result = run(tmp_path, "audit", "verify")
    assert (result.exit_code, result.stdout) == (0, "nothing was appended to the log yet\n")
    assert run(tmp_path, "audit", "log").stdout == ""
    assert "nothing was appended" in run(tmp_path, "audit", "checkpoint").stderr
    assert not (tmp_path / "ledger").exists()


def test_the_key_is_printed_and_is_the_same_afterwards(tmp_path: Path) -> None:
    first = run(tmp_path, "audit", "key").stdout
    filled(tmp_path)
    assert first == run(tmp_path, "audit", "key").stdout
    assert first.startswith("cairn/ledger+")
    assert "PRIVATE" not in first


def test_a_proof_is_written_that_the_script_takes(tmp_path: Path, log: Ledger) -> None:
    out = tmp_path / "event.tlog-proof"
    result = run(tmp_path, "audit", "prove", event(4).id, "--out", str(out))
    assert result.exit_code == 0
    words = [sys.executable, "-I", "-S", str(SCRIPT), str(out), result.stdout.split()[-1]]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert done.returncode == 0
    assert "PROVEN: entry 4 of 10" in done.stdout
    nothing = run(tmp_path, "audit", "prove", "nothing", "--out", str(out))
    assert (nothing.exit_code, nothing.stderr.count("\n")) == (2, 1)
    (told,) = [entry.event for entry in log.entries(Asked(kind="export.*"))]
    assert told is not None
    assert (told.subject, told.after) == (event(4).id, sha256(out.read_bytes()).hexdigest())


def test_a_proof_is_written_also_where_nothing_can_be_logged(tmp_path: Path, log: Ledger) -> None:
    (log.place.folder / "ledger.key").unlink()  # as in an auditor's copy
    out = tmp_path / "event.tlog-proof"
    result = run(tmp_path, "audit", "prove", event(4).id, "--out", str(out))
    assert (result.exit_code, out.exists(), log.size) == (0, True, 10)
    assert result.stderr.startswith("cairn: that this proof was written is not in the log: ")


def test_the_log_is_listed_with_accounts_only_on_demand(tmp_path: Path, log: Ledger) -> None:
    jane = log.people.pseudonym("github:jane")
    log.append([event(50, "deployment.finished", actor=jane)])
    rows = answer(tmp_path, "audit", "log", "--limit", "2")["rows"]
    assert [row["entry"] for row in rows] == [10, 9]
    assert rows[0]["actor"] == jane
    for words in (("--actor", "github:jane"), ("--actor", jane), ("--kind", "deployment.*")):
        found = answer(tmp_path, "audit", "log", "--names", *words)["rows"]
        assert [row["actor"] for row in found] == ["github:jane"]
    assert answer(tmp_path, "audit", "log", "--since", "2026-11-01")["rows"] == []


def test_an_erased_account_is_named_no_more(tmp_path: Path, log: Ledger) -> None:
    jane = log.people.pseudonym("github:jane")
    log.append([event(50, actor=jane)])
    words = ("audit", "erase", "github:jane", "--reason", "asked for it", "--actor", "dpo")
    assert run(tmp_path, *words).stdout == f"{jane} is nobody any more\n"
    rows = answer(tmp_path, "audit", "log", "--names")["rows"]
    assert {row["actor"] for row in rows} == {"dpo", jane, None}
    assert run(tmp_path, "audit", "verify").exit_code == 0
    assert run(tmp_path, "audit", "erase", "nobody", "--reason", "x").exit_code == 2


def test_what_is_too_old_goes_unless_it_is_held(tmp_path: Path, log: Ledger) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "cairn.toml").write_text(RETENTION)
    made = run(tmp_path, "audit", "hold", "set", "--subjects", "*pull/3", "--reason", "a claim")
    assert made.stdout == "hold 10 stands, on 1 entries by now\n"
    assert answer(tmp_path, "audit", "prune", "--dry-run")["rows"] == [
        {"rule": "change.*", "days": 1, "entries": 9}
    ]
    result = run(tmp_path, "audit", "prune")
    assert "1 more are kept by a legal hold" in result.stderr
    assert run(tmp_path, "audit", "hold", "release", "10", "--reason", "settled").exit_code == 0
    assert answer(tmp_path, "audit", "hold", "list")["rows"] == []
    assert len(answer(tmp_path, "audit", "hold", "list", "--all")["rows"]) == 1
    assert run(tmp_path, "audit", "prune").exit_code == 0
    assert "10 of them pruned" in run(tmp_path, "audit", "verify").stdout
    assert "nothing is older" in run(tmp_path, "audit", "prune").stdout
    assert len(list((tmp_path / "elsewhere").glob("*.checkpoint"))) == 7


def test_a_copy_that_cannot_be_made_is_a_warning(tmp_path: Path, log: Ledger) -> None:
    (tmp_path / "cairn.toml").write_text(RETENTION)
    result = run(tmp_path, "audit", "checkpoint")
    assert result.exit_code == 0
    assert result.stdout == log.checkpoint()
    assert "there is no such folder; make it" in result.stderr


def test_a_file_that_was_packed_anew_is_sealed_on_demand(tmp_path: Path, log: Ledger) -> None:
    with sqlite3.connect(log.place.database) as connection:
        connection.execute("vacuum")
    connection.close()
    assert run(tmp_path, "audit", "verify").exit_code == 1
    assert run(tmp_path, "audit", "checkpoint").exit_code == 3
    assert run(tmp_path, "audit", "checkpoint", "--reseal").exit_code == 2
    assert run(tmp_path, "audit", "checkpoint", "--reseal", "--reason", "vacuum").exit_code == 0
    assert run(tmp_path, "audit", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('origin = "a b"', "`origin`"),
        ('key = "PRIVATE+KEY+secret"', "`key`"),
        ('retention = {"change.*" = 0}', "change.*"),
        ('copy = ["x"]', "did you mean `copies`"),
    ],
)
def test_a_mistake_in_the_configuration_is_named_and_no_key_is_shown(
    tmp_path: Path, line: str, told: str
) -> None:
    (tmp_path / "cairn.toml").write_text(f"[ledger]\n{line}\n")
    result = run(tmp_path, "audit", "verify")
    assert result.exit_code == 2
    assert "line 2" in result.stderr
    assert told in result.stderr
    assert "secret" not in result.stderr


def test_a_decision_that_begins_the_log_tells_the_key_and_what_was_not_copied(
    tmp_path: Path,
) -> None:
    (tmp_path / "cairn.toml").write_text('[ledger]\ncopies = ["elsewhere"]\n')
    set_baseline(
        Book(tmp_path), "lead_time", None, (date(2026, 1, 1), date(2026, 2, 1)), ("a", "b")
    )
    told = run(tmp_path, "waiver", "list").stderr
    assert f"its public key, for you to keep elsewhere, is {ledger(tmp_path).key()}" in told
    assert "elsewhere: a checkpoint could not be copied: there is no such folder" in told
    assert run(tmp_path, "waiver", "list").stderr == ""


@pytest.mark.parametrize(
    "words",
    [
        ("prove", "\udcff", "--out", "nowhere"), ("log", "--text", "\udcff"),
        ("log", "--actor", "jane\udc80"), ("erase", "\udcff", "--reason", "x"),
        ("hold", "set", "--reason", "\udcff"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_text_are_told_as_such(
    tmp_path: Path, log: Ledger, words: tuple[str, ...]
) -> None:
    result = run(tmp_path, "audit", *words)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert log.size == 10


@pytest.mark.parametrize("pattern", ["", "[a-z]*", "["])
def test_a_hold_on_what_is_no_pattern_is_refused(tmp_path: Path, log: Ledger, pattern: str) -> None:
    for option in ("--kinds", "--subjects"):
        result = run(tmp_path, "audit", "hold", "set", option, pattern, "--reason", "a claim")
        assert (result.exit_code, "is no pattern" in result.stderr) == (2, True)
    assert log.size == 10

"""The script for auditors: it needs no Cairn, takes what is right and refuses what is not."""

from __future__ import annotations

import base64
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.ledger.note import Signer
from tests.data.ledger.logs import event, filled

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_proof.py"


def checked(proof: Path, key: str) -> subprocess.CompletedProcess[str]:
    """Runs the script as on a machine without Cairn: no packages, no environment."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(proof), key],
        check=False, capture_output=True, text=True, env={},
    )  # fmt: skip


def test_the_script_fits_on_a_page_and_needs_only_python() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 60
    imports = [line for line in lines if line.startswith(("import", "from"))]
    assert imports == ["import base64, hashlib, os, sys"]


@pytest.mark.parametrize("sizes", [[1], [2], [3, 4], [255, 3], [600]])
def test_a_proof_of_any_entry_holds(tmp_path: Path, sizes: list[int]) -> None:
    log = filled(tmp_path, sizes)
    proof = tmp_path / "event.tlog-proof"
    for number in {0, sum(sizes) // 2, sum(sizes) - 1}:
        proof.write_text(str(log.prove(event(number).id)), encoding="utf-8")
        done = checked(proof, str(log.key()))
        assert done.returncode == 0, done.stderr
        assert f"PROVEN: entry {number} of {sum(sizes)}" in done.stdout
        assert event(number).content().decode() in done.stdout


def test_the_key_may_be_named_as_a_file(tmp_path: Path) -> None:
    log = filled(tmp_path)
    proof = tmp_path / "event.tlog-proof"
    proof.write_text(str(log.prove(event(3).id)), encoding="utf-8")
    assert checked(proof, str(tmp_path / "ledger" / "ledger.vkey")).returncode == 0


def test_a_checkpoint_that_others_have_signed_too_holds(tmp_path: Path) -> None:
    log = filled(tmp_path)
    text = str(log.prove(event(3).id))
    note = text.split("\n\n", 1)[1].split("\n\n", maxsplit=1)[0] + "\n"
    for witness in ("witness.example", "cairn/ledger"):
        text += Signer(witness, bytes(32)).sign(note).split("\n\n")[1]
    proof = tmp_path / "event.tlog-proof"
    proof.write_text(text, encoding="utf-8")
    assert checked(proof, str(log.key())).returncode == 0


def test_a_proof_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    log = filled(tmp_path)
    right = str(log.prove(event(3).id)).encode()
    dice = random.Random(1)
    wrong = {
        right[:place] + bytes([right[place] ^ 1 << dice.randrange(7)]) + right[place + 1 :]
        for place in dice.sample(range(len(right)), 60)
    }
    lines = right.split(b"\n")
    wrong |= {
        b"\n".join(lines[:3] + lines[4:]),  # a step less
        b"\n".join(lines[:3] + lines[3:4] + lines[3:]),  # a step more
        b"\n".join([*lines[:3], lines[4], lines[3], *lines[5:]]),  # two steps swapped
        right.replace(b"index 3", b"index 2"),
        right.replace(b"index 3", b"index 03"),
        right.replace(b"index 3", b"index -3"),
        right.replace(lines[1][6:], base64.b64encode(event(4).content())),
        right.replace(b"\n10\n", b"\n11\n"),
        b"",
    }

    def run(number_and_text: tuple[int, bytes]) -> str:
        proof = tmp_path / f"{number_and_text[0]}.tlog-proof"
        proof.write_bytes(number_and_text[1])
        done = checked(proof, str(log.key()))
        assert "PROVEN: entry" not in done.stdout
        return f"{done.returncode} {done.stderr[:11]}"

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(run, enumerate(wrong))) == {"1 NOT PROVEN:"}


def test_a_proof_under_another_key_is_refused(tmp_path: Path) -> None:
    log, other = filled(tmp_path / "one"), filled(tmp_path / "other")
    proof = tmp_path / "event.tlog-proof"
    proof.write_text(str(other.prove(event(3).id)), encoding="utf-8")
    done = checked(proof, str(log.key()))
    assert done.returncode == 1
    assert "not signed with this key" in done.stderr


def test_a_signature_that_is_not_reduced_is_refused(tmp_path: Path) -> None:
    """RFC 8032, 5.1.7: else anyone could write another signature of the same text."""
    log = filled(tmp_path)
    text = str(log.prove(event(3).id))
    written = text.rsplit(maxsplit=1)[-1]
    mark = base64.b64decode(written)
    order = 2**252 + 27742317777372353535851937790883648493
    more = (int.from_bytes(mark[36:], "little") + order).to_bytes(32, "little")
    proof = tmp_path / "event.tlog-proof"
    forged = base64.b64encode(mark[:36] + more).decode()
    proof.write_text(text.replace(written, forged), encoding="utf-8")
    done = checked(proof, str(log.key()))
    assert "a wrong signature" in done.stderr


def test_a_terminal_that_cannot_show_the_event_disproves_nothing(tmp_path: Path) -> None:
    log = filled(tmp_path)
    log.append([event(50, before="passed \u2192 failed")])
    proof = tmp_path / "event.tlog-proof"
    proof.write_text(str(log.prove(event(50).id)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-S", str(SCRIPT), str(proof), str(log.key())],
        check=False,
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0
    assert b"PROVEN: entry 10 of 11" in done.stdout
    assert b"passed \\u2192 failed" in done.stdout

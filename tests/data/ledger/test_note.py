"""Signed notes: what the published example says, and what makes a note worthless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.ledger import note
from data.ledger.checkpoint import (
    Checkpoint,
    Seal,
    begun,
    read_begun,
    read_checkpoint,
    read_seal,
    signed,
)
from data.ledger.note import NoteRefused, Signer, Verifier, opened

PUBLISHED_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
PUBLISHED_LINE = (
    "\N{EM DASH} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXs"
    "YjOBH3mFXmRKuwHjG1Yu72IneyaQM="
)
PUBLISHED = f"This is an example message.\n\n{PUBLISHED_LINE}\n"
"""The example of c2sp.org/signed-note, as a fact that others can check, too."""

ONE, OTHER = Signer("example.com/log", bytes(32)), Signer("example.com/log", bytes([1] * 32))
HEAD = Checkpoint("example.com/log", 7, bytes(range(32)))


def test_the_published_note_holds_under_the_published_key() -> None:
    key = note.verifier(PUBLISHED_KEY)
    assert str(key) == PUBLISHED_KEY
    assert key.id.hex() == "530d903a"
    assert opened(PUBLISHED, [key]) == "This is an example message.\n"


@pytest.mark.parametrize("place", range(len(PUBLISHED)))
def test_the_published_note_holds_in_no_other_words(place: int) -> None:
    changed = PUBLISHED[:place] + chr(ord(PUBLISHED[place]) ^ 1) + PUBLISHED[place + 1 :]
    with pytest.raises(NoteRefused):
        opened(changed, [note.verifier(PUBLISHED_KEY)])


def test_signatures_of_unknown_keys_say_nothing() -> None:
    text = "one\n\ntwo\n"
    theirs = [Signer(f"witness{n}.example", bytes([n] * 32)) for n in range(15)]
    lines = [key.sign(text).split("\n\n")[-1] for key in (*theirs, ONE)]
    assert opened(f"{text}\n{''.join(lines)}", [ONE.verifier]) == text
    with pytest.raises(NoteRefused, match="no known key"):
        opened(f"{text}\n{''.join(lines[:-1])}", [ONE.verifier])


def test_a_key_of_the_same_name_is_unknown() -> None:
    with pytest.raises(NoteRefused, match="no known key"):
        opened(OTHER.sign("one\n"), [ONE.verifier])


def test_a_known_key_that_fails_spoils_a_note_that_another_has_signed() -> None:
    both = [ONE.verifier, Signer("witness.example", bytes(32)).verifier]
    right = Signer("witness.example", bytes(32)).sign("one\n")
    wrong = ONE.sign("two\n").split("\n\n")[1]
    with pytest.raises(NoteRefused, match=r"the signature of example\.com/log is wrong"):
        opened(right + wrong, both)


@pytest.mark.parametrize(
    "text",
    ["", "one", "one\n", "one\n\n", "\n\n" + PUBLISHED_LINE, "a\tb\n\n" + PUBLISHED_LINE + "\n"],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused, match="no signed note"):
        opened(text, [note.verifier(PUBLISHED_KEY)])


@pytest.mark.parametrize(
    "vkey",
    ["", "name", "name+00000000", PUBLISHED_KEY.replace("530d903a", "530d903b"),
     PUBLISHED_KEY.replace("foo", "bar"), "a b" + PUBLISHED_KEY, PUBLISHED_KEY[:-1]],
)  # fmt: skip
def test_what_is_no_key_is_refused(vkey: str) -> None:
    with pytest.raises(NoteRefused):
        note.verifier(vkey)


@given(st.binary(min_size=32, max_size=32), st.from_regex(r"[a-z./0-9]{1,30}", fullmatch=True))
def test_a_key_is_read_as_it_was_written(seed: bytes, name: str) -> None:
    key = Signer(name, seed)
    assert note.signer(str(key)) == key
    assert note.verifier(str(key.verifier)) == key.verifier
    assert str(key) not in repr(key)


def test_a_private_key_is_not_taken_for_a_public_one() -> None:
    with pytest.raises(NoteRefused):
        note.verifier(str(ONE))
    with pytest.raises(NoteRefused):
        note.signer(str(ONE.verifier))


def test_a_checkpoint_is_three_lines_and_a_signature() -> None:
    told = signed(HEAD, ONE)
    assert told.split("\n")[:3] == [
        "example.com/log", "7", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ]  # fmt: skip
    assert read_checkpoint(told, [ONE.verifier]) == HEAD


def test_a_checkpoint_may_say_more_than_is_understood() -> None:
    told = ONE.sign(f"{HEAD}an extension\n")
    assert read_checkpoint(told, [ONE.verifier]) == HEAD


@pytest.mark.parametrize(
    "size", ["07", "-1", "+7", "7.0", "", "7 ", "\N{ARABIC-INDIC DIGIT SEVEN}"]
)
def test_a_size_is_written_in_one_way(size: str) -> None:
    with pytest.raises(NoteRefused):
        read_checkpoint(ONE.sign(str(HEAD).replace("\n7\n", f"\n{size}\n")), [ONE.verifier])


def test_what_is_signed_for_one_purpose_counts_for_no_other() -> None:
    known: list[Verifier] = [ONE.verifier]
    seal = signed(Seal("example.com/log", 7, "0" * 64), ONE)
    began = begun(HEAD, ONE)
    assert read_seal(seal, known) == Seal("example.com/log", 7, "0" * 64)
    assert read_begun(began, known) == HEAD
    for reads, told in (
        (read_checkpoint, seal), (read_checkpoint, began), (read_seal, began),
        (read_seal, signed(HEAD, ONE)), (read_begun, seal), (read_begun, signed(HEAD, ONE)),
    ):  # fmt: skip
        with pytest.raises(NoteRefused):
            reads(told, known)  # type: ignore[operator]


def test_a_checkpoint_of_another_log_is_none_of_this_one() -> None:
    told = ONE.sign(str(HEAD).replace("example.com/log", "example.com/other"))
    with pytest.raises(NoteRefused, match="no checkpoint of this log"):
        read_checkpoint(told, [ONE.verifier])

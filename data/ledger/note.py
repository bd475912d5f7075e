"""Signed notes (c2sp.org/signed-note): a text, and lines of who signed it, with Ed25519."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY"
_ID_BYTES, _KEY_BYTES, _SIGNATURE_BYTES = 4, 32, 64
_MOST_SIGNATURES = 100
_SIGNED_BY = "\N{EM DASH} "
_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class NoteRefused(ValueError):
    """A note, or a key of notes, is not what it should be."""


class NoNote(NoteRefused):
    """It is none at all, whoever might have signed it."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public part of a key, under the name it signs with."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys apart that have the same name."""
        named = self.name.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(named).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        key = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{key}"

    def is_by(self, text: str, signature: bytes) -> bool:
        """Whether the signature over the text was made with this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key, under the name it signs with."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        """Its public part."""
        return Verifier(self.name, self._key.public_key().public_bytes_raw())

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def __str__(self) -> str:
        key = base64.b64encode(_ED25519 + self.seed).decode()
        return f"{_PRIVATE}+{self.name}+{self.verifier.id.hex()}+{key}"

    def __repr__(self) -> str:
        return f"Signer({self.verifier})"

    def sign(self, text: str) -> str:
        """The note of a text.

        Raises:
            NoteRefused: if the text does not end a line, or holds control characters.
        """
        if not text.endswith("\n") or _CONTROL.search(text):
            raise NoteRefused("the text of a note is made of whole lines")
        signature = base64.b64encode(self.verifier.id + self._key.sign(text.encode())).decode()
        return f"{text}\n{_SIGNED_BY}{self.name} {signature}\n"


def verifier(vkey: str) -> Verifier:
    """Reads the public part of a key: name, id and key, with `+` between.

    Raises:
        NoteRefused: if it is none, or its id is that of another key.
    """
    found = Verifier(*_parsed(vkey.split("+", 2)))
    if str(found) != vkey:
        raise NoteRefused("its id is that of another key")
    return found


def signer(skey: str) -> Signer:
    """Reads a private key, as `str(Signer)` writes it.

    Raises:
        NoteRefused: if it is none.
    """
    private, _, rest = skey.partition(f"{_PRIVATE}+")
    if private or not rest:
        raise NoteRefused("it is no private key of notes")
    found = Signer(*_parsed(rest.split("+", 2)))
    if str(found) != skey:
        raise NoteRefused("its id is that of another key")
    return found


def opened(note: str, known: Sequence[Verifier]) -> str:
    """The text of a note, once a known key vouches for it.

    Signatures of unknown keys say nothing; one of a known key that is wrong spoils the note.

    Raises:
        NoteRefused: if it is no note, or no known key has signed it.
    """
    text, signatures = _taken_apart(note)
    is_signed = False
    for name, signature in signatures:
        for key in known:
            if (key.name, key.id) == (name, signature[:_ID_BYTES]):
                if not key.is_by(text, signature[_ID_BYTES:]):
                    raise NoteRefused(f"the signature of {name} is wrong")
                is_signed = True
    if not is_signed:
        names = ", ".join(sorted({name for name, _ in signatures}))
        raise NoteRefused(f"no known key has signed it, but {names}")
    return text


def _taken_apart(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    text, blank, rest = note.rpartition("\n\n")
    lines = rest.split("\n")
    if not blank or not text or lines.pop() or not lines or _CONTROL.search(note):
        raise NoNote("it is no signed note")
    if len(lines) > _MOST_SIGNATURES:
        raise NoNote(f"it has more than {_MOST_SIGNATURES} signatures")
    return text + "\n", [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_SIGNED_BY).partition(" ")
    try:
        signature = _decoded(encoded)
    except NoteRefused as error:
        raise NoNote("a line of its signatures cannot be read") from error
    if not line.startswith(_SIGNED_BY) or len(signature) <= _ID_BYTES:
        raise NoNote("a line of its signatures cannot be read")
    if not _NAME.fullmatch(name):
        raise NoNote("a key has no name that a key can have")
    return name, signature


def _parsed(parts: Sequence[str]) -> tuple[str, bytes]:
    if len(parts) != 3 or not _NAME.fullmatch(parts[0]):
        raise NoteRefused("it is no key of notes")
    key = _decoded(parts[2])
    if len(key) != 1 + _KEY_BYTES or key[:1] != _ED25519:
        raise NoteRefused("it is no Ed25519 key of notes")
    return parts[0], key[1:]


def _decoded(text: str) -> bytes:
    """Bytes of the one base64 text that stands for them."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteRefused("what should be base64 is none") from error
    if base64.b64encode(found).decode() != text:
        raise NoteRefused("what should be base64 is none")
    return found

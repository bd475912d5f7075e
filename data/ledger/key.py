"""The key that signs: made at first use, kept private, its public part beside it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from data.durable import PRIVATE, READABLE, write_whole
from data.ledger import note
from data.ledger.note import NoteRefused, Signer, Verifier
from data.ledger.refusal import LedgerRefused, refuse_no_file

KEY, VKEY = "ledger.key", "ledger.vkey"
_OTHERS = 0o077


class KeyRefused(LedgerRefused):
    """The key that signs the log is not there, or is another one."""


class KeyPlace:
    """Where the key of one log is, and its public part."""

    def __init__(self, folder: Path, origin: str, reference: str | None) -> None:
        """Names the folder of the log, and where else the key is: `file:PATH` or `env:NAME`."""
        self.vkey = folder / VKEY
        self._origin = origin
        kind, _, name = (reference or f"file:{folder.name}/{KEY}").partition(":")
        self._variable = name if kind == "env" else None
        # A relative path starts at the data folder, as those of `cairn.toml` do.
        self._file = None if kind == "env" else folder.parent / Path(name).expanduser()

    def signer(self) -> Signer:
        """The private key, made if this log has none yet.

        Raises:
            KeyRefused: if it is gone, cannot be read, or is not the one that signed before.
        """
        text = self._text()
        if text is None:
            found = self._made()
        else:
            try:
                found = note.signer(text.strip())
            except NoteRefused as error:
                raise KeyRefused(str(error), self._where, "bring the key back") from error
        if self.vkey.exists():
            if self.verifier() != found.verifier:
                what = f"the key is not the one of {self.vkey.name}"
                raise KeyRefused(what, self._where, "bring the key back that the log began with")
        else:
            write_whole(self.vkey, f"{found.verifier}\n".encode(), mode=READABLE)
        if found.name != self._origin:
            what = f"the key signs for `{found.name}`, not for `{self._origin}`"
            raise KeyRefused(what, self._where, f'set `origin = "{found.name}"` under [ledger]')
        return found

    def verifier(self) -> Verifier:
        """The public part, as it lies beside the log.

        Raises:
            KeyRefused: if it is not there, or is none.
        """
        refuse_no_file(self.vkey)
        try:
            told = self.vkey.read_text(encoding="utf-8")
            return note.verifier(told[:-1] if told.endswith("\n") else "")
        except FileNotFoundError as error:
            fix = "bring it back, or name it with --key"
            raise KeyRefused("the public key is gone", str(self.vkey), fix) from error
        except (NoteRefused, UnicodeDecodeError) as error:
            fix = "bring it back, or name it with --key"
            raise KeyRefused(f"the public key is damaged ({error})", str(self.vkey), fix) from error

    def exposed(self) -> Iterator[str]:
        """Says so if others can read the private key: they could sign in its name."""
        with suppress(OSError):
            if self._file is not None and self._file.stat().st_mode & _OTHERS:
                yield f"{self._file} can be read by others: take that right from them"

    @property
    def _where(self) -> str:
        return f"env:{self._variable}" if self._variable else str(self._file)

    def _text(self) -> str | None:
        if self._file is None:
            return os.environ.get(self._variable or "") or None
        if not self._file.exists():
            return None
        refuse_no_file(self._file)
        try:
            return self._file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise KeyRefused("it is no text", self._where, "bring the key back") from error

    def _made(self) -> Signer:
        if any(self.vkey.parent.glob("checkpoints/*")) or self.vkey.exists():
            what, fix = "the key is gone that signs the log", "bring it back from where it is safe"
            raise KeyRefused(what, self._where, fix)
        if self._file is None:
            fix = "run once without `key`, then move what is in `ledger/ledger.key` there"
            raise KeyRefused("there is no key", self._where, fix)
        found = Signer(self._origin, secrets.token_bytes(32))
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._file, f"{found}\n".encode(), mode=PRIVATE)
        return found

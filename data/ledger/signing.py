"""What is signed after an append, and what must be as it was signed before the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.durable import READABLE, file_hash, remove, write_whole
from data.ledger.checkpoint import (
    Checkpoint,
    Seal,
    begun,
    read_begun,
    read_checkpoint,
    read_seal,
    signed,
)
from data.ledger.database import hashes, is_made, readable, size_of
from data.ledger.note import NoteRefused, Signer, Verifier
from data.ledger.place import Place, checkpoint_files
from data.ledger.refusal import LedgerBroken, told
from data.ledger.signed_file import LOOK, Told, read_file
from data.ledger.tree import EMPTY, leaf_hash, root


@dataclass(frozen=True, slots=True)
class Signing:
    """Signs the log of one place with its key. Its caller holds the log alone."""

    place: Place
    key: Signer
    copies: Sequence[Path] = ()
    """Folders whose checkpoints the log must not contradict, either."""

    def begin(self, at: Checkpoint) -> None:
        """Notes that an append begins, before anything of it is written."""
        write_whole(self.place.begun, begun(at, self.key).encode(), mode=READABLE)

    def finish(self, at: Checkpoint) -> None:
        """Signs what was appended: the file, then the tree. Then no append is under way."""
        with told(self.place.folder):
            seal = Seal(at.origin, at.size, file_hash(self.place.database))
            write_whole(self.place.seal, signed(seal, self.key).encode(), mode=READABLE)
            note = signed(at, self.key).encode()
            write_whole(self.place.checkpoint(at.size), note, mode=READABLE)
            remove(self.place.begun)

    def settled(self, *, is_sealed: bool = True) -> Checkpoint:
        """The head of the log, once it is as it was signed; finishes what a crash cut short.

        Args:
            is_sealed: whether the file itself must be the one that was sealed, too.

        Raises:
            LedgerBroken: if it is not. Nothing is signed then.
        """
        with told(self.place.folder):
            last = self._last()
            head = self._head(last.size)
            if head.root_then != last.root:
                raise self._broken(f"the first {last.size:,} entries are not those signed")
            self._check_copies(head.now.size)
            if self.place.begun.exists():
                return self._finished(head, last)
            if head.now.size != last.size:
                more = f"{head.now.size:,} entries, and the last checkpoint {last.size:,}"
                raise self._broken(f"the log holds {more}")
            if not last.size and self.place.seal.exists():
                raise self._broken("a seal is here, and no checkpoint")
            if is_sealed and last.size:
                self._check_seal(last.size)
            return head.now

    def _finished(self, head: _Head, last: Checkpoint) -> Checkpoint:
        began = self._read(self.place.begun, read_begun)
        if last.size not in (began.size, head.now.size) or head.now.size < began.size:
            raise self._broken("the append that was cut short began elsewhere")
        if head.now.size == began.size:
            if began.size:
                self._check_seal(began.size)
            remove(self.place.begun)
        else:
            self._check_tail(began.size)
            self.finish(head.now)
        return head.now

    def _last(self) -> Checkpoint:
        files = checkpoint_files(self.place.checkpoints)
        if not files:
            return Checkpoint(self.key.name, 0, EMPTY)
        size, path = files.popitem()
        found = self._read(path, read_checkpoint)
        if found.size != size:
            raise self._broken(f"{path.name} tells another size")
        return found

    def _head(self, then: int) -> _Head:
        empty = Checkpoint(self.key.name, 0, EMPTY)
        if not self.place.database.exists():
            if then:
                raise self._broken("the database is gone")
            return _Head(empty, EMPTY)
        with readable(self.place.database) as connection:
            if not is_made(connection):
                if then:
                    raise self._broken("the database is empty")
                return _Head(empty, EMPTY)
            size = size_of(connection)
            if size < then:
                raise self._broken(f"{then:,} entries were signed, and {size:,} are there")
            complete = hashes(connection)
            now = Checkpoint(self.key.name, size, root(size, complete))
            return _Head(now, root(then, complete))

    def _check_copies(self, size: int) -> None:
        """The newest checkpoint of each copy, if it is one: who cannot read it cannot tell."""
        for folder in self.copies:
            if not (files := checkpoint_files(folder)):
                continue
            _, path = files.popitem()
            try:
                copied = read_checkpoint(path.read_text(encoding="utf-8"), [self.key.verifier])
            except (NoteRefused, OSError, UnicodeDecodeError):
                continue
            if copied.size > size:
                what = f"{path} covers {copied.size:,} entries, and {size:,} are there"
                raise self._broken(what)
            if self._head(copied.size).root_then != copied.root:
                raise self._broken(f"the first {copied.size:,} entries are not those of {path}")

    def _check_seal(self, size: int) -> None:
        seal = self._read(self.place.seal, read_seal)
        if seal.size != size or seal.sha256 != file_hash(self.place.database):
            raise self._broken("the database file is not the one that was sealed")

    def _check_tail(self, first: int) -> None:
        """Only what is as it was written is signed: of a crash, too."""
        with readable(self.place.database) as connection:
            for number, stored, content in connection.execute(_TAIL, {"first": first}):
                if content is None or leaf_hash(content) != stored:
                    raise self._broken(f"entry {number:,} is not what was appended")

    def _read(self, path: Path, read: Callable[[str, Sequence[Verifier]], Told]) -> Told:
        return read_file(path, read, self.key.verifier)[1]

    def _broken(self, what: str) -> LedgerBroken:
        return LedgerBroken(what, str(self.place.folder), LOOK)


_TAIL = """
-- One row is an entry that was appended and never signed.
select number, hash, cast(content as blob)
from entry
left join payload using (number)
where number >= $first
order by number
"""


@dataclass(frozen=True, slots=True)
class _Head:
    now: Checkpoint
    root_then: bytes

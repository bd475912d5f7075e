"""The log: what can be asked of it, and the few ways to write to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from data.configuration import LedgerSettings
from data.ledger.append import Also, Progress, add
from data.ledger.bundle import Bundle
from data.ledger.checkpoint import Checkpoint, read_checkpoint
from data.ledger.copies import CopyRefused, copied, lacking, refuse_orphans
from data.ledger.database import WAIT_SECONDS, is_made, reading, size_of, writing
from data.ledger.entry import Asked, Entry, entries
from data.ledger.event import OWN_KINDS, Event
from data.ledger.finding import Report
from data.ledger.key import KeyPlace
from data.ledger.note import Verifier
from data.ledger.people import People
from data.ledger.place import FOLDER, Place, checkpoint_files
from data.ledger.proofs import Proofs
from data.ledger.refusal import EventRefused, NotInLedger, told
from data.ledger.signed_file import read_file
from data.ledger.signing import Signing
from data.ledger.verify import Examination, examined


def _silent(what: str, done: int, total: int | None) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append did."""

    numbers: range
    """Of the new entries."""
    known: int
    """Events that were there already."""
    refused: tuple[CopyRefused, ...]
    """Copies of checkpoints that could not be written; the entries are safe."""
    made_key: Verifier | None
    """The public key, if the log has begun with this: for whoever appends to show."""


class Ledger:
    """The log of one data folder. Asking for something never makes it."""

    def __init__(
        self,
        folder: Path,
        settings: LedgerSettings | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        """Names the data folder; `wait_seconds` is how long another process is waited for."""
        self.place = Place(folder / FOLDER)
        self.people = People(self.place)
        self.proofs = Proofs(self.place, self.reading)
        self.settings = settings or LedgerSettings()
        self._clock = clock
        self._wait_seconds = wait_seconds
        self._key = KeyPlace(self.place.folder, self.settings.origin, self.settings.key)

    @property
    def is_there(self) -> bool:
        """Whether anything was ever appended."""
        return self.size > 0

    @property
    def size(self) -> int:
        """How many entries there are.

        Raises:
            LedgerRefused: if it may not be looked at, or is in use for too long.
            LedgerBroken: if it is damaged.
        """
        with told(self.place.folder):
            if not self.place.database.exists():
                return 0
        with self.reading() as connection:
            return size_of(connection) if is_made(connection) else 0

    def checkpoint(self) -> str | None:
        """The newest signed note, if there is one.

        Raises:
            LedgerBroken: if it is not signed with the key of the log.
        """
        files = checkpoint_files(self.place.checkpoints)
        return read_file(files.popitem()[1], read_checkpoint, self.key())[0] if files else None

    def covering(self, index: int) -> Checkpoint | None:
        """The oldest checkpoint that covers entry `index`: the same whatever is appended later.

        Raises:
            LedgerBroken: if it is not signed with the key of the log.
        """
        for size, path in sorted(checkpoint_files(self.place.checkpoints).items()):
            if size > index:
                return read_file(path, read_checkpoint, self.key())[1]
        return None

    def key(self) -> Verifier:
        """The public key, which is made with the private one if there is none yet.

        Raises:
            KeyRefused: if it is gone, or another one.
            LedgerRefused: if it may not be read.
        """
        with told(self.place.folder):
            if self._key.vkey.exists():
                return self._key.verifier()
        with writing(self.place, self._wait_seconds):
            return self._signing().key.verifier

    def entries(self, asked: Asked | None = None) -> list[Entry]:
        """The entries that are asked for."""
        if not self.is_there:
            return []
        with self.reading() as connection:
            return list(entries(connection, asked or Asked()))

    def find(self, event_id: str) -> list[Entry]:
        """The entries of an event: one for each way it was told, the newest last."""
        return self.entries(Asked(id=event_id))

    def append(self, events: Iterable[Event], progress: Progress = _silent) -> Appended:
        """Appends what the log does not hold yet, and signs it.

        An event that is there with the same content is passed over; with another content it
        becomes a new entry.

        Raises:
            EventRefused: if an event cannot be written down; then none is.
            LedgerBroken: if the log is not what was signed: nothing is written or signed.
            LedgerRefused: if disk or database say no.
        """
        return self.write(map(_foreign, events), progress)

    def write(
        self,
        events: Iterable[Event],
        progress: Progress = _silent,
        also: Also | None = None,
        *,
        is_sealed: bool = True,
    ) -> Appended:
        """Appends as `append` does; for `custody`, which tells what the log says of itself.

        Args:
            events: of any kind.
            progress: told how far it is.
            also: what belongs to the events and is written with them.
            is_sealed: whether the file must be the one that was sealed.

        Raises:
            CairnError: as `append` does.
        """
        with writing(self.place, self._wait_seconds):
            had_key = self._key.vkey.exists()
            signing = self._signing()
            added = add(signing, events, progress, also, is_sealed=is_sealed)
            made_key = None if had_key else signing.key.verifier
            return Appended(added.numbers, added.known, self.copy(), made_key)

    def verify(
        self,
        checkpoint: str | None = None,
        key: str | None = None,
        progress: Progress = _silent,
    ) -> Report:
        """Recomputes everything, and says what is wrong.

        Args:
            checkpoint: a signed note that was kept elsewhere.
            key: the public key that was kept elsewhere; default: the one beside the log.
            progress: told how far it is.

        Raises:
            WrongKey: if the given key is none.
            WrongCheckpoint: if the given note is none.
            LedgerRefused: if the log is in use for too long, or may not be read.
        """
        asked = Examination(self.place, self._key, self._copies, self.people, self._wait_seconds)
        return examined(asked, checkpoint, key, progress)

    def prove(self, event_id: str, number: int | None = None) -> Bundle:
        """The proof of one entry of an event, under the newest checkpoint.

        Args:
            event_id: of the event.
            number: of the entry; default: that by which it was told last.

        Raises:
            NotInLedger: if there is none, or its payload was pruned.
            LedgerBroken: if the log is not what was signed.
        """
        found = [one for one in self.find(event_id) if number in (None, one.number)]
        if not found:
            which = "" if number is None else f" in entry {number:,}"
            fix = "`cairn audit log` lists the events"
            raise NotInLedger(f"the log holds no event `{event_id}`{which}", "", fix)
        return self.proofs.bundle(found[-1], self.key())

    def sign(self) -> Checkpoint:
        """Finishes what a crash cut short, and copies what copies lack; returns the head.

        Raises:
            LedgerBroken: if the log is not what was signed.
        """
        with writing(self.place, self._wait_seconds):
            return self._signing().settled()

    def copy(self) -> tuple[CopyRefused, ...]:
        """Copies the checkpoints that copies lack; returns what could not be written."""
        folders = [self._folder(named) for named in self.settings.copies]
        git = self.settings.git
        return tuple(copied(self.place, folders, self._folder(git) if git else None))

    def elsewhere(self) -> dict[Path, int | None]:
        """The folders of copies, and how many files each lacks; None: there is no such folder."""
        return {
            folder: len(list(lacking(self.place, folder))) if folder.is_dir() else None
            for folder in self._copies
        }

    def now(self) -> datetime:
        """The time of the log's clock."""
        return self._clock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The database, which nobody writes meanwhile. It must be there.

        Raises:
            LedgerRefused: if it is in use for too long, or may not be read.
            LedgerBroken: if it is damaged.
        """
        with reading(self.place, self._wait_seconds) as connection:
            yield connection

    def _signing(self) -> Signing:
        """What signs; makes the key if nothing tells of a log that was here before."""
        if not (self._key.vkey.exists() or self.place.database.exists()):
            refuse_orphans(self._copies)
        return Signing(self.place, self._key.signer(), self._copies)

    @property
    def _copies(self) -> tuple[Path, ...]:
        """Every folder that holds checkpoints, besides the log's own."""
        git = [self.settings.git] if self.settings.git else []
        return tuple(self._folder(named) for named in (*self.settings.copies, *git))

    def _folder(self, named: str) -> Path:
        """A folder of the configuration; a relative one starts at the data folder."""
        return self.place.folder.parent / Path(named).expanduser()


def _foreign(told: Event) -> Event:
    if told.kind.startswith(OWN_KINDS):
        fix = "choose another kind"
        raise EventRefused(f"`{told.kind}` is what the log says of itself", told.id, fix)
    return told

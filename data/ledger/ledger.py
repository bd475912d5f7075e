"""The log: what can be asked of it, and the few ways to write to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from data.configuration import LedgerSettings
from data.ledger import hold, retention, tree
from data.ledger.append import Added, Also, Progress, add
from data.ledger.bundle import Bundle
from data.ledger.checkpoint import Checkpoint
from data.ledger.copies import CopyRefused, copied
from data.ledger.database import WAIT_SECONDS, hashes, is_made, reading, size_of, writing
from data.ledger.entry import Asked, Entry, entries
from data.ledger.event import OWN_KINDS, Event
from data.ledger.finding import Report
from data.ledger.hold import Hold
from data.ledger.key import KeyPlace
from data.ledger.note import Verifier
from data.ledger.people import ERASED, People
from data.ledger.place import FOLDER, Place, checkpoint_files
from data.ledger.refusal import EventRefused, LedgerBroken, NotInLedger
from data.ledger.signing import Signing
from data.ledger.verify import Examination, examined

RESEALED = "ledger.resealed"


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
        self._settings = settings or LedgerSettings()
        self._clock = clock
        self._wait_seconds = wait_seconds
        self._key = KeyPlace(self.place.folder, self._settings.origin, self._settings.key)

    @property
    def is_there(self) -> bool:
        """Whether anything was ever appended."""
        return self.place.database.exists() and self.size > 0

    @property
    def size(self) -> int:
        """How many entries there are."""
        if not self.place.database.exists():
            return 0
        with reading(self.place, self._wait_seconds) as connection:
            return size_of(connection) if is_made(connection) else 0

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` entries, or over all.

        Raises:
            NotInLedger: if there are fewer.
        """
        with self._complete(size) as (wanted, complete):
            return tree.root(wanted, complete)

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that entry `index` is among the first `size` (RFC 9162, 2.1.3).

        Raises:
            NotInLedger: if it is not.
        """
        with self._complete(size) as (wanted, complete):
            return tree.inclusion(index, wanted, complete)

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """The proof that the log of `size` entries begins with that of `old` (RFC 9162, 2.1.4).

        Raises:
            NotInLedger: if it does not, or `old` is 0.
        """
        with self._complete(size) as (wanted, complete):
            return tree.consistency(old, wanted, complete)

    def checkpoint(self) -> str | None:
        """The newest signed note, if there is one."""
        files = checkpoint_files(self.place.checkpoints)
        return files.popitem()[1].read_text(encoding="utf-8") if files else None

    def key(self) -> Verifier:
        """The public key, which is made with the private one if there is none yet.

        Raises:
            KeyRefused: if it is gone, or another one.
        """
        if self._key.vkey.exists():
            return self._key.verifier()
        with writing(self.place, self._wait_seconds):
            return self._key.signer().verifier

    def entries(self, asked: Asked | None = None) -> list[Entry]:
        """The entries that are asked for."""
        if not self.is_there:
            return []
        with reading(self.place, self._wait_seconds) as connection:
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
        return self._append(map(_foreign, events), progress)

    def holds(self) -> list[Hold]:
        """All legal holds, also those that were released."""
        if not self.is_there:
            return []
        with reading(self.place, self._wait_seconds) as connection:
            return hold.holds(connection)

    def set_hold(self, kinds: str, subjects: str, by: tuple[str, str]) -> Appended:
        """Keeps what matches two patterns, whatever its age. `by`: the account, and why."""
        account, reason = by
        actor = self.people.pseudonym(account)
        told = hold.set_event((kinds, subjects), reason, actor, self._clock())
        return self._append([told], also=hold.write_set)

    def release_hold(self, set_by: int, by: tuple[str, str]) -> Appended:
        """Ends the hold that an entry set. `by`: the account, and why.

        Raises:
            NotInLedger: if no such hold stands.
        """
        standing = {one.set_by: one for one in self.holds() if one.released_by is None}
        if set_by not in standing:
            fix = "see `cairn audit hold list`"
            raise NotInLedger(f"no hold of entry {set_by} stands", "", fix)
        account, reason = by
        actor = self.people.pseudonym(account)
        told = hold.released_event(standing[set_by], reason, actor, self._clock())
        return self._append([told], also=hold.write_released)

    def old(self) -> tuple[list[retention.Old], int]:
        """What is older than its kind is kept for, and how many more entries a hold keeps."""
        if not self.is_there:
            return [], 0
        rules, now = self._settings.retention, self._clock()
        with reading(self.place, self._wait_seconds) as connection:
            return retention.old(connection, rules, hold.holds(connection), now)

    def prune(self, account: str) -> tuple[int, Appended]:
        """Deletes the payloads of what is too old; their leaves stay. Returns how many."""
        found, _ = self.old()
        actor = self.people.pseudonym(account)
        events = retention.pruned_events(found, self._settings.retention, actor, self._clock())
        return len(found), self._append(events, also=retention.write_pruned)

    def erase(self, account: str, by: tuple[str, str]) -> tuple[str, Appended]:
        """Forgets who a pseudonym is, for good. `by`: the account that does it, and why.

        Returns:
            The pseudonym, which stays in the log, and what was appended.

        Raises:
            NotInLedger: if nobody of that name is known.
        """
        pseudonym = self.people.known(account)
        identity = f"{ERASED}:{pseudonym}"
        was_told = bool(self.find(identity))
        if not was_told and pseudonym not in self.people.accounts():
            fix = "write the account as `cairn audit log --names` shows it"
            raise NotInLedger("nobody of that name is in the log", account, fix)
        by_account, reason = by
        actor, now = self.people.pseudonym(by_account), self._clock()
        data = {"reason": reason}
        told = Event(ERASED, identity, now, now, actor, pseudonym, source="cairn", data=data)
        done = self._append([] if was_told else [told])
        self.people.forget(pseudonym)
        return pseudonym, done

    def reseal(self, by: tuple[str, str]) -> Appended:
        """Seals a file that is not the one sealed, but whose entries are those signed.

        Raises:
            LedgerBroken: if anything else is wrong.
        """
        wrong = [found for found in self.verify().findings if not found.is_about_the_seal]
        if wrong:
            fix = "bring the log back from a copy"
            raise LedgerBroken(wrong[0].what, str(self.place.folder), fix)
        account, reason = by
        actor, now = self.people.pseudonym(account), self._clock()
        identity, data = f"{RESEALED}:{now.isoformat()}", {"reason": reason}
        told = Event(RESEALED, identity, now, now, actor, source="cairn", data=data)
        return self._append([told], is_sealed=False)

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
            LedgerRefused: if the log is in use for too long, or may not be read.
        """
        places = [self._folder(copy) for copy in self._settings.copies]
        if self._settings.git:
            places.append(self._folder(self._settings.git))
        asked = Examination(self.place, self._key, tuple(places), self.people, self._wait_seconds)
        return examined(asked, checkpoint, key, progress)

    def prove(self, event_id: str) -> Bundle:
        """The proof of the newest entry of an event, under the newest checkpoint.

        Raises:
            NotInLedger: if there is none, or its payload was pruned.
            LedgerBroken: if the log is not what was signed.
        """
        found = self.find(event_id)
        if not found:
            fix = "`cairn audit log` lists the events"
            raise NotInLedger(f"the log holds no event `{event_id}`", "", fix)
        entry = found[-1]
        if entry.content is None:
            what = f"the payload of `{event_id}` was pruned"
            raise NotInLedger(what, "", "a proof that was written before then is still valid")
        return self._bundle(entry, entry.content)

    def _bundle(self, entry: Entry, content: bytes) -> Bundle:
        files = checkpoint_files(self.place.checkpoints)
        size, path = files.popitem() if files else (0, self.place.checkpoints)
        if entry.number >= size:
            fix = "run `cairn audit checkpoint`, then try again"
            raise NotInLedger("no checkpoint covers that entry yet", str(path), fix)
        with self._complete(size) as (_, complete):
            hashed = tree.inclusion(entry.number, size, complete)
        return Bundle(content, entry.number, hashed, path.read_text(encoding="utf-8"))

    def sign(self) -> Checkpoint:
        """Finishes what a crash cut short, and copies what copies lack; returns the head.

        Raises:
            LedgerBroken: if the log is not what was signed.
        """
        with writing(self.place, self._wait_seconds):
            return Signing(self.place, self._key.signer()).settled()

    def copy(self) -> tuple[CopyRefused, ...]:
        """Copies the checkpoints that copies lack; returns what could not be written."""
        folders = [self._folder(copy) for copy in self._settings.copies]
        git = self._settings.git
        return tuple(copied(self.place, folders, self._folder(git) if git else None))

    def _append(
        self,
        events: Iterable[Event],
        progress: Progress = _silent,
        also: Also | None = None,
        *,
        is_sealed: bool = True,
    ) -> Appended:
        with writing(self.place, self._wait_seconds):
            signing = Signing(self.place, self._key.signer())
            added: Added = add(signing, events, progress, also, is_sealed=is_sealed)
            return Appended(added.numbers, added.known, self.copy())

    @contextmanager
    def _complete(self, size: int | None) -> Iterator[tuple[int, tree.Complete]]:
        """The subtrees of the first `size` entries, which are there."""
        if not self.is_there:
            raise NotInLedger("the log is empty", str(self.place.folder), "append something first")
        with reading(self.place, self._wait_seconds) as connection:
            there = size_of(connection)
            wanted = there if size is None else size
            if not 0 <= wanted <= there:
                what = f"there are {there:,} entries, not {wanted:,}"
                raise NotInLedger(what, "", "ask for fewer")
            try:
                yield wanted, hashes(connection)
            except tree.ProofRefused as error:
                raise NotInLedger(str(error), "", "ask for entries that are there") from error

    def _folder(self, named: str) -> Path:
        """A folder of the configuration; a relative one starts at the data folder."""
        return self.place.folder.parent / Path(named).expanduser()


def _foreign(told: Event) -> Event:
    if told.kind.startswith(OWN_KINDS):
        fix = "choose another kind"
        raise EventRefused(f"`{told.kind}` is what the log says of itself", told.id, fix)
    return told

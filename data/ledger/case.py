"""What is known while a log is examined: the keys, the signed notes there are, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from data.durable import is_no_file
from data.ledger.checkpoint import Checkpoint, Seal, read_begun, read_checkpoint, read_seal
from data.ledger.finding import About, Finding
from data.ledger.note import NoNote, NoteRefused, Verifier
from data.ledger.place import Place, checkpoint_files
from data.ledger.refusal import WrongCheckpoint

Told = TypeVar("Told")


@dataclass(slots=True)
class Case:
    """One examination of one log."""

    place: Place
    keys: Sequence[Verifier]
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What is no sign of an attack, and ought to be known."""
    checkpoints: list[tuple[str, Checkpoint]] = field(default_factory=list)
    """Every one there is, with where it was found."""
    seal: Seal | None = None
    began: Checkpoint | None = None
    """Where an append began that was cut short."""

    @property
    def signed(self) -> int:
        """How many entries the newest checkpoint beside the log covers."""
        return max(checkpoint_files(self.place.checkpoints), default=0)

    def tell(self, about: About, what: str, entry: int | None = None) -> None:
        """Notes that something is wrong."""
        self.findings.append(Finding(about, what, entry))

    def gather(self, copies: Sequence[Path], given: str | None) -> None:
        """Reads what was signed, here, in the copies, and what was given."""
        for folder in (self.place.checkpoints, *copies):
            for size, path in checkpoint_files(folder).items():
                found = self._read(path, read_checkpoint)
                if found is not None and found.size != size:
                    self.tell(About.CHECKPOINT, f"{path} tells of {found.size:,} entries")
                if found is not None:
                    self.checkpoints.append((str(path), found))
        if given is not None:
            try:
                found = read_checkpoint(given, self.keys)
                self.checkpoints.append(("the given checkpoint", found))
            except NoNote as error:
                fix = "hand in what `cairn audit checkpoint` printed, all of it"
                raise WrongCheckpoint(f"the given checkpoint is none: {error}", "", fix) from error
            except NoteRefused as error:
                self.tell(About.SIGNATURE, f"the given checkpoint: {error}")
        if self.place.seal.exists():
            self.seal = self._read(self.place.seal, read_seal)
        if self.place.begun.exists():
            self.began = self._read(self.place.begun, read_begun)

    def _read(self, path: Path, read: Callable[[str, Sequence[Verifier]], Told]) -> Told | None:
        if is_no_file(path):
            self.tell(About.SIGNATURE, f"{path}: it is no file")
            return None
        try:
            return read(path.read_bytes().decode(), self.keys)
        except (NoteRefused, UnicodeDecodeError) as error:
            self.tell(About.SIGNATURE, f"{path}: {error}")
        return None

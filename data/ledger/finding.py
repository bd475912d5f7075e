"""What a check of the log found, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """What is wrong."""

    ENTRY = "entry"
    """An entry is not what was appended, or is missing."""
    TREE = "tree"
    """A stored hash is not that of the entries below it."""
    CHECKPOINT = "checkpoint"
    """A checkpoint is missing, or tells of another log."""
    SIGNATURE = "signature"
    """Something is not signed by the key of the log."""
    SEAL = "seal"
    """The database file is not the one that was sealed."""
    RULES = "rules"
    """Something was deleted that had to stay, or the rules themselves are gone."""
    DATABASE = "database"
    """The file cannot be read as a database."""
    DECISIONS = "decisions"
    """The book of decisions is not the one that the log tells of."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    about: About
    what: str
    entry: int | None = None
    """The first entry that is concerned, if it is known."""

    @property
    def is_about_the_seal(self) -> bool:
        """Whether it is about the file and not about what is in it."""
        return self.about is About.SEAL


@dataclass(frozen=True, slots=True)
class Report:
    """What a check came to."""

    size: int
    """Entries there are."""
    root: bytes | None
    """Over all of them; None if they cannot be read."""
    checkpoints: int
    """How many checkpoints were held against them, copies and the given one included."""
    pruned: int
    """Entries without a payload, as the rules allow it."""
    findings: tuple[Finding, ...]
    """What is wrong, the first bad entry first."""
    notes: tuple[str, ...]
    """What could not be checked, or is not finished, and is no sign of an attack."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def first_bad(self) -> int | None:
        """Number of the first entry that is concerned, if any is known."""
        return min((f.entry for f in self.findings if f.entry is not None), default=None)


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By entry, those that name one before those that do not; each thing once."""
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda f: (f.entry is None, f.entry or 0, list(About).index(f.about)),
        )
    )

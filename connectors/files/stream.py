"""What a kind of source says about one stream of files: which they are, and what they mean."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from connectors.files.file import File
from connectors.files.naming import Naming
from connectors.files.page import Meaning
from connectors.files.patterns import Patterns
from connectors.files.said import json_of
from connectors.interface import Stream
from data.model import Record

Mapped = Callable[[Naming, Meaning, Sequence[File]], Iterable[Record]]
"""Maps the files of one page to rows. Pure; a file among them is one that `kept` let through."""


def whole_json(data: bytes, meaning: Meaning) -> bytes:  # noqa: ARG001 - keeps all of it
    """Keeps a JSON file as it is.

    Raises:
        NotUnderstood: if it is no JSON.
    """
    json_of(data)
    return data


def apart(path: str) -> str:
    """Puts each file on a page of its own."""
    return path


def spread(path: str) -> str:
    """Puts files on up to 256 pages, so that a change of one leaves most pages as they were."""
    return hashlib.sha256(path.encode("utf-8", "replace")).hexdigest()[:2]


def together(path: str) -> str:  # noqa: ARG001 - wherever they lie
    """Puts all files on one page, because they explain each other."""
    return ""


@dataclass(frozen=True, slots=True)
class FileStream:
    """One stream of a kind."""

    name: str
    entities: tuple[str, ...]
    rows: Mapped
    files: tuple[str, ...] = ("**",)
    """Which of the files that the settings name belong to it."""
    but: tuple[str, ...] = ()
    """Which of them do not."""
    kept: Callable[[bytes, Meaning], bytes] = whole_json
    """What of a file is archived. Raises `NotUnderstood` if it is not what it should be."""
    is_inventory: bool = True
    """Whether the files say what there is, and what they say no more is gone. Otherwise they say
    what happened, and that stays when they are overwritten or removed."""
    is_remembered: bool = False
    page: Callable[[str], str] = spread
    """Files of one page have this in common."""
    is_dated: bool = False
    """Whether rows need to know when a file was last changed."""
    edition: Callable[[bytes], tuple[str, str] | None] | None = None
    """Of what a file is an edition, and which: the greatest is read. Null: of nothing."""
    beside: str | None = None
    """Results: name of a file that is read with each: that in its folder, or the next above."""
    kept_beside: Callable[[bytes, bytes], bytes] | None = None
    """What of that is archived, given both contents. Raises `NotUnderstood`: nothing."""

    @property
    def stream(self) -> Stream:
        """What the house is told of it."""
        return Stream(
            self.name, (*self.entities, "gap"), "the files", is_remembered=self.is_remembered
        )

    def has(self, path: str) -> bool:
        """Whether a file belongs to it."""
        return Patterns(self.files).fit(path) and not Patterns(self.but).fit(path)

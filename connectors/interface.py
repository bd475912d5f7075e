"""What a source of evidence is to Cairn, and the errors that sources raise."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel

from data.errors import CairnError
from data.model import Gap, Record

Json = Any

Cursor = Mapping[str, Json]
"""Where a stream goes on: small, JSON-able, meaningful to its connector only."""


class ConnectorError(CairnError):
    """A source could not be read at all. One stream that fails is a gap, not an error."""


class SourceUnavailable(ConnectorError):
    """The source did not answer, or what it is configured to be is not there."""


class Reading(StrEnum):
    """What the rows of a pull mean for the rows already stored."""

    INCREMENT = "increment"
    """New or changed rows; rows not mentioned stay."""

    COMPLETE = "complete"
    """All rows of the stream; those not mentioned by its last batch are gone at the source."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One thing a source can be read for, on its own cursor."""

    name: str
    entities: tuple[str, ...]
    needs: str
    """The right or the file it needs, for `cairn doctor`."""
    title: str = ""
    """What a reader should see, where the name is an id."""
    is_remembered: bool = False
    """Whether its rows are what changed between readings, which no later reading tells again: they
    and the cursor outlive a change of settings. So neither may depend on a setting, but for where
    the source is: a cursor of elsewhere is for the connector to refuse."""

    @property
    def kind(self) -> str:
        """What it tells, without the id of what it tells of: `changes` of `changes:12`."""
        return self.name.partition(":")[0]

    @property
    def label(self) -> str:
        """Its title, or else its name."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Batch:
    """One raw page as the source gave it, and where the stream goes on after it.

    The payload must say all that `Connector.rows` needs: rows are derived from the archived
    payload alone, in a sync and in a rebuild alike.
    """

    payload: bytes
    cursor: Cursor
    reading: Reading = Reading.INCREMENT
    is_last: bool = False
    is_first: bool = False
    """Complete readings only: it begins here, and what one that never ended showed is forgotten."""
    complete_until: datetime | None = None
    """Last batch only: the source has nothing older than this that was not read."""
    complete_from: datetime | None = None
    """Streams read from the newest backwards: what happened since then is read; None: all is."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the house gives to every connector."""

    folder: Path
    """The workspace: relative paths in settings start here."""
    mirrors: Path
    """Where a connector may keep clones between syncs."""
    hotfix_pattern: str
    """Regular expression that marks the title or branch of a hotfix."""
    clock: Callable[[], datetime]
    """The time now, in UTC."""
    progress: Callable[[str, int, int | None], None]
    """Told what is being read, how many are done and, if known, of how many."""
    sleep: Callable[[float], None] = time.sleep
    """Waits so many seconds."""
    bills: Path = Path("bills")
    """Where the lines of bills are kept for ever."""


@dataclass(frozen=True, slots=True)
class Requests:
    """How often a source was asked."""

    sent: int
    counted: int
    """Those that it takes off its limit."""
    remaining: int | None
    """Those it still allows; null if it tells no limit."""


class Severity(StrEnum):
    """How much a finding of `cairn doctor` matters."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of a connector's self-check."""

    severity: Severity
    what: str
    where: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a user's rules could take for a deployment or an incident."""

    repository: str
    what: str
    at: datetime
    url: str | None
    taken_as: str | None
    """What it would become; null: no rule takes it."""


class Connector(ABC):
    """Reads one source and yields its raw pages, and turns a page into canonical rows."""

    Settings: ClassVar[type[BaseModel]]
    """Shape of the kind's keys in `cairn.toml`; unknown keys are refused."""

    source: str
    """The configured name, `Record.source` of all its rows."""

    is_live: bool = True
    """Whether what it does not report has not happened up to the moment it was read."""

    is_finished: bool = False
    """Whether nothing can come after what it tells: a closed collection never grows stale."""

    is_newest_first: bool = False
    """Whether each stream begins with what is newest, and goes on backwards: then all streams are
    read in turns, and what is read so far is published meanwhile."""

    @property
    def requests(self) -> Requests | None:
        """What was asked of the source so far; null for one that is no API."""
        return None

    def closes_at(self, stream: str, cursor: Cursor) -> datetime | None:  # noqa: ARG002
        """When the source begins to forget what happened since a stream was read to `cursor`.

        Null where it forgets nothing.
        """
        return None

    def preview(self, most: int) -> Iterator[Candidate]:  # noqa: ARG002 - for those with rules
        """Yields the newest things that the user's rules could take, and as what they would.

        Stores nothing. Sources without such rules have nothing to show.

        Args:
            most: how many of a kind and repository.

        Raises:
            SourceUnavailable: if the source cannot be read.
        """
        return iter(())

    @abstractmethod
    def __init__(self, source: str, settings: Any, context: Context) -> None:
        """Takes an instance of the kind's `Settings`; reads nothing yet."""

    @abstractmethod
    def discover(self) -> Sequence[Stream]:
        """Lists the streams it can read.

        Raises:
            SourceUnavailable: if the source is not there.
        """

    @abstractmethod
    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields what is new since `cursor`; without one, or if history was rewritten, all.

        Yields nothing when nothing changed. A yielded `Gap` describes the stream as it is now:
        the gaps of a pull replace those of the pull before. Things missing inside a page belong
        into the page and come out of `rows`.

        Raises:
            SourceUnavailable: if the source cannot be read; the other streams go on.
        """

    @abstractmethod
    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        """Maps one archived page to canonical rows. Pure: no source, clock or file."""

    @abstractmethod
    def check(self) -> Sequence[Finding]:
        """Checks rights and reachability without changing anything."""

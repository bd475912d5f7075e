"""One kind of stream: how it is read, and what its pages say."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from connectors.answers.page import Header
from connectors.interface import Batch, Cursor, Json
from data.model import Gap, Record

Items = Iterator[Batch | Gap]


class Kind(ABC):
    """What is said of a kind of stream before it is read."""

    kind: ClassVar[str]
    """First part of the names of its streams."""
    entities: ClassVar[tuple[str, ...]]
    needs: ClassVar[str]
    """The right it needs, in the host's words."""
    blind: ClassVar[tuple[str, ...]] = ()
    """Controls that cannot be judged without it."""
    is_remembered: ClassVar[bool] = False
    """Whether its rows are what changed between two of our readings; see `Stream`."""

    def closes_at(self, cursor: Cursor) -> datetime | None:  # noqa: ARG002 - of those that forget
        """When its host begins to forget what happened since; null where it forgets nothing."""
        return None

    @abstractmethod
    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page; see `Connector.rows`."""


class OrganisationReader(Kind):
    """Reads an organisation, or all of a source, for one kind of thing."""

    @property
    def is_wanted(self) -> bool:
        """Whether the organisation is read for it."""
        return True

    @abstractmethod
    def pull(self, cursor: Cursor | None) -> Items:
        """Yields what is new; see `Connector.pull`."""

"""One kind of stream of a Git host: how a repository is read for it, and what its pages say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Protocol

from connectors.hosting.page import Header
from connectors.hosting.place import Place
from connectors.interface import Batch, Cursor, Json
from data.model import Gap, Record


class Reader(Protocol):
    """Reads every repository of a source for one kind of thing."""

    kind: ClassVar[str]
    """First part of the names of its streams."""
    entities: ClassVar[tuple[str, ...]]
    needs: ClassVar[str]
    """The right it needs, in the host's words."""

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields what is new of a repository; see `Connector.pull`."""

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page; see `Connector.rows`."""

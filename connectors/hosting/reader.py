"""One kind of stream of a Git host: how it is read, and what its pages say."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from connectors.answers.page import Header
from connectors.hosting.place import Place
from connectors.interface import Batch, Candidate, Cursor, Json
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


class Reader(Kind):
    """Reads a repository for one kind of thing."""

    def is_wanted(self, place: Place) -> bool:  # noqa: ARG002 - others look at it
        """Whether a repository is read for it."""
        return True

    def left_out(
        self, answers: Sequence[Json], place: Place, taken: Collection[str]
    ) -> Iterator[Candidate]:
        """Yields what of a page no rule takes, where its rows do not show it.

        Args:
            answers: those of the page.
            place: the repository.
            taken: ids of the deployments and incidents that the rules make of it.
        """
        del answers, place, taken  # for those whose rows show only what is taken
        return iter(())

    @abstractmethod
    def pull(self, place: Place, cursor: Cursor | None) -> Items:
        """Yields what is new of a repository; see `Connector.pull`."""

    def sample(self, place: Place, most: int) -> Items:  # noqa: ARG002 - of those with dear items
        """Yields what is newest of a repository, of which somebody looks at the first page.

        Args:
            place: the repository.
            most: items that are looked at; more may be told.
        """
        return self.pull(place, None)


class OrganisationReader(Kind):
    """Reads an organisation for one kind of thing."""

    @property
    def is_wanted(self) -> bool:
        """Whether the organisation is read for it."""
        return True

    @abstractmethod
    def pull(self, cursor: Cursor | None) -> Items:
        """Yields what is new; see `Connector.pull`."""

"""One kind of stream of the repositories of a Git host."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence

from connectors.api.reader import Items, Kind
from connectors.hosting.place import Place
from connectors.interface import Candidate, Cursor, Json


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

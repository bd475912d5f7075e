"""What is wrong with a file of rules, each fault with its line: reading tells the first alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from data.configuration import ConfigurationError
from data.configuration.load import place_of
from data.costs.allocation.book_file import read_book


def book_faults(path: Path, teams: Collection[str]) -> Iterator[ConfigurationError]:
    """Yields what cannot be meant; where it can be read, all names that are no team's.

    Args:
        path: the file.
        teams: all that there are.
    """
    try:
        book = read_book(path)
        for what, fix, steps in book.team_faults(teams):
            yield ConfigurationError(what, place_of(path, steps), fix)
    except ConfigurationError as error:
        yield error

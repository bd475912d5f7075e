"""The rules of a folder, read from their file; a mistake is told with its line."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from data.configuration.costs import CostSettings
from data.configuration.load import load_as
from data.costs.allocation.book import Book


def book_of(folder: Path, settings: CostSettings, teams: Collection[str]) -> Book:
    """The rules that a configuration names; none if it names none.

    Raises:
        ConfigurationError: as `read_book`.
    """
    if settings.rules is None:
        return Book(version="none")
    return read_book(folder / Path(settings.rules).expanduser(), teams)


def read_book(path: Path, teams: Collection[str] | None = None) -> Book:
    """Reads the rules.

    Args:
        path: the file.
        teams: all that rules may name; None: any.

    Raises:
        ConfigurationError: naming file and line of what cannot be meant.
    """
    return load_as(Book, path, {"teams": teams})

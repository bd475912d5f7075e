"""Answers that are not what they should be end the reading of one stream, not the whole sync."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from connectors.hosting.private import without_addresses_in
from connectors.http.errors import UnexpectedReply

T = TypeVar("T")
LATE = "check that the server's version is one that is supported"
"""What to do about an answer that nobody understands."""
UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)
"""What a field that is missing, renamed or null leads to."""
_LONGEST = 160


def understood(items: Iterator[T], where: str) -> Iterator[T]:
    """Yields what is read.

    Args:
        items: what a stream yields.
        where: what is read, for the message.

    Raises:
        UnexpectedReply: in place of what a strange answer does to whoever reads it.
    """
    try:
        yield from items
    except UNREADABLE as error:
        said = without_addresses_in(f"{type(error).__name__} {error}")[:_LONGEST]
        what = f"an answer is not what it should be: {said}"
        raise UnexpectedReply(what, where, LATE) from error

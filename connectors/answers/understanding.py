"""Answers that are not what they should be end the reading of one stream, not the whole sync."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from connectors.answers.private import without_addresses_in
from connectors.credential import redact
from connectors.http.errors import UnexpectedReply

T = TypeVar("T")
LATE = "check that the server's version is one that is supported"
"""What to do about an answer that nobody understands."""
UNREADABLE = (AttributeError, LookupError, TypeError, ValueError, ArithmeticError, RecursionError)
"""What a field leads to that is missing, renamed, null, beyond all times or nested without end."""
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
        said = " ".join(without_addresses_in(redact(f"{type(error).__name__} {error}")).split())
        said = ascii(said)[1:-1] if not said.isprintable() else said
        what = f"an answer is not what it should be: {said[:_LONGEST]}"
        raise UnexpectedReply(what, where, LATE) from error

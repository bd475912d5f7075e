"""Tells what the system refuses a connector, so that one source stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.interface import Finding, Severity, SourceUnavailable


@contextmanager
def reaching(source: str) -> Iterator[None]:
    """Tells a file or folder that cannot be had inside the block as a source that is not there.

    Raises:
        SourceUnavailable: for any `OSError`.
    """
    try:
        yield
    except OSError as error:
        raise SourceUnavailable(
            f"cannot be read ({error.strerror or type(error).__name__})",
            str(error.filename or source),
            "give the user that runs Cairn the right to read it, or mend what it is on",
        ) from error


def findings_of(source: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings of a check; one that cannot go on ends in one that says why."""
    try:
        with reaching(source):
            yield from findings
    except SourceUnavailable as error:
        yield Finding(Severity.ERROR, error.what, error.where, error.fix)

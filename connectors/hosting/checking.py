"""What a token may read of a repository, stream by stream, for `cairn doctor`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connectors.api.checking import findings
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.interface import Finding

_LOOKED_AT = 1
"""One item shows whether a stream can be read."""


def repository_findings(readers: Iterable[Reader], place: Place) -> Iterator[Finding]:
    """Reads the first page of each kind of stream of one repository, and stores nothing."""
    for reader in readers:
        yield from findings(reader, f"{place.name} {reader.kind}", reader.sample(place, _LOOKED_AT))

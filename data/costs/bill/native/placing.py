"""Where in a file the values of an export are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from data.costs.bill.native.mapping import Export
from data.costs.bill.table import BillFile, Place


def places(export: Export, file: BillFile) -> Mapping[str, Place]:
    """Where the values are that the export can have and the file has."""
    return {name: place for name, place in _places(export, file) if place}


def _places(export: Export, file: BillFile) -> Iterator[tuple[str, Place | None]]:
    for name, read in export.reads.items():
        yield name, next(filter(None, map(file.place, read.called)), None)


def fits(export: Export, file: BillFile) -> bool:
    """Whether a file has the columns that an export is known by."""
    found = places(export, file)
    return all(name in found for name, read in export.reads.items() if read.is_needed)

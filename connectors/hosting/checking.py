"""What a token may read, stream by stream, for `cairn doctor`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connectors.hosting.place import Place
from connectors.hosting.reader import Items, Kind, OrganisationReader, Reader
from connectors.hosting.understanding import understood
from connectors.http.errors import HttpError, Refused
from connectors.interface import Finding, Severity
from data.model import Gap, GapReason


def repository_findings(readers: Iterable[Reader], place: Place) -> Iterator[Finding]:
    """Reads the first page of each kind of stream of one repository, and stores nothing."""
    for reader in readers:
        yield _finding(reader, f"{place.name} {reader.kind}", reader.pull(place, None))


def organisation_findings(
    readers: Iterable[OrganisationReader], organisation: str
) -> Iterator[Finding]:
    """The same of an organisation."""
    for reader in readers:
        yield _finding(reader, f"{organisation} {reader.kind}", reader.pull(None))


def _finding(reader: Kind, where: str, items: Items) -> Finding:
    try:
        first = next(understood(items, where), None)
    except Refused as refused:
        fix = f"{refused.fix} (needed: {reader.needs})"
        return Finding(Severity.WARNING, f"refused: {refused.what}", where, fix + _blind(reader))
    except HttpError as error:
        return Finding(Severity.ERROR, error.what, where, error.fix)
    if isinstance(first, Gap):
        return _lacking(reader, where, first)
    return Finding(Severity.OK, f"readable ({reader.needs})", where)


def _lacking(reader: Kind, where: str, gap: Gap) -> Finding:
    """A gap that the reader itself tells, such as what is not in the organisation's plan."""
    is_refusal = gap.reason in {GapReason.NO_PERMISSION, GapReason.NOT_FOUND}
    blind = _blind(reader) if is_refusal else ""
    return Finding(Severity.WARNING, gap.what, where, gap.fix + blind)


def _blind(reader: Kind) -> str:
    if not reader.blind:
        return ""
    return f"; without it these controls are blind: {', '.join(reader.blind)}"

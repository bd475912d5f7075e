"""What a token may read, stream by stream, for `cairn doctor`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connectors.api.reader import Items, Kind, OrganisationReader
from connectors.http.errors import HttpError, Refused, Unauthorized
from connectors.interface import Finding, Severity
from data.model import Gap, GapReason


def organisation_findings(
    readers: Iterable[OrganisationReader], organisation: str
) -> Iterator[Finding]:
    """Reads the first page of each kind of stream of an organisation, and stores nothing."""
    for reader in readers:
        yield from findings(reader, f"{organisation} {reader.kind}", reader.pull(None))


def findings(reader: Kind, where: str, items: Items) -> Iterator[Finding]:
    """What is told up to the first page: refusals, and what is not in the plan.

    Args:
        reader: of the stream.
        where: what it is a stream of.
        items: what it yields.
    """
    is_whole = True
    try:
        for item in items:
            if not isinstance(item, Gap):
                break
            is_whole = False
            yield _lacking(reader, where, item)
    except Refused as refused:
        fix = f"{refused.fix} (needed: {reader.needs})"
        is_unknown = isinstance(refused, Unauthorized)
        severity = Severity.ERROR if is_unknown else Severity.WARNING
        yield Finding(severity, f"refused: {refused.what}", where, fix + _blind(reader))
    except HttpError as error:
        yield Finding(Severity.ERROR, error.what, where, error.fix)
    else:
        if is_whole:
            yield Finding(Severity.OK, f"readable ({reader.needs})", where)


def _lacking(reader: Kind, where: str, gap: Gap) -> Finding:
    """A gap that the reader itself tells, such as what is not in the organisation's plan."""
    is_refusal = gap.reason in {GapReason.NO_PERMISSION, GapReason.NOT_FOUND}
    blind = _blind(reader) if is_refusal else ""
    return Finding(Severity.WARNING, gap.what, where, gap.fix + blind)


def _blind(reader: Kind) -> str:
    if not reader.blind:
        return ""
    return f"; without it these controls are blind: {', '.join(reader.blind)}"

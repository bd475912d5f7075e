"""What sources are known to lack, in a line each: a gap is told where somebody looks."""

from __future__ import annotations

from collections.abc import Iterator

from app.wording import lacking
from connectors.interface import Finding, Severity
from connectors.update import Update
from data.health.sources import known_gaps
from data.model import GapReason
from data.store.snapshot import Snapshot

_MOST = 5


def new_gap_lines(done: Update) -> Iterator[str]:
    """What a sync found missing that was not missing before; its errors are told already."""
    new = [
        f"{gap.source}: {lacking(gap.source, gap.what)}; {gap.fix}"
        for gap in done.gaps
        if gap not in done.gaps_before and gap.reason != GapReason.UNAVAILABLE
    ]
    yield from new[:_MOST]
    if len(new) > _MOST:
        yield f"{len(new) - _MOST} more gaps are new; the page Sources lists them all"


def gap_findings(snapshot: Snapshot) -> Iterator[Finding]:
    """One finding a source with gaps; what it says now of being unavailable is told already."""
    for source, gaps in known_gaps(snapshot).items():
        told = [gap for gap in gaps if gap.reason != GapReason.UNAVAILABLE]
        if told:
            others = f", and {len(told) - 1} more on the page Sources" if len(told) > 1 else ""
            what = f"lacks something: {lacking(source, told[0].what)}{others}"
            yield Finding(Severity.WARNING, what, source, told[0].fix)

"""Which releases were built from a commit that never came to the mainline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.demo.governance import Governance
from connectors.demo.history import Release, Tag
from connectors.demo.simulation import instant


def patched_releases(known: Governance, tags: Sequence[Tag]) -> Iterator[tuple[str, Release]]:
    """Of tags by time, the first of each repository from the day on that is written down."""
    for patched in known.patched_releases:
        on_at = instant(patched.on)
        found = (t for t in tags if t.repository == patched.repository and t.tagged_at >= on_at)
        tag = next(found, None)
        if tag is not None:
            yield tag.repository, tag.release

"""What becomes of a charge: names, meanings and colours that all pages of costs share."""

from __future__ import annotations

from dataclasses import dataclass

from app.components.palette import Palette
from data.costs.allocation.bucket import Bucket


@dataclass(frozen=True, slots=True)
class Look:
    """How a bucket is called and drawn."""

    title: str
    means: str
    colour: int
    """Place among the colours of a chart."""


LOOKS = {
    Bucket.DIRECT: Look("Direct", "A rule says whose it is.", 0),
    Bucket.SHARED: Look("Shared", "It fell into a pool and was split between teams.", 4),
    Bucket.IDLE: Look(
        "Idle", "Paid for and used by nobody; split between teams as its pool says.", 2
    ),
    Bucket.UNALLOCATED: Look(
        "Unallocated", "No rule matches, or a pool could give it to no team.", 1
    ),
    Bucket.UNALLOCATABLE: Look(
        "Unallocatable", "A rule says that nobody can have it, such as a tax.", 3
    ),
    Bucket.EXCLUDED: Look("Excluded", "A rule says that it is not our cost at all.", 7),
}


def title_of(bucket: str) -> str:
    """What a bucket is called."""
    return LOOKS[Bucket(bucket)].title


def colour_of(bucket: Bucket, colours: Palette) -> str:
    """How it is drawn."""
    return colours.series[LOOKS[bucket].colour]

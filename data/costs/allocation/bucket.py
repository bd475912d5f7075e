"""What a charge is to those who get it."""

from __future__ import annotations

from enum import StrEnum


class Bucket(StrEnum):
    """What a charge is to those who get it."""

    DIRECT = "direct"
    SHARED = "shared"
    IDLE = "idle"
    UNALLOCATED = "unallocated"
    UNALLOCATABLE = "unallocatable"
    EXCLUDED = "excluded"

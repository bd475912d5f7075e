"""What every canonical row carries, whatever its entity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A canonical row. The store adds `observed_at` and `evidence` when it merges it."""

    id: Annotated[str, "readable, stable id, such as `git:web#commit/1a2b…`"]
    source: Annotated[str, "name of the configured source that reported the row"]
    url: Annotated[str | None, "where a person can see the thing at its source"] = None

"""What scans found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(eq=False)
class Vulnerability:
    """A finding; what is gone from the default branch may still be open."""

    id: int
    title: str
    detected_at: datetime
    report_type: str = "sast"
    """`sast`, `dependency_scanning`, `secret_detection` or `container_scanning`."""
    severity: str = "high"
    state: str = "detected"
    """`detected`, `confirmed`, `resolved` or `dismissed`."""
    resolved_at: datetime | None = None
    dismissed_at: datetime | None = None
    dismissal_reason: str | None = None
    is_gone: bool = False
    """Whether the last scan of the default branch no longer showed it."""
    scanner: str = "scanner-1"
    identifier: str = "CWE-79"
    location: dict[str, Any] = field(default_factory=lambda: {"file": "src/app.py"})

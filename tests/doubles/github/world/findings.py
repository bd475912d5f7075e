"""What scans found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tests.doubles.github.world.accounts import Account


@dataclass(eq=False)
class Alert:
    """What every kind of alert has."""

    number: int
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    severity: str = "high"
    fixed_at: datetime | None = None
    dismissed_at: datetime | None = None
    dismissed_by: Account | None = None
    dismissed_reason: str | None = None


@dataclass(eq=False)
class DependencyAlert(Alert):
    """A dependency with a known weakness."""

    package: str = "left-lib"
    ecosystem: str = "pip"
    manifest: str = "requirements.txt"
    advisory: str = "GHSA-0000-0000-0001"


@dataclass(eq=False)
class CodeAlert(Alert):
    """What an analysis found in the code."""

    rule: str = "example/unsafe-call"
    tool: str = "example-scan"
    path: str = "src/app.py"


@dataclass(eq=False)
class SecretAlert(Alert):
    """A secret in the history; `dismissed_…` tell how it was resolved."""

    secret_type: str = "example_token"
    secret: str = "not-a-real-secret"
    is_bypassed: bool = False

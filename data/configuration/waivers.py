"""What `cairn.toml` says of waivers: why one may be given, and for how long at most."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from data.configuration.section import Section


class WaiverReason(StrEnum):
    """Why a failure may stand for a time."""

    RISK_ACCEPTED = "risk_accepted"
    """It fails, and somebody answers for that."""
    FALSE_POSITIVE = "false_positive"
    """It does not fail: the control sees wrong."""
    MITIGATED = "mitigated"
    """It fails, and something else keeps the harm away."""
    EMERGENCY = "emergency"
    """There was no time to keep to the rule."""


_DEFAULT_DAYS = 90
_EMERGENCY_DAYS = 14
Days = Annotated[int, Field(ge=1, le=366)]


class WaiverSettings(Section):
    """How long a waiver may hold."""

    most_days: dict[WaiverReason, Days] = Field(
        {},
        description="most days from the request to the last day of a waiver, by reason; "
        f"{_EMERGENCY_DAYS} for `{WaiverReason.EMERGENCY}`, {_DEFAULT_DAYS} for each other",
    )

    def most(self, reason: WaiverReason) -> int:
        """The most days from the request to the last day."""
        default = _EMERGENCY_DAYS if reason is WaiverReason.EMERGENCY else _DEFAULT_DAYS
        return self.most_days.get(reason, default)

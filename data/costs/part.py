"""Whose cost is meant: a team, a service of bills, a provider; of any of them, or of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A part of all cost; None: whatever it is."""

    team: str | None = None
    """With the teams below it."""
    service: str | None = None
    """As bills call it."""
    provider: str | None = None

    def condition(self) -> str:
        """The SQL condition on a row of `charge_day`, using the names of `parameters`."""
        parts = ["bucket <> 'excluded'"]
        if self.team is not None:
            parts.append("list_contains((select members from team where team = $team), team)")
        if self.service is not None:
            parts.append("service = $service")
        if self.provider is not None:
            parts.append("provider = $provider")
        return " and ".join(parts)

    def parameters(self) -> Mapping[str, str]:
        """The values that `condition` refers to."""
        named = {"team": self.team, "service": self.service, "provider": self.provider}
        return {name: value for name, value in named.items() if value is not None}

    def __str__(self) -> str:
        """In a few words."""
        named = [self.team and f"team {self.team}", self.service, self.provider]
        return ", ".join(name for name in named if name) or "all cost"

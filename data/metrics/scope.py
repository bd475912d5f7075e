"""What part of the organisation a figure is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from zoneinfo import available_timezones

from data.configuration.settings import OF_A_MACHINE
from data.errors import WrongQuestion
from data.store.snapshot import Snapshot


class ScopeError(WrongQuestion):
    """A team, service or environment was named that the snapshot does not know."""


class By(StrEnum):
    """What figures may be broken down by. Each row belongs to exactly one of each."""

    TEAM = "team"
    SERVICE = "service"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Scope:
    """A team with the teams below it, a service, and an environment or tier; None means all."""

    team: str | None = None
    service: str | None = None
    environment: str | None = "production"
    timezone: str | None = None
    """IANA zone whose calendar is used; None: each team's own."""
    is_own: bool = False
    """Whether the team counts alone, as in a breakdown by team, without the teams below it."""

    def check(self, snapshot: Snapshot) -> None:
        """Checks the names against what the snapshot knows.

        Raises:
            ScopeError: naming the nearest or all valid names.
        """
        if self.timezone is not None:
            _require("time zone", self.timezone, sorted(available_timezones() - OF_A_MACHINE))
        for what, name, known in (
            ("team", self.team, "select team from team order by 1"),
            ("service", self.service, "select service from owned_service order by 1"),
            (
                "environment",
                self.environment,
                "select tier from environment_tier union select environment from environment_tier",
            ),
        ):
            if name is not None:
                _require(what, name, [next(iter(row.values())) for row in snapshot.rows(known)])

    def condition(self, alias: str, has_environment: bool = True) -> str:
        """The SQL condition on a fact's row, using the names of `parameters`."""
        parts = []
        if self.team is not None and self.is_own:
            parts.append(f"{alias}.team = $team")
        elif self.team is not None:
            parts.append(
                f"list_contains((select members from team where team = $team), {alias}.team)"
            )
        if self.service is not None:
            parts.append(f"{alias}.service = $service")
        if self.environment is not None and has_environment:
            parts.append(f"($environment in ({alias}.tier, {alias}.environment))")
        return "\n      and ".join(parts) or "true"

    def parameters(self) -> Mapping[str, object]:
        """The values that `condition` refers to."""
        named = {"team": self.team, "service": self.service, "environment": self.environment}
        return {name: value for name, value in named.items() if value is not None}


def _require(what: str, name: str, known: list[str]) -> None:
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    listed = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")
    fix = f"did you mean `{near[0]}`?" if near else f"use one of: {listed}" if known else "none yet"
    raise ScopeError(f"there is no {what} `{name}`", "", fix)

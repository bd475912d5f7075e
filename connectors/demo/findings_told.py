"""What scans found in the invented repositories, and what became of it, as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from connectors.demo.dice import Dice
from connectors.demo.governance import Governance, Secret
from connectors.demo.habits import Guarded
from connectors.demo.simulation import instant
from connectors.demo.site import Site
from connectors.demo.told import Told
from data.model import FindingKind, FindingState

_DAY = 86_400
_ALLOWED_DAYS = {"critical": 7, "high": 30, "medium": 90, "low": 180}
_SEVERITIES = ("critical", *["high"] * 3, *["medium"] * 4, *["low"] * 2)
_USUAL_SHARE = 0.35
"""Of the days allowed, if a team is neither quick nor slow."""
_DEPENDENCIES_A_MONTH = 0.35
_CODE_A_MONTH = 0.15
_DISMISSED_SHARE = 0.1
_UNEXPLAINED_SHARE = 0.4
"""Of what is dismissed where nobody is strict."""
_REASONS = ("not_used", "tolerable_risk", "inaccurate", "fix_started")
_PACKAGES = ("pebble-json", "quartz-http", "lantern-auth", "ferry-queue", "waybill-client")
_FILES = ("api", "jobs")
_CODE_RULES = ("unchecked-redirect", "query-from-input", "weak-random", "open-archive")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A finding and how it ends, in UTC seconds; it ends once at most."""

    repository: str
    kind: FindingKind
    number: int
    opened_at: int
    fixed_at: int | None
    dismissed_at: int | None
    reason: str | None
    rule: str
    subject: str | None
    tool: str
    severity: str | None
    is_push_bypassed: bool | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """Tells them, repository by repository."""

    seed: int
    site: Site
    known: Governance
    until_at: int

    def tell(self, repository: str, team: Guarded, until: date) -> Iterator[Told]:
        """Those of one repository that were found before `until`."""
        secrets = enumerate(self.known.secrets, start=1)
        found = [
            *self._found(repository, team, until),
            *(_secret(one, place) for place, one in secrets if one.repository == repository),
        ]
        yield from (self._told(one) for one in found if one.opened_at < self.until_at)

    def _found(self, repository: str, team: Guarded, until: date) -> Iterator[_Found]:
        """Dependencies and code, month by month."""
        number, month = 0, self.site.organisation.founded
        while month < until:
            dice = Dice(self.seed, "findings", repository, month)
            kinds = [FindingKind.DEPENDENCY] * dice.count(_DEPENDENCIES_A_MONTH)
            if team.name in self.known.uses.scanned:
                kinds += [FindingKind.CODE] * dice.count(_CODE_A_MONTH)
            for kind in kinds:
                number += 1
                yield _drawn(dice, repository, team, (kind, number), instant(month))
            month = date(month.year + month.month // 12, month.month % 12 + 1, 1)

    def _told(self, found: _Found) -> Told:
        """The finding as it is: what ends it later has not happened."""
        fixed_at, dismissed_at = map(self._past, (found.fixed_at, found.dismissed_at))
        state = FindingState.OPEN
        if dismissed_at is not None:
            state = FindingState.DISMISSED
        elif fixed_at is not None:
            state = FindingState.FIXED
        fields = {
            "id": f"{found.repository}#finding/{found.kind.value}/{found.number}",
            "url": self.site.url(found.repository, "security", found.kind.value, found.number),
            "repository": found.repository,
            "kind": found.kind.value,
            "number": str(found.number),
            "rule": found.rule,
            "subject": found.subject,
            "tool": found.tool,
            "severity": found.severity,
            "state": state.value,
            "opened_at": found.opened_at,
            "fixed_at": fixed_at,
            "dismissed_at": dismissed_at,
            "dismissed_reason": None if state is FindingState.OPEN else found.reason,
            "is_push_bypassed": found.is_push_bypassed,
        }
        return Told(found.opened_at, "security_finding", fields)

    def _past(self, at: int | None) -> int | None:
        return at if at is not None and at < self.until_at else None


def _drawn(
    dice: Dice,
    repository: str,
    team: Guarded,
    name: tuple[FindingKind, int],
    month_at: int,
) -> _Found:
    """A finding of the month, and how it ends."""
    kind, number = name
    severity = dice.pick(_SEVERITIES)
    opened_at = month_at + int(dice.between(0, 28) * _DAY)
    allowed = _ALLOWED_DAYS[severity] * _DAY
    ended_at = opened_at + int(dice.around(allowed * _USUAL_SHARE * team.patch_factor))
    is_dismissed, reason = dice.chance(_DISMISSED_SHARE), dice.pick(_REASONS)
    is_unexplained = dice.chance(_UNEXPLAINED_SHARE) and team.patch_factor >= 1
    is_code = kind is FindingKind.CODE
    return _Found(
        repository=repository,
        kind=kind,
        number=number,
        opened_at=opened_at,
        fixed_at=None if is_dismissed else ended_at,
        dismissed_at=ended_at if is_dismissed else None,
        reason=reason if is_dismissed and not is_unexplained else None,
        rule=dice.pick(_CODE_RULES) if is_code else f"TFA-{month_at // _DAY}-{number}",
        subject=f"src/{dice.pick(_FILES)}.py" if is_code else dice.pick(_PACKAGES),
        tool="code-scan" if is_code else "dependency-scan",
        severity=severity,
    )


def _secret(secret: Secret, number: int) -> _Found:
    return _Found(
        repository=secret.repository,
        kind=FindingKind.SECRET,
        number=number,
        opened_at=int(secret.opened.timestamp()),
        fixed_at=int(secret.fixed.timestamp()) if secret.fixed else None,
        dismissed_at=int(secret.dismissed.timestamp()) if secret.dismissed else None,
        reason=secret.reason,
        rule=secret.rule,
        subject=None,
        tool="secret-scan",
        severity=None,
        is_push_bypassed=secret.is_push_bypassed,
    )

"""Alerts: those that go before an incident, those that come to nothing, those about a model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.demo.dice import Dice
from connectors.demo.history import Outage
from connectors.demo.model_history import Life
from connectors.demo.operations import ModelAlert, Nuisance, Operations
from connectors.demo.organisation import PRODUCTION, Organisation, story_at
from connectors.demo.simulation import instant
from connectors.demo.told import Told

_MINUTE = 60
_HOUR = 3600
_DAY = 24 * _HOUR
_DAYS_A_MONTH = 30
_HEARD_SHARE = 0.7
"""Share of incidents that an alert goes before."""
_PAGED = {"critical": "critical", "major": "critical", "minor": "warning"}


@dataclass(frozen=True, slots=True)
class Alarms:
    """Every alert that has begun before an instant, as it stands then."""

    seed: int
    organisation: Organisation
    operations: Operations
    until_at: int

    def of_outages(self, outages: Sequence[tuple[str, Outage]]) -> Iterator[Told]:
        """Alerts that went before incidents, which are given with the ids of their rows."""
        since = instant(self.operations.alerts_from)
        for name, outage in outages:
            if outage.service is None or outage.environment not in (None, PRODUCTION):
                continue
            dice = Dice(self.seed, "alert", outage.service, outage.started_at)
            started_at = outage.started_at - int(dice.between(1, 9) * _MINUTE)
            if started_at >= since and dice.chance(_HEARD_SHARE):
                acknowledged_at = outage.started_at + int(dice.around(6) * _MINUTE)
                if outage.resolved_at is not None:
                    acknowledged_at = min(acknowledged_at, outage.resolved_at)
                fields = {
                    "name": "ErrorsAreMany",
                    "service": outage.service,
                    "severity": _PAGED[outage.severity],
                    "summary": outage.title,
                    "incident": name,
                    "acknowledged_at": acknowledged_at,
                }
                yield from self._told(fields, started_at, outage.resolved_at)

    def of_nuisances(self) -> Iterator[Told]:
        """Alerts that nobody opened an incident for."""
        for nuisance in self.operations.nuisances:
            for day_at in range(instant(nuisance.first), self.until_at, _DAY):
                dice = Dice(self.seed, "nuisance", nuisance.name, day_at)
                mean = story_at(self.organisation, nuisance.a_month, day_at) / _DAYS_A_MONTH
                for _ in range(dice.count(mean)):
                    yield from self._nuisance(dice, nuisance, day_at)

    def of_models(self, lives: Iterable[Life]) -> Iterator[Told]:
        """Alerts about models: those that are written down, and those before a rollback."""
        for known in self.operations.model_alerts:
            fields = {**_of_model(known), "acknowledged_at": _second(known.acknowledged_at)}
            yield from self._told(
                fields, int(known.started_at.timestamp()), _second(known.resolved_at)
            )
        for life in lives:
            yield from self._before_rollbacks(life)

    def _before_rollbacks(self, life: Life) -> Iterator[Told]:
        for before, serving in zip(life.servings, life.servings[1:], strict=False):
            if serving.candidate.number < before.candidate.number:
                dice = Dice(self.seed, "rollback", life.model.name, serving.from_at)
                fields = {
                    "name": "ModelAnswersOddly",
                    "service": life.model.service,
                    "model": life.model.name,
                    "severity": "critical",
                    "summary": "Its answers are far from those of the version before",
                    "acknowledged_at": serving.from_at - int(dice.between(30, 80) * _MINUTE),
                }
                started_at = serving.from_at - int(dice.between(2, 5) * _HOUR)
                yield from self._told(fields, started_at, serving.from_at + 20 * _MINUTE)

    def _nuisance(self, dice: Dice, nuisance: Nuisance, day_at: int) -> Iterator[Told]:
        started_at = day_at + int(dice.between(0, 22) * _HOUR)
        is_taken_on = nuisance.is_remedied_by_machine is None and dice.chance(0.35)
        acknowledged_at = started_at + int(dice.around(9) * _MINUTE) if is_taken_on else None
        resolved_at = started_at + int(dice.around(nuisance.minutes) * _MINUTE)
        fields = {
            "name": nuisance.name,
            "service": nuisance.service,
            "pipeline": nuisance.pipeline,
            "severity": nuisance.severity,
            "summary": nuisance.summary,
            "acknowledged_at": acknowledged_at,
            "is_remedied_by_machine": nuisance.is_remedied_by_machine,
        }
        yield from self._told(fields, started_at, max(resolved_at, acknowledged_at or 0))

    def _told(
        self, fields: dict[str, Any], started_at: int, resolved_at: int | None
    ) -> Iterator[Told]:
        """The alert as it stands, told when it was last heard of."""
        if started_at >= self.until_at:
            return
        is_over = resolved_at is not None and resolved_at < self.until_at
        acknowledged_at = fields["acknowledged_at"]
        if acknowledged_at is not None and acknowledged_at >= self.until_at:
            acknowledged_at = None
        at = resolved_at if resolved_at is not None and is_over else started_at
        told = {
            **fields,
            "id": f"alert/{fields['name']}/{fields['service']}/{started_at}",
            "url": f"{self.operations.alerts_url}/{fields['name']}/{fields['service']}",
            "fingerprint": _fingerprint(fields),
            "environment": PRODUCTION,
            "acknowledged_at": acknowledged_at,
            "started_at": started_at,
            "resolved_at": resolved_at if is_over else None,
        }
        yield Told(at, "alert", told)


def _fingerprint(fields: Mapping[str, Any]) -> str:
    key = "/".join(str(fields.get(name)) for name in ("name", "service", "model", "pipeline"))
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _of_model(known: ModelAlert) -> dict[str, Any]:
    return {
        "name": known.name,
        "service": known.service,
        "model": known.model,
        "severity": "warning",
        "summary": known.summary,
    }


def _second(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())

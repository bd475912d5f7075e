"""What is measured of a model in production: drift of its input, and how good it still is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from connectors.demo.dice import Dice
from connectors.demo.learning import Days, LearnedModel
from connectors.demo.model_history import Life, Serving
from connectors.demo.simulation import instant
from connectors.demo.told import Told
from data.model import CheckKind, CheckState

_HOUR = 3600
_DAY = 24 * _HOUR
_LIMIT = 0.2
"""Distance between distributions from which a feature has drifted."""
_WARNING = 0.15
_SKIPPED_SHARE = 0.01
_NOISE = 0.008
"""How far a measured value lies from the true one, as a share of it."""


@dataclass(frozen=True, slots=True)
class ModelWatch:
    """Looks at one model each morning, from the day its team has set that up."""

    seed: int
    url: str
    life: Life

    def tell(self, until_at: int) -> Iterator[Told]:
        """The checks of every day before an instant."""
        model = self.life.model
        for day_at, serving in self._served_days(model.monitored_from, until_at):
            dice = Dice(self.seed, "drift", model.name, day_at)
            for feature in model.features:
                yield self._drift(dice, day_at, feature, serving)
        for day_at, serving in self._served_days(model.evaluated_from, until_at):
            dice = Dice(self.seed, "truth", model.name, day_at)
            yield self._truth(dice, day_at, serving)

    def _served_days(self, first: date | None, until_at: int) -> Iterator[tuple[int, Serving]]:
        """Each day's midnight, and what served at six in the morning."""
        if first is None:
            return
        servings = iter(self.life.servings)
        serving = next(servings, None)
        for day_at in range(instant(first), until_at - _DAY + 1, _DAY):
            at = day_at + 6 * _HOUR
            while serving and serving.until_at is not None and serving.until_at <= at:
                serving = next(servings, None)
            if serving and serving.from_at <= at:
                yield day_at, serving

    def _drift(self, dice: Dice, day_at: int, feature: str, serving: Serving) -> Told:
        model = self.life.model
        value = round(dice.between(0.01, 0.155) + _during(model.drift, day_at) * 0.24, 3)
        state = CheckState.FAIL if value >= _LIMIT else CheckState.PASS
        if state is CheckState.PASS and value >= _WARNING:
            state = CheckState.WARN
        is_skipped = dice.chance(_SKIPPED_SHARE)
        fields = {
            "id": f"model/{model.name}/drift/{feature}/{day_at}",
            "url": f"{self.url}/{model.name}/drift",
            "name": "drift",
            "kind": CheckKind.DRIFT.value,
            "state": (CheckState.SKIPPED if is_skipped else state).value,
            "checked_at": day_at + 6 * _HOUR + 600,
            "invocation": f"{model.name}-{day_at}",
            "model": model.name,
            "version": str(serving.candidate.number),
            "feature": feature,
            "value": None if is_skipped else value,
            "threshold": _LIMIT,
        }
        return Told(day_at + 6 * _HOUR + 600, "data_check", fields)

    def _truth(self, dice: Dice, day_at: int, serving: Serving) -> Told:
        model = self.life.model
        value = serving.candidate.training.value * (1 + dice.between(-_NOISE, _NOISE))
        value += _decayed(model, day_at)
        at = day_at + 7 * _HOUR
        fields = {
            "id": f"model/{model.name}/production/{day_at}",
            "url": f"{self.url}/{model.name}/performance",
            "model": model.name,
            "version": str(serving.candidate.number),
            "metric": model.metric,
            "value": round(value, 4),
            "dataset": "production",
            "evaluated_at": at,
        }
        return Told(at, "evaluation", fields)


def _during(days: Days | None, day_at: int) -> float:
    """1 within the days, 0 outside."""
    return float(days is not None and instant(days.first) <= day_at < instant(days.end))


def _decayed(model: LearnedModel, day_at: int) -> float:
    """How much worse a model has become by a day, in the direction of its metric."""
    decay = model.decay
    if decay is None or day_at < instant(decay.first):
        return 0.0
    lost = decay.a_day * ((day_at - instant(decay.first)) // _DAY)
    return -lost if model.is_higher_better else lost

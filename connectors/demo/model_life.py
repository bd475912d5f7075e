"""A model from training to training: what is tried, let through, promoted and taken back."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.demo.dice import Dice
from connectors.demo.learning import LearnedModel
from connectors.demo.model_history import Candidate, Life, Training
from connectors.demo.organisation import Organisation, story_at
from connectors.demo.simulation import instant
from connectors.demo.working_time import WorkingTime
from data.model import CheckState, RunResult

_HOUR = 3600
_DAY = 24 * _HOUR
_FAIL_SHARE = 0.06
_TRIALS = 0.8
"""Runs beside each training that no version comes from."""
_MENDED_SHARE = 0.65
_SURE_TRAININGS = 2
"""The first ones of a model do not fail."""
BOARD = "model-board"
DUTY_LEAD = "duty-lead"


class Lab:
    """Trains one model, on dice of its own."""

    def __init__(
        self, seed: int, organisation: Organisation, model: LearnedModel, working: WorkingTime
    ) -> None:
        self._seed = seed
        self._organisation = organisation
        self._working = working
        self._model = model
        self._returns = list(model.rolls_back)

    def live(self, until_at: int) -> Life:
        """Everything up to an instant, and some of what it leads to after."""
        life, model = Life(self._model), self._model
        end_at = min(
            until_at, instant(model.last_trained) + _DAY if model.last_trained else until_at
        )
        day_at = instant(model.registered)
        while day_at < end_at:
            dice = Dice(self._seed, "model", model.name, day_at)
            for _ in range(dice.count(_TRIALS)):
                life.trainings.append(self._train(dice, life, day_at))
            training = self._train(dice, life, day_at, _FAIL_SHARE)
            life.trainings.append(training)
            if training.result is RunResult.SUCCESS:
                self._offer(dice, life, training)
            day_at += self._pause(dice, training, day_at)
        return life

    def _pause(self, dice: Dice, training: Training, day_at: int) -> int:
        if training.result is not RunResult.SUCCESS:
            return _DAY
        days = story_at(self._organisation, self._model.days_between, day_at)
        return max(1, round(days * dice.between(0.8, 1.2))) * _DAY

    def _train(
        self, dice: Dice, life: Life, day_at: int, fail_share: float = _FAIL_SHARE / 2
    ) -> Training:
        started_at = day_at + int(dice.between(0.5, 5) * _HOUR)
        has_failed = dice.chance(fail_share) and len(life.trainings) > _SURE_TRAININGS
        lasting = self._model.minutes * 60 * dice.between(0.8, 1.4) * (0.4 if has_failed else 1)
        spread = 0.012 * self._model.level
        return Training(
            number=len(life.trainings) + 1,
            started_at=started_at,
            ended_at=started_at + int(lasting),
            result=RunResult.FAILURE if has_failed else RunResult.SUCCESS,
            value=round(self._model.level + dice.between(-spread, spread), 4),
            lacks=frozenset(
                fact for fact, share in sorted(self._model.lacks.items()) if dice.chance(share)
            ),
        )

    def _offer(self, dice: Dice, life: Life, training: Training) -> None:
        """Registers a version, lets it through its gate and, if all goes well, promotes it."""
        model = self._model
        registered_at = training.ended_at + int(dice.between(2, 9) * 60)
        gates = tuple(self._gates(dice, registered_at, life))
        is_through = gates[-1][1] in (CheckState.PASS, CheckState.WARN)
        is_first = not life.candidates and model.registered == self._organisation.founded
        is_wanted = dice.chance(model.promoted_share) or is_first
        challenger_at = gates[-1][0] + int(dice.between(0.5, 3) * _HOUR) if is_through else None
        approved_at, approved_by = self._approval(dice, life, challenger_at, is_wanted=is_wanted)
        after_at = challenger_at if is_first else approved_at or challenger_at
        promoted_at = self._promotion(dice, life, after_at, is_first=is_first)
        if not is_wanted:
            promoted_at = None
        candidate = Candidate(
            len(life.candidates) + 1, training, registered_at, gates,
            challenger_at, approved_at, approved_by, promoted_at,
        )  # fmt: skip
        life.candidates.append(candidate)
        if promoted_at is not None:
            self._promote(dice, life, candidate, promoted_at)

    def _gates(
        self, dice: Dice, registered_at: int, life: Life
    ) -> Iterator[tuple[int, CheckState]]:
        at = registered_at + int(dice.between(10, 40) * 60)
        warned = self._model.gate_warned
        is_warned = (
            warned is not None
            and at >= instant(warned)
            and all(state is not CheckState.WARN for c in life.candidates for _, state in c.gates)
        )
        if is_warned:
            yield at, CheckState.WARN
        elif dice.chance(self._model.gate_fail_share) and life.candidates:
            yield at, CheckState.FAIL
            if dice.chance(_MENDED_SHARE):
                yield at + int(dice.between(3, 20) * _HOUR), CheckState.PASS
        else:
            yield at, CheckState.PASS

    def _approval(
        self, dice: Dice, life: Life, after_at: int | None, *, is_wanted: bool
    ) -> tuple[int | None, str | None]:
        model = self._model
        if after_at is None or not is_wanted or dice.chance(model.unapproved_share):
            return None, None
        by = BOARD if model.risk_class == "high" else DUTY_LEAD
        if dice.chance(model.self_approved_share):
            by = life.trainer
        return self._working.move(after_at, dice.between(1, 9) * _HOUR), by

    def _promotion(
        self, dice: Dice, life: Life, after_at: int | None, *, is_first: bool
    ) -> int | None:
        """When a version takes over; never in the hours after another did."""
        if after_at is None:
            return None
        if is_first:
            return after_at + _HOUR
        at = self._working.move(after_at, dice.between(2.2, 8) * _HOUR)
        is_free = not life.servings or at > life.servings[-1].from_at + 3 * _HOUR
        return at if is_free else None

    def _promote(self, dice: Dice, life: Life, candidate: Candidate, at: int) -> None:
        before = life.servings[-1].candidate if life.servings else None
        life.serve(candidate, at)
        if before and self._returns and at >= instant(self._returns[0]):
            self._returns.pop(0)
            life.serve(before, at + int(dice.between(20, 44) * _HOUR))

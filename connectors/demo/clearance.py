"""Who asked for a deployment, and who approved it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.demo.cast import Cast
from connectors.demo.dice import Dice
from connectors.demo.habits import Deploys
from connectors.demo.history import Attempt
from connectors.demo.organisation import PRODUCTION

_UNAPPROVED_SHARE = 0.2
_SELF_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Clearance:
    """Accounts as the host shows them; null where it does not say."""

    triggered_by: str | None
    approved_by: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Clearances:
    """Draws them, on dice of their own: the attempts of a run share them."""

    seed: int
    cast: Cast

    def of(self, attempt: Attempt) -> Clearance:
        """The clearance of an attempt; only production needs an approval."""
        team = self.cast.of_attempt(attempt)
        day = datetime.fromtimestamp(attempt.started_at, UTC).date()
        deploys = team.habits_on(day).deploys or team.deploys
        if deploys is Deploys.UNTOLD:
            return Clearance(None, None)
        dice = Dice(self.seed, "clearance", attempt.repository, attempt.run)
        people = self.cast.people(team, attempt.started_at)
        by = dice.pick(people)
        others = [name for name in people if name != by]
        if attempt.environment != PRODUCTION or not others:
            return Clearance(self.cast.shown(by), ())
        return Clearance(self.cast.shown(by), self._approved_by(dice, deploys, by, others))

    def _approved_by(
        self, dice: Dice, deploys: Deploys, by: str, others: list[str]
    ) -> tuple[str, ...] | None:
        other = self.cast.shown(dice.pick(others))
        roll = dice.between(0, 1)
        if deploys is Deploys.OPEN or (deploys is Deploys.MIXED and roll < _UNAPPROVED_SHARE):
            return ()
        if deploys is Deploys.SELF and roll < _SELF_SHARE:
            return (by,)
        return None if other is None else (other,)

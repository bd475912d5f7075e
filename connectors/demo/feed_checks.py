"""Checks of what a data pipeline has made, after each run that made something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors.demo.dice import Dice
from connectors.demo.feed_runs import FeedRun
from connectors.demo.feeds import BadDays, Feed
from connectors.demo.simulation import instant
from connectors.demo.told import Told
from data.model import CheckKind, CheckState, RunResult

_MINUTE = 60
_OUTCOMES = (
    (CheckState.FAIL, 0.004),
    (CheckState.WARN, 0.01),
    (CheckState.ERROR, 0.001),
    (CheckState.SKIPPED, 0.004),
)


@dataclass(frozen=True, slots=True)
class FeedChecks:
    """Checks one pipeline's dataset."""

    seed: int
    url: str
    feed: Feed

    def tell(self, run: FeedRun) -> Iterator[Told]:
        """The outcomes after a run; none if no checks are set up or nothing was made."""
        feed = self.feed
        since = feed.checked_from
        if since is None or run.ended_at < instant(since) or run.result is not RunResult.SUCCESS:
            return
        dice = Dice(self.seed, "check", feed.name, run.slot_at)
        for name in feed.checks:
            yield self._test(dice, run, name)
        if not run.is_backfill:
            yield self._freshness(run)

    def _test(self, dice: Dice, run: FeedRun, name: str) -> Told:
        state = _state(dice, _bad_share(self.feed.bad, name, run.ended_at))
        is_counted = state not in (CheckState.ERROR, CheckState.SKIPPED)
        failures = 0 if state is CheckState.PASS else int(dice.around(140)) + 1
        fields: dict[str, Any] = {
            "kind": CheckKind.TEST.value,
            "state": state.value,
            "severity": "warn" if state is CheckState.WARN else "error",
            "failures": failures if is_counted else None,
            "rows": self.feed.rows if is_counted else None,
        }
        if state is CheckState.ERROR:
            fields["message"] = "the check could not be made: the table is locked"
        return self._told(run, name, fields)

    def _freshness(self, run: FeedRun) -> Told:
        """Newest data against the clock: a run that came late leaves it old."""
        age_minutes = (run.ended_at - run.slot_at) // _MINUTE
        limit = self.feed.fresh_minutes
        state = CheckState.FAIL if age_minutes > limit else CheckState.PASS
        if state is CheckState.PASS and age_minutes * 10 > limit * 9:
            state = CheckState.WARN
        fields = {
            "kind": CheckKind.FRESHNESS.value,
            "state": state.value,
            "data_at": run.slot_at,
            "value": float(age_minutes),
            "threshold": float(limit),
        }
        return self._told(run, "freshness", fields)

    def _told(self, run: FeedRun, name: str, fields: dict[str, Any]) -> Told:
        at = run.ended_at + 3 * _MINUTE
        told = {
            "id": f"dataset/{self.feed.makes}#check/{name}/{run.run}.{run.attempt}",
            "url": f"{self.url}/{self.feed.name}/checks/{run.run}",
            "dataset": self.feed.makes,
            "name": name,
            "checked_at": at,
            "invocation": f"{self.feed.name}/{run.run}.{run.attempt}",
            "pipeline": self.feed.name,
            **fields,
        }
        return Told(at, "data_check", told)


def _state(dice: Dice, bad_share: float) -> CheckState:
    if dice.chance(bad_share):
        return CheckState.FAIL
    reach = dice.between(0, 1)
    for state, share in _OUTCOMES:
        if reach < share:
            return state
        reach -= share
    return CheckState.PASS


def _bad_share(bad: BadDays | None, name: str, at: int) -> float:
    if bad is None or bad.check != name:
        return 0.0
    return bad.share if instant(bad.first) <= at < instant(bad.end) else 0.0

"""Runs of a data pipeline: on time, late, tried again, failed, made up for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors.demo.dice import Dice
from connectors.demo.feeds import Feed, FeedOutage
from connectors.demo.organisation import Organisation, story_at
from connectors.demo.simulation import instant
from connectors.demo.site import iso
from connectors.demo.told import Told
from data.model import PipelineKind, RunResult

_HOUR = 3600
_SLOW_SHARE = 0.02
_SLOWNESS = 3.2
_AGAIN_SHARE = 0.55
"""Share of failed runs that somebody runs again; the others wait for the next."""
_SECOND_TIME_SHARE = 0.8
_CHANGE_EVERY = 21 * 24 * _HOUR
_BREAKS_SHARE = 0.12
"""Share of changes to what defines a pipeline that make its first run fail."""
_TASKS = ("extract", "transform", "load")


@dataclass(frozen=True, slots=True)
class FeedRun:
    """One attempt of one run, for the stretch of data that ends at `slot_at`."""

    feed: Feed
    slot_at: int
    version: int
    """Of what defines the pipeline."""
    attempt: int
    created_at: int
    started_at: int
    ended_at: int
    result: RunResult
    retried: int = 0
    is_backfill: bool = False

    @property
    def run(self) -> str:
        """Id of the run at its orchestrator."""
        return f"{'backfill' if self.is_backfill else 'scheduled'}__{iso(self.slot_at)}"


@dataclass(frozen=True, slots=True)
class FeedLine:
    """Runs one pipeline for slot after slot."""

    seed: int
    organisation: Organisation
    feed: Feed

    def runs(self, until_at: int) -> Iterator[FeedRun]:
        """The runs of all slots that are over before an instant."""
        feed = self.feed
        step = feed.every_hours * _HOUR
        missing = {int(slot.timestamp()) for slot in feed.missing}
        for slot_at in range(instant(feed.first) + step, until_at, step):
            if slot_at in missing:
                continue
            dice = Dice(self.seed, "feed", feed.name, slot_at)
            outage = self._outage_at(slot_at)
            if outage is not None:
                yield self._attempt(dice, slot_at, 1, self._due_at(slot_at), has_failed=True)
                yield self._made_up(dice, slot_at, outage)
            else:
                yield from self._attempts(dice, slot_at)

    def _attempts(self, dice: Dice, slot_at: int) -> Iterator[FeedRun]:
        at = self._due_at(slot_at)
        has_failed = dice.chance(self.feed.fail_share) or self._is_broken_at(slot_at)
        first = self._attempt(dice, slot_at, 1, at, has_failed=has_failed)
        yield first
        if has_failed and dice.chance(_AGAIN_SHARE):
            again_at = first.ended_at + int(dice.between(0.2, 1.5) * _HOUR)
            is_mended = dice.chance(_SECOND_TIME_SHARE)
            yield self._attempt(dice, slot_at, 2, again_at, has_failed=not is_mended)

    def _made_up(self, dice: Dice, slot_at: int, outage: FeedOutage) -> FeedRun:
        at = instant(outage.made_up_on) + 9 * _HOUR + (slot_at - instant(outage.first)) // 24
        return self._attempt(dice, slot_at, 1, at, is_backfill=True)

    def _attempt(
        self,
        dice: Dice,
        slot_at: int,
        attempt: int,
        at: int,
        *,
        has_failed: bool = False,
        is_backfill: bool = False,
    ) -> FeedRun:
        minutes = story_at(self.organisation, self.feed.minutes, slot_at) * dice.between(0.85, 1.2)
        slowness = _SLOWNESS if dice.chance(_SLOW_SHARE) else 1
        is_flaky = not has_failed and dice.chance(self.feed.flaky_share)
        started_at = at + int(dice.between(5, 90))
        lasting = minutes * 60 * (0.5 if has_failed else slowness)
        return FeedRun(
            feed=self.feed,
            slot_at=slot_at,
            version=self._version_at(at if is_backfill else slot_at),
            attempt=attempt,
            created_at=at,
            started_at=started_at,
            ended_at=started_at + int(lasting),
            result=RunResult.FAILURE if has_failed else RunResult.SUCCESS,
            retried=1 + int(dice.between(0, 2)) if is_flaky else 0,
            is_backfill=is_backfill,
        )

    def _version_at(self, at: int) -> int:
        """The version in force: a pipeline changes every three weeks, on a day of its own."""
        first_at = instant(self.feed.first)
        shift = int(Dice(self.seed, "changes", self.feed.name).between(0, _CHANGE_EVERY))
        return 1 + (at - first_at + shift) // _CHANGE_EVERY

    def _is_broken_at(self, slot_at: int) -> bool:
        """Whether the run is the first of a version that makes it fail."""
        version = self._version_at(slot_at)
        if version == self._version_at(slot_at - self.feed.every_hours * _HOUR):
            return False
        return Dice(self.seed, "change", self.feed.name, version).chance(_BREAKS_SHARE)

    def _due_at(self, slot_at: int) -> int:
        return slot_at + self.feed.start_minutes * 60

    def _outage_at(self, slot_at: int) -> FeedOutage | None:
        outage = self.feed.outage
        is_out = outage and instant(outage.first) <= slot_at < instant(outage.end)
        return outage if is_out else None


def tell_run(url: str, run: FeedRun) -> Iterator[Told]:
    """The run, and the task that failed or was tried again."""
    fields = {
        **_of_attempt(url, run),
        "event": "backfill" if run.is_backfill else "schedule",
        "result": run.result.value,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.ended_at,
        "kind": PipelineKind.DATA.value,
        "slot_at": run.slot_at,
        "is_backfill": run.is_backfill,
        "retried_tasks": run.retried,
        "definition": f"v{run.version}",
    }
    yield Told(run.ended_at, "pipeline_run", fields)
    if run.result is RunResult.FAILURE or run.retried:
        yield _task(url, run)


def _task(url: str, run: FeedRun) -> Told:
    name = _TASKS[run.slot_at // _HOUR % len(_TASKS)]
    attempt = _of_attempt(url, run)
    fields = {
        **attempt,
        "id": f"{attempt['id']}/{name}",
        "name": name,
        "result": run.result.value,
        "started_at": run.started_at,
        "finished_at": run.ended_at,
        "tries": run.retried + 1,
    }
    return Told(run.ended_at, "task_run", fields)


def _of_attempt(url: str, run: FeedRun) -> dict[str, Any]:
    return {
        "id": f"pipeline/{run.feed.name}#run/{run.run}.{run.attempt}",
        "url": f"{url}/{run.feed.name}/runs/{run.run}",
        "pipeline": run.feed.name,
        "run": run.run,
        "attempt": run.attempt,
    }

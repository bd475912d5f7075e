"""Runs of pipelines that process no stretch of data: trainings, and builds of a repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.demo.dice import Dice
from connectors.demo.feeds import Delivery
from connectors.demo.history import Landed
from connectors.demo.model_history import Life
from connectors.demo.simulation import instant
from connectors.demo.site import Site
from connectors.demo.told import Told
from data.model import PipelineKind, RunResult

_MINUTE = 60
_BUILD_FAIL_SHARE = 0.05
BUILD = "build"


def training_pipeline(life: Life) -> str:
    """Name of the pipeline that trains a model."""
    return f"{life.model.team}-train-{life.model.name}"


def tell_trainings(url: str, life: Life) -> Iterator[Told]:
    """The runs of the pipeline that trains a model: one for each training."""
    pipeline = training_pipeline(life)
    for training in life.trainings:
        fields = {
            "id": f"pipeline/{pipeline}#run/{training.number}.1",
            "url": f"{url}/{pipeline}/runs/{training.number}",
            "pipeline": pipeline,
            "run": str(training.number),
            "attempt": 1,
            "event": "schedule",
            "result": training.result.value,
            "created_at": training.started_at - 2 * _MINUTE,
            "started_at": training.started_at - _MINUTE,
            "finished_at": training.ended_at + _MINUTE,
            "triggered_by": life.trainer,
            "kind": PipelineKind.TRAINING.value,
            "is_backfill": False,
            "retried_tasks": 0,
        }
        yield Told(training.ended_at + _MINUTE, "pipeline_run", fields)


def tell_builds(
    seed: int, site: Site, delivery: Delivery, changes: Sequence[Landed]
) -> Iterator[Told]:
    """A build of each change that landed in a repository; one that fails is run again."""
    first_at = instant(delivery.first)
    for change in changes:
        if change.repository == delivery.repository and change.merged_at >= first_at:
            dice = Dice(seed, "build", change.repository, change.position)
            yield from _builds(site, dice, change)


def _builds(site: Site, dice: Dice, change: Landed) -> Iterator[Told]:
    at = change.merged_at + int(dice.between(4, 60))
    has_failed = dice.chance(_BUILD_FAIL_SHARE)
    results = (RunResult.FAILURE, RunResult.SUCCESS) if has_failed else (RunResult.SUCCESS,)
    for attempt, result in enumerate(results, start=1):
        ended_at = at + int(dice.around(6) * _MINUTE)
        run = str(change.position)
        fields = {
            "id": f"{change.repository}#build/{run}.{attempt}",
            "url": site.url(change.repository, "builds", run),
            "repository": change.repository,
            "pipeline": BUILD,
            "run": run,
            "attempt": attempt,
            "event": "push",
            "branch": "main",
            "sha": site.sha(change.repository, change.position),
            "result": result.value,
            "created_at": change.merged_at + 2,
            "started_at": at,
            "finished_at": ended_at,
            "kind": PipelineKind.DELIVERY.value,
        }
        yield Told(ended_at, "pipeline_run", fields)
        at = ended_at + int(dice.between(1, 20) * _MINUTE)

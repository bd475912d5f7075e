"""Restore tests: once a quarter the newest release of a repository is rebuilt from its backup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from connectors.demo.dice import Dice
from connectors.demo.governance import RestoreTest
from connectors.demo.history import Tag
from connectors.demo.simulation import instant
from connectors.demo.site import Site
from connectors.demo.told import Told
from data.model import PipelineKind, RunResult

_HOUR = 3600


def tell_pipeline(site: Site, test: RestoreTest) -> Told:
    """The pipeline."""
    fields = {
        "id": f"{test.repository}#pipeline/{test.name}",
        "url": site.url(test.repository, "pipelines", test.name),
        "repository": test.repository,
        "name": test.name,
        "path": f".ci/{test.name}.yaml",
        "is_active": True,
        "kind": PipelineKind.DELIVERY.value,
        "schedule": "quarterly",
    }
    return Told(instant(test.on[0]), "pipeline", fields)


def tell_restores(seed: int, site: Site, test: RestoreTest, tags: Sequence[Tag]) -> Iterator[Told]:
    """Its runs. They run for the tag of a release, not for the mainline."""
    for number, day in enumerate(test.on, start=1):
        at = instant(day) + 5 * _HOUR
        earlier = [t for t in tags if t.repository == test.repository and t.tagged_at < at]
        if not earlier:
            continue
        dice = Dice(seed, "restore", test.repository, day)
        for attempt, result in enumerate(_results(test, day), start=1):
            ended_at = at + int(dice.between(0.6, 1.4) * _HOUR)
            yield _run(site, test, earlier[-1], (number, attempt), (at, ended_at), result)
            at = ended_at + _HOUR


def _results(test: RestoreTest, day: date) -> Sequence[RunResult]:
    if day not in test.failed:
        return (RunResult.SUCCESS,)
    is_run_again = day in test.run_again
    return (RunResult.FAILURE, RunResult.SUCCESS) if is_run_again else (RunResult.FAILURE,)


def _run(
    site: Site,
    test: RestoreTest,
    tag: Tag,
    name: tuple[int, int],
    times: tuple[int, int],
    result: RunResult,
) -> Told:
    repository, (run, attempt), (started_at, ended_at) = test.repository, name, times
    fields = {
        "id": f"{repository}#{test.name}/{run}.{attempt}",
        "url": site.url(repository, test.name, run),
        "repository": repository,
        "pipeline": test.name,
        "run": f"{test.name}-{run}",
        "attempt": attempt,
        "event": "schedule",
        "branch": tag.release.version,
        "sha": site.release_sha(repository, tag.release.position),
        "result": result.value,
        "created_at": started_at - 60,
        "started_at": started_at,
        "finished_at": ended_at,
        "kind": PipelineKind.DELIVERY.value,
    }
    return Told(ended_at, "pipeline_run", fields)

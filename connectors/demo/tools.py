"""All that the invented registry, orchestrator and monitoring tell, by stream and in its order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from connectors.demo import imports, lineage, other_runs, restore_tests, shelf
from connectors.demo.alarms import Alarms
from connectors.demo.feed_checks import FeedChecks
from connectors.demo.feed_runs import FeedLine, tell_run
from connectors.demo.feeds import feeds
from connectors.demo.governance import governance
from connectors.demo.history import Landed, Outage, Tag
from connectors.demo.learning import learning
from connectors.demo.model_history import Life
from connectors.demo.model_life import Lab
from connectors.demo.model_watch import ModelWatch
from connectors.demo.operations import operations
from connectors.demo.organisation import PRODUCTION
from connectors.demo.readings import Readings
from connectors.demo.registry import Registry
from connectors.demo.simulation import instant, working_hours
from connectors.demo.site import Site
from connectors.demo.told import Told, in_order
from connectors.demo.uptime import Uptime


class Tools:
    """What the tools around models, data and operations know when the day `until` begins."""

    def __init__(
        self,
        site: Site,
        seed: int,
        until: date,
        changes: Sequence[Landed],
        tags: Sequence[Tag],
        outages: Sequence[tuple[str, Outage]],
    ) -> None:
        """Takes changes and tags by time, and the incidents with the ids of their rows."""
        self._site = site
        self._organisation = site.organisation
        self._seed = seed
        self._until = until
        self._until_at = instant(until)
        self._changes = changes
        self._tags = tags
        self._outages = outages

    def stream(self, name: str) -> Sequence[Told]:
        """Everything of a stream by its time."""
        return {
            "models": self._models,
            "pipelines": self._pipelines,
            "operations": self._operations,
        }[name]

    @cached_property
    def catalogue(self) -> Sequence[Told]:
        """What there is, without a time of its own."""
        known = feeds()
        told = [
            *shelf.tell_models(learning(), self._lives.values()),
            *shelf.tell_datasets(self._seed, known, self._until_at),
            *shelf.tell_pipelines(known, self._lives.values(), self._organisation.git_url),
            *lineage.tell_lineage(
                self._seed, known, self._lives.values(), self._is_withheld, self._until_at
            ),
            *imports.tell_imports(operations(), self._until_at),
            *(restore_tests.tell_pipeline(self._site, t) for t in governance().restore_tests),
        ]
        return [one for one in told if one.at <= self._until_at]

    @cached_property
    def _lives(self) -> dict[str, Life]:
        countries = {team.name: team.country for team in self._organisation.teams}
        working = {
            country: working_hours(self._organisation, country, self._until)
            for country in self._organisation.countries
        }
        return {
            model.name: Lab(
                self._seed, self._organisation, model, working[countries[model.team]]
            ).live(self._until_at)
            for model in learning().models
        }

    @cached_property
    def _models(self) -> Sequence[Told]:
        known = learning()
        readings = Readings(int(known.read_from.timestamp()), known.unread)
        told: list[Told] = []
        for life in self._lives.values():
            registry = Registry(
                self._seed, known.url, life, readings, self._commit_at, self._is_withheld,
                self._until_at,
            )  # fmt: skip
            told += registry.tell()
            told += ModelWatch(self._seed, known.url, life).tell(self._until_at)
        return in_order(told)

    @cached_property
    def _pipelines(self) -> Sequence[Told]:
        known = feeds()
        told: list[Told] = []
        for feed in known.feeds:
            checks = FeedChecks(self._seed, known.url, feed)
            for run in FeedLine(self._seed, self._organisation, feed).runs(self._until_at):
                told += tell_run(known.url, run)
                told += checks.tell(run)
        for life in self._lives.values():
            told += other_runs.tell_trainings(known.url, life)
        for delivery in known.deliveries:
            told += other_runs.tell_builds(self._seed, self._site, delivery, self._changes)
        for test in governance().restore_tests:
            told += restore_tests.tell_restores(self._seed, self._site, test, self._tags)
        return in_order(told)

    @cached_property
    def _operations(self) -> Sequence[Told]:
        known = operations()
        alarms = Alarms(self._seed, self._organisation, known, self._until_at)
        told = [
            *alarms.of_outages(self._outages),
            *alarms.of_nuisances(),
            *alarms.of_models(self._lives.values()),
        ]
        for watched in known.watched:
            outages = [outage for _, outage in self._outages if _hits(outage, watched.service)]
            uptime = Uptime(
                self._seed, known.metrics_url, known.target, self._organisation, watched, outages
            )
            told += uptime.tell(self._until_at)
        return in_order(told)

    @cached_property
    def _mainlines(self) -> dict[str, list[Landed]]:
        mainlines: dict[str, list[Landed]] = {}
        for change in self._changes:
            mainlines.setdefault(change.repository, []).append(change)
        return mainlines

    def _commit_at(self, repository: str, at: int) -> str | None:
        """Hash of the newest commit of a mainline at an instant; null before the first."""
        mainline = self._mainlines.get(repository, [])
        place = bisect_left(mainline, at, key=lambda change: change.merged_at)
        return self._site.sha(repository, mainline[place - 1].position) if place else None

    def _is_withheld(self, model: str, at: int) -> bool:
        return any(
            gap.stream == "models"
            and gap.about == model
            and instant(gap.first) <= at < instant(gap.end)
            for gap in self._organisation.gaps
        )


def _hits(outage: Outage, service: str) -> bool:
    return outage.service == service and outage.environment in (None, PRODUCTION)


def between(told: Sequence[Told], first_at: int, end_at: int) -> Iterator[Told]:
    """What is told from an instant on and before another."""
    first = bisect_left(told, first_at, key=lambda one: one.at)
    end = bisect_left(told, end_at, key=lambda one: one.at)
    return iter(told[first:end])

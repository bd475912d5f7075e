"""The pages that the organisation's invented hosts would answer: JSON, oldest first."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import TypeVar

from connectors.demo import items, simulation
from connectors.demo.cast import Cast
from connectors.demo.clearance import Clearances
from connectors.demo.commit_items import commit_count
from connectors.demo.governance import governance
from connectors.demo.handler import Handler
from connectors.demo.history import Attempt, Landed, Outage
from connectors.demo.organisation import KnownGap, Organisation
from connectors.demo.oversight import Oversight
from connectors.demo.patches import patched_releases
from connectors.demo.site import Item, Site, attempt_id
from connectors.demo.told import told_item
from connectors.demo.tools import Tools, between

T = TypeVar("T")

_FIRST_INCIDENT = 1001


class Pages:
    """All that can be read of the organisation when the day `until` begins."""

    def __init__(self, organisation: Organisation, seed: int, until: date) -> None:
        past = simulation.history(organisation, seed, until)
        self._until = until
        self._changes = sorted(past.changes, key=lambda c: (c.merged_at, c.repository))
        self._tags = sorted(past.tags, key=lambda t: (t.tagged_at, t.repository))
        known, cast = governance(), Cast(organisation, governance())
        patched = list(patched_releases(known, self._tags))
        self._site = Site(organisation, seed, past.changes, patched)
        self._handler = Handler(seed, self._site, known, cast)
        self._clearances = Clearances(seed, cast)
        self._attempts = sorted(past.attempts, key=lambda a: (a.ended_at, attempt_id(a)))
        outages = sorted(past.outages, key=lambda o: (o.started_at, o.service or "", o.title))
        self._outages = list(enumerate(outages, start=_FIRST_INCIDENT))
        named = [(items.incident_id(number), outage) for number, outage in self._outages]
        self._tools = Tools(self._site, seed, until, self._changes, self._tags, named)
        self._oversight = Oversight(
            seed, until, self._site, known, cast, self._handler, self._changes
        )

    def catalogue(self, first: date) -> bytes:
        """All repositories and services; their commits are counted from the day `first`."""
        counts: Counter[str] = Counter()
        heads: dict[str, Landed] = {}
        for change in self._landed(simulation.instant(first), simulation.instant(self._until)):
            counts[change.repository] += commit_count(change)
            heads[change.repository] = change
        counts.update(
            tag.repository
            for tag in self._tags
            if self._site.is_patched(tag.repository, tag.release.position)
            and tag.tagged_at >= simulation.instant(first)
        )
        repositories = [
            items.repository_item(self._site, name, heads.get(name), counts[name])
            for name in self._site.works
        ]
        others = [told_item(told) for told in self._tools.catalogue]
        return _json(
            {"repositories": repositories, "services": list(self._services()), "items": others}
        )

    def whole(self, stream: str) -> bytes:
        """The one page of a stream that tells all there is."""
        return page_of(self._oversight.whole(stream), [])

    def news(self, stream: str, first: date, end: date) -> bytes:
        """What was new in a stream from the day `first` until before the day `end`."""
        listed: Callable[[int, int], Iterator[Item]] = {
            "changes": self._change_items,
            "versions": self._version_items,
            "deployments": self._deployment_items,
            "incidents": self._incident_items,
            "reviews": self._review_items,
        }.get(stream) or partial(self._told_items, stream)
        gaps = [
            items.gap_item(gap, max(first, gap.first), min(end, gap.end))
            for gap in self._gaps(stream)
            if gap.first < end and first < gap.end
        ]
        if stream == "reviews" and first <= governance().told_from < end:
            gaps.append(items.forgotten_item(self._site.organisation, governance().told_from))
        found = list(listed(simulation.instant(first), simulation.instant(end)))
        return page_of(found, gaps)

    def _services(self) -> Iterator[Item]:
        for name, crews in self._site.organisation.repositories().items():
            for _, work in crews:
                yield from (items.service_item(self._site, name, work, s) for s in work.services)

    def _landed(self, first_at: int, end_at: int) -> Iterator[Landed]:
        changes = _between(self._changes, lambda c: c.merged_at, first_at, end_at)
        return (c for c in changes if self._site.keeps(c.repository, c.merged_at))

    def _change_items(self, first_at: int, end_at: int) -> Iterator[Item]:
        for change in self._landed(first_at, end_at):
            yield items.change_item(self._site, change, self._handler.of(change))

    def _review_items(self, first_at: int, end_at: int) -> Iterator[Item]:
        return map(told_item, between(self._oversight.reviews, first_at, end_at))

    def _version_items(self, first_at: int, end_at: int) -> Iterator[Item]:
        tags = _between(self._tags, lambda t: t.tagged_at, first_at, end_at)
        return (items.version_item(self._site, tag) for tag in tags)

    def _deployment_items(self, first_at: int, end_at: int) -> Iterator[Item]:
        for attempt in _between(self._attempts, lambda a: a.ended_at, first_at, end_at):
            if not self._is_withheld("deployments", attempt, attempt.ended_at):
                yield items.deployment_item(self._site, attempt, self._clearances.of(attempt))

    def _incident_items(self, first_at: int, end_at: int) -> Iterator[Item]:
        """Incidents by their last update, as they are now."""
        until_at = simulation.instant(self._until)
        for number, outage in self._outages:
            updated_at = outage.over_at(until_at) or outage.started_at
            is_withheld = self._is_withheld("incidents", outage, outage.started_at)
            if first_at <= updated_at < end_at and not is_withheld:
                yield items.incident_item(self._site, number, outage, until_at)

    def _told_items(self, stream: str, first_at: int, end_at: int) -> Iterator[Item]:
        return map(told_item, between(self._tools.stream(stream), first_at, end_at))

    def _gaps(self, stream: str) -> Iterator[KnownGap]:
        return (gap for gap in self._site.organisation.gaps if gap.stream == stream)

    def _is_withheld(self, stream: str, what: Attempt | Outage, at: int) -> bool:
        return any(
            gap.about == what.service
            and gap.environment in (None, what.environment)
            and simulation.instant(gap.first) <= at < simulation.instant(gap.end)
            for gap in self._gaps(stream)
        )


def _between(rows: Sequence[T], at: Callable[[T], int], first_at: int, end_at: int) -> Sequence[T]:
    return rows[bisect_left(rows, first_at, key=at) : bisect_left(rows, end_at, key=at)]


def page_of(items: Sequence[Item], gaps: Sequence[Item]) -> bytes:
    """A page of these."""
    return _json({"items": items, "gaps": gaps})


def _json(page: Item) -> bytes:
    return json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()

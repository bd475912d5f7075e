"""All that is told of how the organisation keeps its rules, by stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from connectors.demo.access_told import Rights
from connectors.demo.audit_told import AuditLog
from connectors.demo.cast import Cast
from connectors.demo.findings_told import Findings
from connectors.demo.governance import REFUSED, Governance
from connectors.demo.guards_told import Guards
from connectors.demo.handler import Handler
from connectors.demo.history import Landed
from connectors.demo.review_told import tell_reviews
from connectors.demo.rules_told import Rules
from connectors.demo.simulation import instant
from connectors.demo.site import Item, Site
from connectors.demo.told import Told, in_order, told_item


class Oversight:
    """What the hosts know of reviews, rules, access and findings when the day `until` begins."""

    def __init__(
        self,
        seed: int,
        until: date,
        site: Site,
        known: Governance,
        cast: Cast,
        handler: Handler,
        changes: Sequence[Landed],
    ) -> None:
        """Takes the changes by time."""
        self._seed = seed
        self._until = until
        self._until_at = instant(until)
        self._site = site
        self._known = known
        self._cast = cast
        self._handler = handler
        self._changes = changes

    @cached_property
    def reviews(self) -> Sequence[Told]:
        """Reviews, commits and checks by their time."""
        told_at = instant(self._known.told_from)
        changes = [c for c in self._changes if self._site.keeps(c.repository, c.merged_at)]
        return in_order(
            one
            for one in tell_reviews(self._site, self._handler, changes, told_at, self._until_at)
            if one.at < self._until_at
        )

    def whole(self, stream: str) -> list[Item]:
        """All there is of a stream that has one page."""
        told = {
            "protection": self._rules.tell,
            "access": self._access,
            "environments": self._guards.environments,
            "reuse": self._guards.reuse,
            "findings": self._findings,
            "audit": self._audit,
        }[stream]
        return [told_item(one) for one in in_order(told(self._until_at))]

    @property
    def _rules(self) -> Rules:
        return Rules(self._site, self._known, self._cast)

    @property
    def _guards(self) -> Guards:
        return Guards(self._site, self._known, self._cast)

    def _access(self, until_at: int) -> Iterator[Told]:
        rights = Rights(self._seed, self._site.organisation, self._known, self._until)
        return (one for one in rights.tell() if one.at < until_at)

    def _findings(self, until_at: int) -> Iterator[Told]:
        findings = Findings(self._seed, self._site, self._known, until_at)
        for repository, team in self._cast.repositories.items():
            if team.rules != REFUSED and team.checks:
                yield from findings.tell(repository, team, self._until)

    def _audit(self, until_at: int) -> Iterator[Told]:
        changes = [c for c in self._changes if self._site.keeps(c.repository, c.merged_at)]
        log = AuditLog(self._site, self._known, self._rules, self._handler)
        return log.tell(changes, until_at)

"""Which rules are in force for branches and tags, as readings an hour apart show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.demo.cast import Cast
from connectors.demo.governance import REFUSED, Governance
from connectors.demo.readings import Readings
from connectors.demo.simulation import instant
from connectors.demo.site import Site, iso
from connectors.demo.told import Told

_TAGS = "v*"
_MORNING = 6 * 3600


@dataclass(frozen=True, slots=True)
class Rules:
    """Knows the rules of every repository at every instant."""

    site: Site
    known: Governance
    cast: Cast

    def repositories(self) -> Iterator[str]:
        """Those whose host tells its rules."""
        for name, team in self.cast.repositories.items():
            if team.rules != REFUSED:
                yield name

    def is_request_required(self, repository: str, at: int) -> bool:
        """Whether changes of a repository needed a request at an instant."""
        name = self.cast.repositories[repository].rules
        for change in self.known.changes_of(repository):
            if change.at.timestamp() <= at:
                name = change.rules
        return bool(self.known.rules.get(name, {}).get("is_request_required"))

    def tell(self, until_at: int) -> Iterator[Told]:
        """Every state that a reading before an instant showed first."""
        for repository in self.repositories():
            told = [*self._branch(repository), *self._tags(repository)]
            yield from (one for one in told if one.at < until_at)

    def _branch(self, repository: str) -> Iterator[Told]:
        first_at = self._first_at(repository)
        rules = self.cast.repositories[repository].rules
        yield self._told(repository, "main", None, first_at, self.known.rules[rules])
        readings = Readings(first_at, ())
        for change in self.known.changes_of(repository):
            after_at, before_at = readings.around(int(change.at.timestamp()))
            if after_at is not None:
                state = self.known.rules[change.rules]
                yield self._told(repository, "main", after_at, before_at, state)

    def _tags(self, repository: str) -> Iterator[Told]:
        if not self.site.works[repository].is_tagged:
            return
        is_protected = self.cast.repositories[repository].name in self.known.tag_rules
        state = {
            "is_protected": is_protected,
            "is_force_push_allowed": not is_protected,
            "is_deletion_allowed": not is_protected,
            "bypass_actors": [],
        }
        yield self._told(repository, _TAGS, None, self._first_at(repository), state)

    def _first_at(self, repository: str) -> int:
        """When the rules of a repository were first read."""
        first_at = int(self.known.rules_from.timestamp())
        opened = self.site.works[repository].opened
        return max(first_at, instant(opened) + _MORNING) if opened else first_at

    def _told(
        self,
        repository: str,
        target: str,
        after_at: int | None,
        before_at: int,
        state: Mapping[str, Any],
    ) -> Told:
        kind = "tag" if target == _TAGS else "branch"
        fields = {
            "id": f"{repository}#protection/{kind}/{target}@{iso(before_at)}",
            "url": self.site.url(repository, "settings", "rules"),
            "repository": repository,
            "kind": kind,
            "target": target,
            "changed_after_at": after_at,
            "changed_before_at": before_at,
            **state,
        }
        return Told(before_at, "protection", fields)

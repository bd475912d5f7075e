"""What the invented host recorded by itself: rules passed by, rules and rights changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from connectors.demo.governance import Governance
from connectors.demo.handler import Handler
from connectors.demo.handling import Case
from connectors.demo.history import Landed
from connectors.demo.rules_told import Rules
from connectors.demo.simulation import instant
from connectors.demo.site import Site
from connectors.demo.told import Told

_HOUR = 3600
BYPASS = "rule_suite.bypass"


@dataclass(frozen=True, slots=True)
class AuditLog:
    """Tells the log of the organisation, from the day on since which it is kept."""

    site: Site
    known: Governance
    rules: Rules
    handler: Handler

    def tell(self, changes: Iterable[Landed], until_at: int) -> Iterator[Told]:
        """Every entry of before an instant."""
        told = [*self._bypasses(changes), *self._rule_changes(), *self._rights()]
        first_at = instant(self.known.told_from)
        yield from (one for one in told if first_at <= one.at < until_at)

    def _bypasses(self, changes: Iterable[Landed]) -> Iterator[Told]:
        """Direct pushes where a request is needed, and emergencies."""
        told_at, hidden = instant(self.known.told_from), set(self._hidden())
        for change in changes:
            if change.merged_at < told_at or change.repository in hidden:
                continue
            case = self.handler.of(change).case
            is_push = case is Case.DIRECT and self.rules.is_request_required(
                change.repository, change.merged_at
            )
            if is_push or case is Case.EMERGENCY:
                yield self._bypass(change, None if is_push else "emergency")

    def _bypass(self, change: Landed, detail: str | None) -> Told:
        fields = {
            "action": BYPASS,
            "actor": self.handler.of(change).merged_by,
            "subject": "refs/heads/main",
            "repository": change.repository,
            "sha": self.site.sha(change.repository, change.position),
            "detail": detail,
        }
        return self._told(change.merged_at, f"{change.repository}/{change.position}", fields)

    def _rule_changes(self) -> Iterator[Told]:
        for repository in self.rules.repositories():
            for change in self.known.changes_of(repository):
                if change.by is None:
                    continue
                is_off = not self.known.rules[change.rules]["is_protected"]
                fields = {
                    "action": f"protected_branch.{'destroy' if is_off else 'update'}",
                    "actor": change.by,
                    "subject": "main",
                    "repository": repository,
                    "detail": change.detail,
                }
                yield self._told(int(change.at.timestamp()), repository, fields)

    def _rights(self) -> Iterator[Told]:
        owner = next(iter(self.known.owners))
        for leaver in self.known.leavers:
            if leaver.removed is not None:
                yield self._right(leaver.removed, "org.remove_member", owner, leaver.account)
        for key in self.known.deploy_keys:
            yield self._right(key.since, "public_key.create", owner, key.name, key.repository)
        for outsider in self.known.outsiders:
            yield self._right(
                outsider.since, "repo.add_member", owner, outsider.name, outsider.repository
            )
        for token in self.known.tokens:
            yield self._right(
                token.since, "personal_access_token.access_granted", owner, token.name
            )

    def _right(
        self, day: date, action: str, actor: str, subject: str, repository: str | None = None
    ) -> Told:
        fields = {"action": action, "actor": actor, "subject": subject, "repository": repository}
        return self._told(instant(day) + 10 * _HOUR, subject, fields)

    def _hidden(self) -> Iterator[str]:
        told = set(self.rules.repositories())
        return (name for name in self.site.works if name not in told)

    def _told(self, at: int, key: str, fields: dict[str, str | None]) -> Told:
        name = f"{self.known.name}#audit/{at}/{fields['action']}/{key}"
        url = f"{self.known.settings_url}/audit"
        return Told(at, "audit_event", {"id": name, "url": url, "happened_at": at, **fields})

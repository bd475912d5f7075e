"""Who and what has access to the invented organisation, as it is when its host is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from connectors.demo.dice import Dice
from connectors.demo.governance import Governance, Right
from connectors.demo.organisation import Organisation
from connectors.demo.simulation import instant
from connectors.demo.told import Told
from data.model import SubjectKind

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Rights:
    """Tells members, teams, outsiders, keys, applications and tokens, and the settings."""

    seed: int
    organisation: Organisation
    known: Governance
    until: date

    def tell(self) -> Iterator[Told]:
        """All there is on the day before `until` ends."""
        settings = {
            "id": f"{self.known.name}#organisation",
            "url": self.known.settings_url,
            "name": self.known.name,
            **self.known.organisation,
        }
        yield Told(0, "organisation", settings)
        yield self._unseen()
        yield from self._members()
        yield from self._machines()
        for right in self.known.outsiders:
            if right.since < self.until:
                yield self._right(right, SubjectKind.OUTSIDE, right.repository or self.known.name)
        for token in self.known.tokens:
            if token.since < self.until:
                yield self._right(token, SubjectKind.TOKEN, self.known.name)

    def _unseen(self) -> Told:
        """The organisation on the host of Fleet: whether it asks for two factors is not shown."""
        name = f"{self.known.name}-fleet"
        fields = {
            "id": f"{name}#organisation",
            "url": self.known.settings_url,
            "name": name,
            "default_workflow_right": "read",
            "is_workflow_approval_allowed": False,
        }
        return Told(0, "organisation", fields)

    def _members(self) -> Iterator[Told]:
        for team in self.known.teams:
            for account in team.people:
                if account not in self.known.deleted:
                    used_at = self._used_at(account, self.until)
                    yield from self._member(team.name, account, used_at)
        for leaver in self.known.leavers:
            is_gone = leaver.removed is not None and leaver.removed <= self.until
            if not is_gone:
                used_at = self._used_at(leaver.account, min(leaver.left, self.until))
                yield from self._member(leaver.team, leaver.account, used_at)

    def _member(self, team: str, account: str, used_at: int) -> Iterator[Told]:
        """The account in the organisation, and in its team."""
        owners, is_owner = self.known.owners, account in self.known.owners
        has_factor = account not in self.known.access.without_factor
        shared = {
            "has_two_factor": owners.get(account, has_factor),
            "created_at": instant(self.organisation.founded),
            "last_used_at": used_at,
        }
        role = "owner" if is_owner else "member"
        yield self._told(
            SubjectKind.MEMBER, account, self.known.name, role, is_admin=is_owner, **shared
        )
        scope = f"@{self.known.name}/{team}"
        yield self._told(SubjectKind.MEMBER, account, scope, "write", is_admin=False, **shared)

    def _machines(self) -> Iterator[Told]:
        for name in self.known.access.applications:
            used_at = self._used_at(name, self.until)
            yield self._told(
                SubjectKind.APPLICATION, name, self.known.name, "write", is_admin=False,
                is_read_only=False, created_at=instant(self.organisation.founded),
                last_used_at=used_at,
            )  # fmt: skip
        for key in self.known.deploy_keys:
            if key.since < self.until:
                yield self._told(
                    SubjectKind.DEPLOY_KEY, key.name, key.repository,
                    "read" if key.is_read_only else "write", is_admin=False,
                    is_read_only=key.is_read_only, created_at=instant(key.since),
                    last_used_at=self._seen(key.last_used),
                )  # fmt: skip

    def _right(self, right: Right, kind: SubjectKind, scope: str) -> Told:
        return self._told(
            kind, right.name, scope, right.role, is_admin=False,
            is_read_only=right.role == "read", created_at=instant(right.since),
            expires_at=instant(right.expires) if right.expires else None,
            has_two_factor=True if kind is SubjectKind.OUTSIDE else None,
            last_used_at=self._seen(right.last_used),
        )  # fmt: skip

    def _seen(self, last_used: date) -> int:
        """The last use that has happened: that of the story, or the day before `until`."""
        return instant(min(last_used, self.until - timedelta(days=1))) + 8 * _HOUR

    def _used_at(self, account: str, end: date) -> int:
        """Within the last working week before a day."""
        hours = Dice(self.seed, "used", account, end).between(1, 120)
        return instant(end) - int(hours * _HOUR)

    def _told(self, kind: SubjectKind, subject: str, scope: str, role: str, **more: Any) -> Told:
        fields = {
            "id": f"{scope}#access/{kind.value}/{subject}",
            "url": f"{self.known.settings_url}/access",
            "kind": kind.value,
            "subject": subject,
            "scope": scope,
            "role": role,
            "is_read_only": False if kind is SubjectKind.MEMBER else None,
            **more,
        }
        return Told(0, "member_access", fields)

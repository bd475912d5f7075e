"""How the invented organisation keeps its rules, as data: teams, rules, access, findings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import Field

from connectors.demo.habits import Guarded
from connectors.demo.learning import Days, Value

REFUSED = "refused"
"""Rules that a host does not tell."""


class RuleChange(Value):
    """Other rules for some repositories, from an instant on."""

    repository: str
    """Name or pattern."""
    at: datetime
    rules: str
    by: str | None = None
    """As the audit log says; null: it says nothing."""
    detail: str | None = None


class Leaver(Value):
    """Someone who left; `removed` if their access was taken away."""

    account: str
    team: str
    left: date
    removed: date | None = None


class Right(Value):
    """Access of an outsider, a key or a token, if not to all then to one repository."""

    name: str = Field(alias="account")
    repository: str | None = None
    role: str
    since: date
    last_used: date
    expires: date | None = None


class DeployKey(Value):
    """A key of one repository."""

    name: str
    repository: str
    is_read_only: bool
    since: date
    last_used: date


class Access(Value):
    """Accounts without a second factor, and applications."""

    without_factor: tuple[str, ...]
    applications: tuple[str, ...]


class Uses(Value):
    """Teams that pin actions by hash, scan their code, and let a machine update dependencies."""

    pinned: tuple[str, ...]
    scanned: tuple[str, ...]
    updated: tuple[str, ...]


class Secret(Value):
    """A secret that was found in a repository."""

    repository: str
    rule: str
    opened: datetime
    fixed: datetime | None = None
    dismissed: datetime | None = None
    reason: str | None = None
    is_push_bypassed: bool = False


class PatchedRelease(Value):
    """The first release of a repository from a day on: built from a commit off the mainline."""

    repository: str
    on: date


class Freeze(Days):
    """Days without planned deployments, as announced; `to` is the last of them."""

    text: str
    team: str


class RestoreTest(Value):
    """Days on which a repository's release was restored from its backup."""

    repository: str
    on: tuple[date, ...]
    name: str = "restore-test"
    """Of the pipeline."""
    failed: tuple[date, ...] = ()
    run_again: tuple[date, ...] = ()
    """Of those that failed: run again at once, and passed."""


class Governance(Value):
    """All of it."""

    name: str
    settings_url: str
    issues_url: str
    told_from: date
    """First day of which reviews, checks and audit events are told."""
    rules_from: datetime
    """First reading of rules in force."""
    update_bot: str
    approve_bot: str
    deleted: frozenset[str]
    tag_rules: tuple[str, ...]
    teams: tuple[Guarded, ...] = Field(alias="team")
    rules: Mapping[str, Mapping[str, Any]]
    rule_changes: tuple[RuleChange, ...] = Field(alias="rule_change")
    organisation: Mapping[str, Any]
    owners: Mapping[str, bool]
    """Whether each has a second factor."""
    access: Access
    leavers: tuple[Leaver, ...] = Field(alias="leaver")
    outsiders: tuple[Right, ...] = Field(alias="outsider")
    deploy_keys: tuple[DeployKey, ...] = Field(alias="deploy_key")
    tokens: tuple[Right, ...] = Field(alias="token")
    uses: Uses
    secrets: tuple[Secret, ...] = Field(alias="secret")
    patched_releases: tuple[PatchedRelease, ...] = Field(alias="patched_release")
    freezes: tuple[Freeze, ...] = Field(alias="freeze")
    restore_tests: tuple[RestoreTest, ...] = Field(alias="restore_test")

    def changes_of(self, repository: str) -> list[RuleChange]:
        """The changes of rules of a repository, in their order."""
        found = [c for c in self.rule_changes if fnmatchcase(repository, c.repository)]
        return sorted(found, key=lambda change: change.at)


@lru_cache(maxsize=1)
def governance() -> Governance:
    """The rules and habits that come with Cairn."""
    text = files(__package__).joinpath("governance.toml").read_text(encoding="utf-8")
    return Governance.model_validate(tomllib.loads(text))

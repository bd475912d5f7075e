"""How the invented organisation keeps its rules, as data: habits, rules, access, findings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import Field

from connectors.demo.learning import Days, Value

REFUSED = "refused"
"""Rules that a host does not tell."""


class Deploys(StrEnum):
    """Who approves what a team deploys to production."""

    APPROVED = "approved"
    """Someone else, always."""
    MIXED = "mixed"
    """Someone else, but for one in five that nobody approves."""
    SELF = "self"
    """Someone else, but for one in four that is approved by whoever asked for it."""
    OPEN = "open"
    """Nobody."""
    UNTOLD = "untold"
    """The host does not say who asked or approved."""


class Habits(Value):
    """How a team lets its changes land, from a day on: shares of them, the rest is in order."""

    first: date | None = Field(default=None, alias="from")
    deploys: Deploys | None = None
    """Null: as the team does."""
    is_lax: bool = False
    """Whether what nobody looked at is merged all the same."""
    unapproved: float = 0
    """Looked at, and merged without an approval."""
    late_push: float = 0
    """A commit was pushed after the approval."""
    rewritten: float = 0
    """The branch was replaced after the approval."""
    paired: float = 0
    """Written by two, and approved by one of the two alone."""
    stranger: float = 0
    """A co-author whose account the host does not know."""
    synced: float = 0
    """The approver brought the branch up to date by a merge, before the approval."""
    machine_approved: float = 0
    dismissed_before: float = 0
    """The approval was taken back before the merge."""
    dismissed_after: float = 0
    """The approval was taken back after the merge."""
    bypass: float = 0
    """Of emergencies: merged past the rules, before an approval."""
    late_review: float = 0
    """Of those: approved within two working days after."""
    bot: float = 0
    """Updates of dependencies that a machine opened."""
    bot_unreviewed: float = 0
    """Of those: merged by the machine itself."""
    red: float = 0
    """Merged although a check had failed."""
    late_check: float = 0
    """Merged before the checks had ended."""
    skipped: float = 0
    neutral: float = 0
    rerun: float = 0
    """A check failed, and passed when it was run again."""


class Guarded(Value):
    """A team: who works there, and how it keeps the rules."""

    name: str
    people: tuple[str, ...]
    rules: str
    """Rules in force for its repositories, by name, or `refused`."""
    checks: tuple[str, ...]
    deploys: Deploys
    ticket_share: float
    """Of changes that name an issue."""
    signed_share: float | None = None
    """Of commits whose signature the host vouches for; null: it does not say."""
    names_reviewed_commit: bool = True
    """Whether its host says which commit was reviewed."""
    patch_factor: float
    """How much of the time allowed for a finding it usually takes."""
    habits: tuple[Habits, ...]
    """In the order of their days."""

    def habits_on(self, day: date) -> Habits:
        """Those of a day."""
        return [h for h in self.habits if h.first is None or h.first <= day][-1]


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

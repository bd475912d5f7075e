"""Who is there: accounts, organisations, teams and applications."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.doubles.github.world.repository import Repository
    from tests.doubles.github.world.rules import Ruleset


class Plan(StrEnum):
    """What an organisation pays for."""

    FREE = "free"
    TEAM = "team"
    ENTERPRISE = "enterprise"


@dataclass(eq=False)
class Account:
    """A person, a bot or an organisation, by its login without `[bot]`."""

    login: str
    id: int
    created_at: datetime
    kind: str = "User"
    """`User`, `Bot` or `Organization`."""
    is_deleted: bool = False


@dataclass(eq=False)
class Member:
    """An account that belongs to an organisation."""

    account: Account
    role: str = "member"
    """`member` or `admin`."""
    has_two_factor: bool = True


@dataclass(eq=False)
class Team:
    """A group of members with access to repositories."""

    slug: str
    id: int
    name: str
    members: list[Account] = field(default_factory=list)
    repositories: dict[int, str] = field(default_factory=dict)
    """Id of a repository to the role the team has there."""
    parent: Team | None = None
    maintainers: set[str] = field(default_factory=set)
    """Logins of the members who may change who is in it."""
    is_secret: bool = False


@dataclass(eq=False)
class App:
    """An application; a JWT signed with the private half of its key speaks for it."""

    slug: str
    id: int
    owner: Account
    public_key: str
    permissions: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Installation:
    """An application at work in an organisation."""

    id: int
    app: App
    organisation: Account
    created_at: datetime
    repository_ids: set[int] | None = None
    """Null is all."""
    suspended_at: datetime | None = None


@dataclass(eq=False)
class AuditEvent:
    """An entry of the audit log."""

    id: str
    action: str
    at: datetime
    actor: Account | None
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class Organisation:
    """An organisation and what belongs to it but is in no repository."""

    account: Account
    plan: Plan = Plan.TEAM
    is_two_factor_required: bool = True
    members: list[Member] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    outside: list[Account] = field(default_factory=list)
    installations: list[Installation] = field(default_factory=list)
    rulesets: list[Ruleset] = field(default_factory=list)
    audit: list[AuditEvent] = field(default_factory=list)
    workflow_permission: str = "read"
    """What a workflow's own token may do: `read` or `write`."""
    can_workflows_approve: bool = False

    def add_member(
        self, account: Account, role: str = "member", *, has_two_factor: bool = True
    ) -> Member:
        """Takes an account in."""
        self.members.append(Member(account, role, has_two_factor))
        return self.members[-1]

    def add_team(self, slug: str, id: int, *members: Account, parent: Team | None = None) -> Team:
        """Founds a team."""
        self.teams.append(Team(slug, id, slug.title(), list(members), parent=parent))
        return self.teams[-1]

    def give(self, team: Team, repository: Repository, role: str = "write") -> None:
        """Gives a team access."""
        team.repositories[repository.id] = role

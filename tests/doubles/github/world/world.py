"""All there is on one GitHub."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.doubles.github.world.accounts import Account, App, Organisation, Plan
from tests.doubles.github.world.repository import Repository

FOUNDED_AT = datetime(2024, 1, 8, 9, tzinfo=UTC)
"""When what has no time of its own came to be."""


@dataclass(eq=False)
class World:
    """Accounts, organisations and repositories."""

    accounts: dict[str, Account] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    repositories: list[Repository] = field(default_factory=list)
    apps: list[App] = field(default_factory=list)
    last_id: int = 4700

    def new_id(self) -> int:
        """A number that nothing else has."""
        self.last_id += 1
        return self.last_id

    def new_sha(self, *parts: object) -> str:
        """A hash that nothing else has, the same each time the same story is told."""
        told = "\n".join(map(str, (self.new_id(), *parts)))
        return hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest()

    def account(self, login: str, kind: str = "User") -> Account:
        """The account of that login; made if there is none."""
        if login not in self.accounts:
            self.accounts[login] = Account(login, self.new_id(), FOUNDED_AT, kind)
        return self.accounts[login]

    def bot(self, login: str) -> Account:
        """The bot of that login; made if there is none."""
        return self.account(login, "Bot")

    def organisation(self, login: str, plan: Plan = Plan.TEAM) -> Organisation:
        """The organisation of that login; founded if there is none."""
        if login not in self.organisations:
            account = self.account(login, "Organization")
            self.organisations[login] = Organisation(account, plan)
        return self.organisations[login]

    def add_repository(self, full_name: str, at: datetime = FOUNDED_AT) -> Repository:
        """Makes an empty repository of a known account, or of a new organisation."""
        login, name = full_name.split("/")
        owner = self.accounts.get(login) or self.organisation(login).account
        made = Repository(self.new_id(), owner, name, at, at, at)
        self.repositories.append(made)
        return made

    def repository(self, full_name: str) -> Repository:
        """The repository that has this name now.

        Raises:
            LookupError: if none has.
        """
        for repository in self.repositories:
            if repository.full_name.lower() == full_name.lower():
                return repository
        raise LookupError(full_name)

    def moved(self, full_name: str) -> Repository | None:
        """The repository that once had this name, unless another one has it now."""
        for repository in self.repositories:
            if full_name.lower() in map(str.lower, repository.former_names):
                return repository
        return None

    def by_id(self, id: int) -> Repository | None:
        """The repository of an id."""
        return next((known for known in self.repositories if known.id == id), None)

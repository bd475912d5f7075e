"""Repositories that move, and accounts that go."""

from __future__ import annotations

from datetime import datetime

from tests.doubles.github.world import Account, Repository


def rename(repository: Repository, name: str, at: datetime) -> None:
    """Gives a repository another name; the old one still leads to it."""
    repository.former_names.append(repository.full_name)
    repository.name, repository.updated_at = name, at


def transfer(repository: Repository, owner: Account, at: datetime) -> None:
    """Gives a repository to another owner; its old name still leads to it."""
    repository.former_names.append(repository.full_name)
    repository.owner, repository.updated_at = owner, at


def archive(repository: Repository, at: datetime) -> None:
    """Makes a repository read-only."""
    repository.is_archived, repository.updated_at = True, at


def delete_account(account: Account) -> None:
    """Deletes an account: what it did stays, without it."""
    account.is_deleted = True

"""Which rulesets are for which branch."""

from __future__ import annotations

from fnmatch import fnmatchcase

from tests.doubles.github.world.accounts import Organisation
from tests.doubles.github.world.repository import Repository
from tests.doubles.github.world.rules import Ruleset


def rulesets_of(repository: Repository, organisation: Organisation | None) -> list[Ruleset]:
    """Its own, and those of its organisation that are for it."""
    above = organisation.rulesets if organisation else []
    return [
        *repository.rulesets,
        *(one for one in above if _is_any(repository.name, one.repositories)),
    ]


def is_for(ruleset: Ruleset, repository: Repository, branch: str) -> bool:
    """Tells whether a ruleset names a branch, in force or not."""
    return ruleset.target == "branch" and (
        _names(ruleset.include, repository, branch)
        and not _names(ruleset.exclude, repository, branch)
    )


def _names(patterns: list[str], repository: Repository, branch: str) -> bool:
    is_default = branch == repository.default_branch
    return any(
        (is_default and pattern == "~DEFAULT_BRANCH")
        or pattern == "~ALL"
        or fnmatchcase(f"refs/heads/{branch}", pattern)
        for pattern in patterns
    )


def _is_any(name: str, patterns: list[str]) -> bool:
    return any(pattern == "~ALL" or fnmatchcase(name, pattern) for pattern in patterns)

"""Which repositories of an organisation are read."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase


def is_selected(name: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Whether a repository is read: one that a pattern includes and none excludes.

    Patterns match the full name or what follows the last slash, without regard to case, as hosts
    have no two names that differ in case alone.
    """
    return matches(name, include or ("*",)) and not matches(name, exclude)


def matches(name: str, patterns: Sequence[str]) -> bool:
    """Whether one of the patterns is that of a repository."""
    names = {name.lower(), name.rpartition("/")[2].lower()}
    return any(fnmatchcase(each, pattern.lower()) for pattern in patterns for each in names)

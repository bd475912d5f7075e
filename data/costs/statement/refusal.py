"""Why there is no statement, or why a month cannot be closed: one line each."""

from __future__ import annotations

from data.errors import CairnError, WrongQuestion


class NoStatement(WrongQuestion):
    """A statement is asked for of which nothing is there."""


class StatementBlocked(CairnError):
    """Something does not add up: no statement is told until it does."""


class CloseRefused(WrongQuestion):
    """A month cannot be closed, or not yet."""


class StatementDamaged(CairnError):
    """What was kept of a closed month is missing, or is not what was kept."""

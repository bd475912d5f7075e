"""Which checks and statuses of a commit count: the latest of each."""

from __future__ import annotations

from collections.abc import Iterable

from tests.doubles.github.world.code import Check, Status


def latest_checks(checks: Iterable[Check]) -> list[Check]:
    """The last run of each check of each application."""
    return list({(check.app, check.name): check for check in checks}.values())


def latest_statuses(statuses: Iterable[Status]) -> list[Status]:
    """The last status of each context."""
    return list({status.context: status for status in statuses}.values())

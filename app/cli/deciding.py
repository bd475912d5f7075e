"""What all verbs share that record a decision: who, why, and how it is told."""

from __future__ import annotations

import getpass
from datetime import UTC
from typing import Any

import click

from data.decisions.decision import Decision, moment
from data.errors import WrongQuestion

reason = click.option("--reason", required=True, help="Why: shown wherever it counts.")
actor = click.option("--actor", help="Who decides; default: the user of this machine.")


class NoReason(WrongQuestion):
    """A decision is to be recorded without saying why."""


def by(who: str | None, why: str) -> tuple[str, str]:
    """Who decides, and why.

    Raises:
        NoReason: if it is not said why.
    """
    if not why.strip():
        raise NoReason("a decision has a reason", "--reason", "say why in a few words")
    return (who or getpass.getuser()).strip(), why.strip()


def row(made: Decision) -> dict[str, Any]:
    """What every decision tells, whatever it decides."""
    return {
        "act": made.act,
        "actor": made.actor,
        "reason": made.reason,
        "decided_at": moment(made.decided_at).astimezone(UTC),
    }

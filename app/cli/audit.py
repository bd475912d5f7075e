"""`cairn audit`: what an auditor asks of the log, and takes away."""

from __future__ import annotations

import click

from app.cli.audit_pack import pack


@click.group()
def audit() -> None:
    """Shows that nothing was changed, and hands out what proves it."""


audit.add_command(pack)

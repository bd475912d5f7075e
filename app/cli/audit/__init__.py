"""`cairn audit`: what an auditor asks of the log, and takes away."""

from __future__ import annotations

import click

from app.cli.audit.checking import checkpoint, key, verify
from app.cli.audit.holding import hold
from app.cli.audit.keeping import erase, prune
from app.cli.audit.packing import pack
from app.cli.audit.reading import log, prove


@click.group()
def audit() -> None:
    """Shows that nothing was changed, and hands out proof."""


for _verb in (verify, log, prove, pack, checkpoint, key, hold, erase, prune):
    audit.add_command(_verb)

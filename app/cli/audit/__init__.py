"""`cairn audit`: the tamper-evident log of events, checked, read, proven and kept."""

from __future__ import annotations

import click

from app.cli.audit.checking import checkpoint, key, verify
from app.cli.audit.holding import hold
from app.cli.audit.keeping import erase, prune
from app.cli.audit.pack import pack
from app.cli.audit.reading import log, prove


@click.group()
def audit() -> None:
    """Checks, reads and proves the log of events, and hands out evidence."""


for _verb in (verify, log, prove, checkpoint, key, pack, hold, erase, prune):
    audit.add_command(_verb)

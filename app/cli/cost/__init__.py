"""`cairn cost`: bills read strictly, and what becomes of them."""

from __future__ import annotations

import click

from app.cli.cost.checking import check


@click.group()
def cost() -> None:
    """Shows what is in bills, to the last digit."""


cost.add_command(check)

"""`cairn cost`: bills read strictly, and what becomes of them."""

from __future__ import annotations

import click

from app.cli.cost.allocating import allocate
from app.cli.cost.anomalies import anomalies
from app.cli.cost.budgeting import budget
from app.cli.cost.checking import check
from app.cli.cost.close import close
from app.cli.cost.loading import load
from app.cli.cost.returning import return_
from app.cli.cost.statement import statement


@click.group()
def cost() -> None:
    """Reads bills, and says who has what of them."""


VERBS = (check, load, allocate, statement, close, budget, anomalies, return_)
for verb in VERBS:
    cost.add_command(verb)

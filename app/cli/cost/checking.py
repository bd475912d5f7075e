"""`cairn cost check`: what is in a bill, and which of its rows cannot be counted. Keeps nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from app.cli.cost.checked import lacking, sums, tell, told_of
from app.cli.cost.form import FormType
from app.cli.output import FORMATS, emit
from app.cli.progress import finish, reporter
from data.costs.bill.examining import examine
from data.costs.bill.form import Form
from data.costs.bill.native.mapping import exports
from data.costs.bill.native.recognising import FOCUS
from data.costs.bill.places import bills

REFUSED = 1


def _currency(ctx: click.Context, parameter: click.Parameter, code: str | None) -> str | None:  # noqa: ARG001 - what click calls with
    if code is not None and not re.fullmatch("[A-Z]{3}", code):
        raise click.BadParameter("is no currency code of three letters, as EUR")
    return code


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--form", type=FormType(), default="focus", show_default=True,
              help="How numbers, days and cells are written: a name, or a table as that of a "
              "source (`{encoding = \"latin-1\"}`).")  # fmt: skip
@click.option("--export", type=click.Choice([FOCUS, *exports()]),
              help="Which export it is, where its columns do not tell.")  # fmt: skip
@click.option("--currency", metavar="CODE", callback=_currency,
              help="Of amounts, where an export tells none (OpenCost).")  # fmt: skip
@click.option("--account", metavar="NAME",
              help="What is billed, where an export tells none (OpenCost).")  # fmt: skip
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True,
              help="CSV has a line for each value that is refused.")  # fmt: skip
@click.pass_context
def check(ctx: click.Context, /, *, files: tuple[str, ...], form: Form, style: str,
          **said: str | None) -> None:  # fmt: skip
    """Reads bills: FOCUS 1.0 to 1.4, and exports of AWS, Azure, Google Cloud and OpenCost.

    A FILE is CSV (also .gz and .zst), Parquet or, of OpenCost, JSON; it may be a folder or a
    pattern. Exits 1 if a row is refused.
    """
    told = {name: one for name, one in said.items() if one is not None}
    written = form.model_copy(update=told)
    progress = reporter()
    paths = bills(files)
    found = []
    for number, path in enumerate(paths):
        progress(f"reading {path.name}", number, len(paths))
        found.append(examine(path, written, _of(path, progress)))
    finish()
    if style == "json":
        emit(
            style,
            [told_of(one) for one in found],
            {"totals": sums(found), "lacking": lacking(found)},
        )
    elif style == "csv":
        emit(style, [{"file": str(one.path), **asdict(r)} for one in found for r in one.refused])
    else:
        tell(found)
    if any(one.refused_rows for one in found):
        ctx.exit(REFUSED)


def _of(path: Path, progress: Callable[[str, int, int | None], None]) -> Callable[[int], None]:
    return lambda done: progress(f"reading {path.name}, per cent: ", done, 100)

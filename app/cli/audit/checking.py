"""`cairn audit verify`, `checkpoint` and `key`: whether the log is what was signed, and by whom."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from app.cli import options
from app.cli.appended import warn
from app.cli.audit.opening import by, opened
from app.cli.output import emit, printable, report, report_error
from app.cli.progress import finish, reporter
from data.decisions.book import Book
from data.errors import WrongQuestion
from data.ledger.append import Progress
from data.ledger.custody import reseal
from data.ledger.finding import Report
from data.store.workspace import Workspace
from data.trail.examined import Kept, examined


class Unreadable(WrongQuestion):
    """A file that was named is no text."""


@click.command()
@click.option(
    "--checkpoint",
    "kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint that was kept elsewhere.",
)
@click.option("--key", help="The public key that was kept elsewhere, or its file.")
@options.style
@click.pass_context
def verify(ctx: click.Context, kept: Path | None, key: str | None, style: str) -> None:
    """Recomputes the log. Exits 1 if anything is wrong, and names the first bad entry."""
    workspace: Workspace = ctx.obj
    ledger = opened(workspace)
    kept_text = None if kept is None else _text(kept)
    key_text = _text(Path(key)) if key is not None and Path(key).is_file() else key
    kept_elsewhere = Kept(kept_text, key_text)
    found = examined(Book(workspace.folder), ledger, kept_elsewhere, _patient(reporter()))
    finish()
    for told in found.notes:
        report(told)
    if style == "text":
        click.echo(printable(_said(found)))
    else:
        emit(style, _rows(found), _envelope(found))
    ctx.exit(0 if found.is_sound else 1)


@click.command()
@click.option("--reseal", "is_resealed", is_flag=True, help="Seal a file that was packed anew.")
@click.option("--reason", default="", help="Why it is sealed again; with --reseal.")
@click.option("--actor", help="Who seals it again; default: the user of this machine.")
@click.pass_obj
def checkpoint(workspace: Workspace, *, is_resealed: bool, reason: str, actor: str | None) -> None:
    """Prints the newest checkpoint, for you to keep.

    Finishes an append that was cut short, and copies what copies lack.
    """
    ledger = opened(workspace)
    if is_resealed:
        warn(reseal(ledger, by(actor, reason)))
    elif ledger.is_there:
        ledger.sign()
        for refused in ledger.copy():
            report_error(refused)
    told = ledger.checkpoint()
    if told is None:
        report("nothing was appended to the log yet")
    else:
        click.echo(told, nl=False)


@click.command()
@click.pass_obj
def key(workspace: Workspace) -> None:
    """Prints the public key of the log, for you to keep.

    Makes it, with the private one, at first use.
    """
    click.echo(str(opened(workspace).key()))


def _patient(tell: Progress) -> Progress:
    """Tells nothing of what takes less than a second."""
    began = time.monotonic()

    def told(what: str, done: int, total: int | None) -> None:
        if time.monotonic() - began > 1:
            tell(what, done, total)

    return told


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("is no text", str(path), "name the file that was kept") from error


def _said(found: Report) -> str:
    """What a check came to, in one line."""
    if found.is_sound:
        if not found.size:
            return "nothing was appended to the log yet"
        pruned = f", {found.pruned:,} of them pruned" if found.pruned else ""
        return f"sound: {found.size:,} entries{pruned}, as {found.checkpoints:,} checkpoints say"
    first = found.findings[0]
    where = "" if first.entry is None else f" at entry {first.entry:,}"
    more = len(found.findings) - 1
    rest = f" (and {more:,} more: --format csv lists them)" if more else ""
    return f"BROKEN{where}: {first.what}{rest}"


def _rows(found: Report) -> list[dict[str, Any]]:
    return [
        {"entry": one.entry, "about": one.about.value, "what": one.what} for one in found.findings
    ]


def _envelope(found: Report) -> dict[str, Any]:
    return {
        "is_sound": found.is_sound,
        "size": found.size,
        "root": None if found.root is None else found.root.hex(),
        "checkpoints": found.checkpoints,
        "pruned": found.pruned,
        "first_bad": found.first_bad,
        "notes": list(found.notes),
    }

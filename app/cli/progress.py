"""Progress on standard error: one line rewritten on a terminal, few lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

_QUIET_SECONDS = 5.0


def reporter() -> Callable[[str, int, int | None], None]:
    """A function that is told what is being done, how many are done and of how many."""
    is_terminal = _is_terminal()
    last_told = ("", 0.0)

    def report(what: str, done: int, total: int | None) -> None:
        nonlocal last_told
        now = time.monotonic()
        said, said_at = last_told
        phase = what.partition(":")[0]
        if phase == said and now - said_at < (0.1 if is_terminal else _QUIET_SECONDS):
            return
        last_told = (phase, now)
        count = f" {done:,}" if done else ""
        line = f"{what}{count}" + (f" of {total:,}" if total else "")
        if is_terminal:
            click.echo(f"\r\033[K{line}", nl=False, err=True)
        else:
            click.echo(line, err=True)

    return report


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()  # None: closed by whoever started us


def finish() -> None:
    """Clears the line on a terminal."""
    if _is_terminal():
        click.echo("\r\033[K", nl=False, err=True)

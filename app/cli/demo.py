"""`cairn demo`: fill a folder with the demo organisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from importlib.resources import files
from itertools import starmap

import click

from app.cli import options
from app.cli.progress import finish, reporter
from app.cli.sync import tell
from connectors.demo import DemoSettings
from connectors.demo.costs.bill_files import write_costs
from connectors.demo.costs.closed import close_months
from connectors.demo.decided import decide_all
from connectors.session import SourceResult
from connectors.update import Update, update
from data.durable import write_whole
from data.errors import CairnError
from data.store.workspace import Workspace


class FolderTaken(CairnError):
    """The folder already holds a configuration that is not the demo's."""


@click.command()
@options.style
@click.pass_obj
def demo(workspace: Workspace, style: str) -> None:
    """Fills the folder with the demo organisation and returns."""
    text = files("connectors.demo").joinpath("cairn.toml").read_bytes()
    path = workspace.configuration
    if path.exists() and path.read_bytes() != text:
        raise FolderTaken(
            "there is a configuration here that is not the demo's",
            str(path),
            "choose an empty folder with --data",
        )
    write_whole(path, text)
    story = DemoSettings()
    write_costs(workspace.folder, story.seed, story.until)
    decide_all(workspace.folder)
    before: list[Update] = []
    close_months(
        workspace,
        lambda: before.append(update(workspace, reporter(), is_followed=False)),
        datetime.combine(story.until, time(), tzinfo=UTC),
    )
    done = update(workspace, reporter())
    finish()
    tell(style, _together([*before, done]))


def _together(turns: Sequence[Update]) -> Update:
    """What several turns did as if they had been one."""
    whole = turns[0]
    for turn in turns[1:]:
        sources = tuple(starmap(_added, zip(whole.sources, turn.sources, strict=True)))
        whole = replace(turn, sources=sources, gaps_before=whole.gaps_before)
    return whole


def _added(one: SourceResult, other: SourceResult) -> SourceResult:
    return replace(
        other,
        pages=one.pages + other.pages,
        touched=one.touched + other.touched,
        errors=[*one.errors, *other.errors],
    )

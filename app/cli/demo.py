"""`cairn demo`: fill a folder with the demo organisation."""

from __future__ import annotations

from importlib.resources import files

import click

from app.cli import options
from app.cli.progress import finish, reporter
from app.cli.sync import tell
from connectors.demo import DemoSettings
from connectors.demo.costs.bill_files import write_costs
from connectors.demo.decided import decide_all
from connectors.update import update
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
    write_costs(workspace.folder, DemoSettings().seed, DemoSettings().until)
    decide_all(workspace.folder)
    done = update(workspace, reporter())
    finish()
    tell(style, done)

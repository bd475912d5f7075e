"""`cairn doctor --preview`: what the rules would take for deployments and incidents."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import click

from app.cli.output import emit
from app.cli.progress import finish, reporter
from connectors.interface import Candidate
from connectors.kinds import connect
from connectors.reaching import reaching
from connectors.update import context_of
from data.configuration import load
from data.store.workspace import Workspace

_MOST = 20
_FIX = "`[[source.deployments]]` and `[[source.incidents]]` in cairn.toml say what is taken"


def show_preview(workspace: Workspace, style: str) -> None:
    """Writes the newest candidates of all sources that have such rules.

    Raises:
        CairnError: if a source cannot be read.
    """
    found = list(_candidates(workspace))
    finish()
    emit(style, [_row(*each) for each in found])
    if style == "text":
        taken = sum(candidate.taken_as is not None for _, candidate in found)
        click.echo(f"{taken} of the newest {len(found)} would be taken; {_FIX}")


def _candidates(workspace: Workspace) -> Iterator[tuple[str, Candidate]]:
    configuration = load(workspace.configuration)
    context = context_of(workspace, configuration, reporter())
    for source in configuration.source:
        with reaching(source.name):
            connector = connect(workspace, configuration, source, context)
            yield from map(partial(_named, source.name), connector.preview(_MOST))


def _named(source: str, candidate: Candidate) -> tuple[str, Candidate]:
    return source, candidate


def _row(source: str, candidate: Candidate) -> dict[str, object]:
    return {
        "source": source,
        "repository": candidate.repository,
        "at": candidate.at.isoformat(timespec="minutes"),
        "what": candidate.what,
        "taken_as": candidate.taken_as,
        "url": candidate.url,
    }

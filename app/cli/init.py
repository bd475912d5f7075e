"""`cairn init`: a configuration to begin with."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from app.cli import options
from app.cli.output import emit
from connectors.git.repository import GitRepository
from data.configuration import load
from data.errors import CairnError
from data.store.durable import write_whole
from data.store.workspace import Workspace

_HEAD = """\
# What Cairn reads, who owns it, and what is production. `cairn doctor` checks this file.

[organisation]
name = "My organisation"
timezone = "UTC"                  # where a team's days begin, unless it names its own

[environments]                    # what the names of environments mean; first match wins
production = ["production", "prod", "live"]
staging = ["staging", "stg", "uat"]
"""

_EXAMPLE = """
# [[source]]
# name = "web"
# kind = "git"
# path = "../web"                 # a clone or bare repository; or url = "https://…"
# deploy_tags = "v{version}"      # if a tag like v1.2.3 means a deployment to production
"""

_TEAM = """
# [[team]]
# name = "payments"
# timezone = "Europe/Lisbon"
# owns = ["service:pay*", "repo:pay-*"]   # first match wins; the rest shows as unowned
"""


class AlreadyThere(CairnError):
    """There is a configuration already."""


@click.command()
@click.argument("repositories", nargs=-1, type=click.Path(exists=True, path_type=Path))
@options.style
@click.pass_obj
def init(workspace: Workspace, repositories: tuple[Path, ...], style: str) -> None:
    """Writes a cairn.toml that reads REPOSITORIES (Git clones), for you to edit."""
    path = workspace.configuration
    if path.exists():
        raise AlreadyThere("there is a configuration already", str(path), "edit it")
    sources = [_source(workspace.folder, repository) for repository in repositories]
    write_whole(path, "".join([_HEAD, *(sources or [_EXAMPLE]), _TEAM]).encode())
    load(path)
    emit(style, [{"file": str(path), "sources": len(sources)}])
    if style == "text":
        click.echo("next: edit it, then `cairn sync` and `cairn serve`")


def _source(folder: Path, repository: Path) -> str:
    """The section of one repository, with its release tags suggested as deployments.

    Raises:
        SourceUnavailable: if it is no repository.
    """
    refs = GitRepository(repository).refs("refs/tags/")
    tags = [ref.name.removeprefix("refs/tags/") for ref in refs]
    path = Path(os.path.relpath(repository.absolute(), folder.absolute()))
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", repository.absolute().name.removesuffix(".git"))
    pattern = _release_pattern(tags)
    hint = f'deploy_tags = "{pattern}"' if pattern else 'deploy_tags = "v{version}"'
    return f"""
[[source]]
name = "{name}"
kind = "git"
path = "{path.as_posix()}"
# {hint}      # take the mark away if such a tag means a deployment to production
"""


def _release_pattern(tags: list[str]) -> str | None:
    """The prefix that most release-like tags share, as a pattern."""
    prefixes = [m[1] for m in (re.fullmatch(r"(.*?)\d+(\.\d+)+", tag) for tag in tags) if m]
    return f"{max(set(prefixes), key=prefixes.count)}{{version}}" if prefixes else None

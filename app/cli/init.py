"""`cairn init`: a configuration to begin with."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path

import click

from app.cli import options
from app.cli.output import emit, report_error
from connectors.git.check_tags import release_prefix, tags_of
from connectors.git.repository import GitRepository
from connectors.interface import SourceUnavailable
from data.configuration import load, quoted
from data.durable import write_whole
from data.errors import CairnError
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
# [[source]]                      # docs/sources/git.md
# name = "web"
# kind = "git"
# path = "../web"                 # a clone, read as you last fetched it: Cairn never fetches a
#                                 # `path`; a `url = "https://…"` instead is fetched at each sync
# deploy_tags = "v{version}"      # if a tag like v1.2.3 means a deployment to production
"""

_REST = """
# [[source]]                      # a whole organisation: docs/sources/github.md, gitlab.md
# kind = "github"                 # or "gitlab"
# url = "https://github.com/acme"
# token = "env:GITHUB_TOKEN"      # where the token is, never the token itself

# [[source]]                      # commits that say what runs where: docs/sources/gitops.md
# name = "config"
# kind = "gitops"
# path = "../config"
# value = { yaml = "spec.values.image" }
# [[source.rule]]
# pattern = "apps/{service}/{environment}.yaml"

# [[service]]                     # where names do not tell what a service is built from
# name = "payments"
# repository = "shop"
# path = "services/payments"      # if several services share the repository

# [[team]]
# name = "payments"
# timezone = "Europe/Lisbon"
# owns = ["service:pay*", "repo:pay-*"]   # first match wins; the rest shows as unowned
"""


_MARKS = (".git", "HEAD")
"""What a clone and a bare repository hold, also when they are damaged."""


class AlreadyThere(CairnError):
    """There is a configuration already."""


@click.command()
@click.argument("repositories", nargs=-1, type=click.Path(exists=True, path_type=Path))
@options.style
@click.pass_obj
def init(workspace: Workspace, repositories: tuple[Path, ...], style: str) -> None:
    """Writes a cairn.toml that reads the clones REPOSITORIES.

    It is for you to edit.
    """
    path = workspace.configuration
    if path.exists():
        raise AlreadyThere("there is a configuration already", str(path), "edit it")
    sources = _sources(workspace.folder, repositories)
    write_whole(path, "".join([_HEAD, *(sources or [_EXAMPLE]), _REST]).encode())
    try:
        load(path)
    except CairnError:
        path.unlink()
        raise
    emit(style, [{"file": str(path), "sources": len(sources)}])
    if style == "text":
        click.echo("next: edit it, then `cairn sync` and `cairn serve`")


def _sources(folder: Path, repositories: Sequence[Path]) -> list[str]:
    """The sections of those that are repositories; tells which folders are not.

    Raises:
        SourceUnavailable: if none of them is.
    """
    sections: list[str] = []
    names: set[str] = set()
    refused: list[SourceUnavailable] = []
    folders = [repository for repository in repositories if repository.is_dir()]
    for repository in folders or repositories:
        try:
            sections.append(_source(folder, repository, names))
        except SourceUnavailable as error:
            refused.append(_explained(repository, error))
    if refused and not sections:
        raise refused[0]
    for one in refused:
        report_error(SourceUnavailable(f"{one.what}: left out", one.where, one.fix))
    return sections


def _explained(repository: Path, error: SourceUnavailable) -> SourceUnavailable:
    """The error; of a folder that holds repositories, with how to name these."""
    is_git_folder = any((repository / mark).exists() for mark in _MARKS)
    if is_git_folder or not any(any(repository.glob(f"[!.]*/{mark}")) for mark in _MARKS):
        return error
    what = "this is no git repository, but a folder of some"
    return SourceUnavailable(
        what, error.where, f"name these: `cairn init {shlex.quote(str(repository))}/*`"
    )


def _source(folder: Path, repository: Path, names: set[str]) -> str:
    """The section of one repository, with its release tags suggested as deployments.

    Its name is that of its folder, numbered if it is among `names`, to which it is added.

    Raises:
        SourceUnavailable: if it is no repository, or cannot be named in a file of UTF-8.
    """
    prefix = release_prefix(tags_of(GitRepository(repository)))
    path = Path(os.path.relpath(repository.absolute(), folder.absolute())).as_posix()
    if not _is_utf8(path):
        what, fix = "its path holds a name that is not UTF-8", "give that folder another name"
        raise SourceUnavailable(what, str(repository), fix)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", repository.absolute().name.removesuffix(".git"))
    name = next(n for n in chain([name], (f"{name}-{n}" for n in count(2))) if n not in names)
    names.add(name)
    deploy_tags = quoted(f"{prefix or 'v'}{{version}}")
    return f"""
[[source]]
name = "{name}"
kind = "git"
# Cairn reads the clone as you last fetched it; a `url` instead of `path` is fetched at each sync.
path = {quoted(path)}
# deploy_tags = {deploy_tags}      # if such a tag means a deployment to production
"""


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True

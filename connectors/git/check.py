"""What `cairn doctor` says of a repository."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from connectors.git.check_tags import check_tags
from connectors.git.head import damaged_head, missing_in_refs
from connectors.git.repository import AbsentObject, GitRepository
from connectors.git.settings import Settings
from connectors.git.state import State, read_state
from connectors.interface import Finding, Severity


def check_repository(repository: GitRepository, settings: Settings) -> Iterator[Finding]:
    """Looks at the refs and at what the settings say of them; reads no history.

    Raises:
        GitFailed: if git cannot read the repository.
    """
    state = read_state(repository, settings.branch)
    where = repository.where
    lacking = missing_in_refs(state) or damaged_head(repository, state)
    if lacking:
        severity = Severity.ERROR if state.has_refs else Severity.WARNING
        yield Finding(severity, lacking.what, where, lacking.fix)
    else:
        at = f"{state.branch or 'HEAD'} at {(state.head or '')[:10]}"
        yield Finding(Severity.OK, f"mainline {at}, {len(state.tags)} tags", where)
        yield from _services(repository, state, settings)
    if not state.has_refs:
        return
    if state.boundary:
        fix = "run `git fetch --unshallow` there"
        yield Finding(Severity.WARNING, "is a shallow clone: its history is cut", where, fix)
    yield from check_tags(where, state, settings)
    if settings.url is None:
        yield from check_clone(repository, state)


def _services(repository: GitRepository, state: State, settings: Settings) -> Iterator[Finding]:
    with repository.objects() as objects:
        for name, folder in settings.services.items():
            found = objects.read(f"{state.head}:{folder}")
            if isinstance(found, AbsentObject):
                what = f"service `{name}` is in folder `{folder}`, which the mainline does not have"
                yield Finding(Severity.WARNING, what, repository.where, "correct `services`")


def check_clone(repository: GitRepository, state: State) -> Iterator[Finding]:
    """Tells how old a clone is, since whoever keeps it fetches it.

    Raises:
        GitFailed: if git cannot read its configuration.
    """
    if not repository.origin():
        return
    fetched_at = state.fetched_at
    when = f"{fetched_at:%Y-%m-%d %H:%M} UTC" if fetched_at else "at a time that left no trace"
    refs = "" if repository.fetches_branches() else " origin '+refs/heads/*:refs/heads/*'"
    what = f"last fetched {when}, and Cairn does not fetch it"
    path = shlex.quote(str(repository.path.resolve()))
    fix = f"run `git -C {path} fetch --tags{refs}`, or use `url`"
    yield Finding(Severity.OK, what, repository.where, fix)

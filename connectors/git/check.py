"""What `cairn doctor` says of a repository."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.git.deploy_tags import is_prerelease, read_release
from connectors.git.repository import AbsentObject, GitRepository
from connectors.git.rows import some
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
    if not state.has_refs:
        yield Finding(Severity.WARNING, "has no commit yet", where, "push a first commit")
        return
    if state.head is None:
        what, fix = f"has no branch `{state.branch}`", "set `branch` to one that it has"
        yield Finding(Severity.ERROR, what, where, fix)
    else:
        what = f"mainline {state.branch or 'HEAD'} at {state.head[:10]}, {len(state.tags)} tags"
        yield Finding(Severity.OK, what, where)
        yield from _services(repository, state, settings)
    if state.boundary:
        fix = "run `git fetch --unshallow` there"
        yield Finding(Severity.WARNING, "is a shallow clone: its history is cut", where, fix)
    yield from _deploy_tags(repository, state, settings)


def _services(repository: GitRepository, state: State, settings: Settings) -> Iterator[Finding]:
    with repository.objects() as objects:
        for name, folder in settings.services.items():
            found = objects.read(f"{state.head}:{folder}")
            if isinstance(found, AbsentObject):
                what = f"service `{name}` is in folder `{folder}`, which the mainline does not have"
                yield Finding(Severity.WARNING, what, repository.where, "correct `services`")


def _deploy_tags(repository: GitRepository, state: State, settings: Settings) -> Iterator[Finding]:
    pattern = settings.deploy_pattern
    if pattern is None:
        return
    names = [tag.name.removeprefix("refs/tags/") for tag in state.tags]
    releases = [(name, read_release(pattern, name)) for name in reversed(names)]
    early = [name for name, release in releases if release and is_prerelease(release.version)]
    deployed = [
        name
        for name, release in releases
        if release and (settings.include_prereleases or name not in early)
    ]
    if not deployed:
        what, fix = "no tag is a deployment", "correct `deploy_tags`"
        yield Finding(Severity.WARNING, what, repository.where, fix)
        return
    left_out = len(names) - len(deployed)
    what = f"{len(deployed)} tags are deployments ({some(deployed)}), {left_out} are not"
    yield Finding(Severity.OK, what, repository.where)

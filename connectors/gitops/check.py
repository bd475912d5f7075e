"""What the rules of a `gitops` source find in the repository as it is now."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.git.check import check_clone
from connectors.git.head import damaged_head, missing_in_refs
from connectors.git.repository import GitRepository
from connectors.git.state import read_state
from connectors.gitops.history import History
from connectors.gitops.layers import Layers
from connectors.gitops.losses import LossBook
from connectors.gitops.notices import notices_of
from connectors.gitops.replay import Replay
from connectors.gitops.settings import GitOpsSettings
from connectors.interface import Finding, Severity


def check_rules(
    source: str, repository: GitRepository, settings: GitOpsSettings
) -> Iterator[Finding]:
    """Yields one finding a rule of a source, what the rules leave open, and how old a clone is.

    Raises:
        GitFailed: if the files of the newest commit cannot be listed.
    """
    state = read_state(repository, settings.branch)
    lacking = missing_in_refs(state) or damaged_head(repository, state)
    if lacking:
        yield Finding(Severity.ERROR, lacking.what, repository.where, lacking.fix)
        return
    with History(repository, settings.rule) as history:
        replay = Replay(history, settings.rule, LossBook(()))
        replay.start_at(state.head or "", {})
    yield from _of_rules(source, replay.layers, settings)
    for notice in notices_of(replay.layers):
        yield Finding(Severity.WARNING, notice.what, repository.where, notice.fix)
    if settings.url is None:
        yield from check_clone(repository, state)


def _of_rules(source: str, layers: Layers, settings: GitOpsSettings) -> Iterator[Finding]:
    for number, rule in enumerate(settings.rule):
        files = [file for file in layers.files.values() if file.match.rule == number]
        versions = sum(len(file.settings) for file in files)
        where = f"{source}: {rule.pattern}"
        what = f"{len(files)} files match, and set {versions} versions"
        if versions:
            yield Finding(Severity.OK, what, where)
        else:
            fix = "correct the rule, unless it is for files of the past"
            yield Finding(Severity.WARNING, what, where, fix)

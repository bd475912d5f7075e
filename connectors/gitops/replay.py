"""Plays the history of a configuration repository, page by page, onto its layers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from connectors.git.commit import is_plausible
from connectors.gitops.files import Contents, FileVersion
from connectors.gitops.history import History
from connectors.gitops.layers import File, Layers
from connectors.gitops.losses import LossBook
from connectors.gitops.mainline import ConfigCommit
from connectors.gitops.page import Step
from connectors.gitops.rules import Rule, Setting
from connectors.gitops.values import Value
from data.model import GapReason

_MAX_ABSENT = 20
_NO_FOLDERS = "what a commit changed could not be read: folders are missing or corrupt"
_ODD_DATE = (
    "what a commit changed is dated before 1971 or after 2099 and is no deployment, or is not "
    "dated and has the time of the commit before"
)

Held = Mapping[str, Sequence[Mapping[str, Any]]]
"""What files that cannot be read said before, by path, JSON-able."""


class Replay:
    """The layers as of a commit, and how they got there."""

    def __init__(
        self,
        history: History,
        rules: Sequence[Rule],
        losses: LossBook,
        absent: Iterable[str] = (),
    ) -> None:
        self._history = history
        self.losses = losses
        self.layers = Layers(rules)
        self.absent = list(absent)
        """Some of the objects that the repository lacks."""

    def start_at(self, head: str, held: Held) -> None:
        """Begins with all files as `head` has them.

        Raises:
            GitFailed: if its folders cannot be read.
        """
        versions = self._history.files(head)
        contents = self._history.read(versions)
        self._history.start_from(versions)
        files: list[tuple[str, File | None]] = []
        for version in versions:
            settings = [_setting(fields) for fields in held.get(version.path, ())]
            before = File(version.match, version.blob or "", settings)
            files.append((version.path, contents.file(version, before)[0]))
        self.layers.apply(files)

    def play(self, commits: Sequence[ConfigCommit]) -> Iterator[Step]:
        """Applies the next commits, and yields those that changed what runs."""
        changes = list(self._history.changes(commits))
        contents = self._history.read(version for versions in changes for version in versions or ())
        self.absent = list(dict.fromkeys([*self.absent, *contents.absent]))[:_MAX_ABSENT]
        for commit, versions in zip(commits, changes, strict=True):
            if versions is None:
                self.losses.add(commit, GapReason.MISSING_OBJECT, "", _NO_FOLDERS)
                continue
            slots = self.layers.apply(list(self._files(commit, versions, contents)))
            if slots:
                yield Step(commit, slots)
                if not (commit.is_dated and is_plausible(commit.committed_at)):
                    self.losses.add(commit, GapReason.CLOCK, "", _ODD_DATE)

    def held(self) -> Held:
        """What the files that cannot be read now said before."""
        return {
            path: [one._asdict() | {"value": asdict(one.value)} for one in file.settings]
            for path, file in sorted(self.layers.files.items())
            if file.is_held and file.settings
        }

    def _files(
        self, commit: ConfigCommit, versions: Iterable[FileVersion], contents: Contents
    ) -> Iterator[tuple[str, File | None]]:
        for version in versions:
            path = version.path
            file, unread = contents.file(version, self.layers.files.get(path))
            if unread:
                what = f"{path} could not be read: {unread.detail}"
                self.losses.add(commit, unread.reason, path, what)
            elif file and file.left_aside:
                what = f"{path} sets further values for a service; the first is used"
                self.losses.add(commit, GapReason.TRUNCATED, path, what)
            yield path, file


def _setting(fields: Mapping[str, Any]) -> Setting:
    return Setting(**{**fields, "value": Value(**fields["value"])})

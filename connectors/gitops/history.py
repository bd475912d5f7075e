"""What each commit of a configuration repository changes in the files that the rules are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from connectors.git.differences import FileChange, differences
from connectors.git.repository import GitFailed, GitRepository
from connectors.gitops.files import MAX_FILE_BYTES, Contents, FileVersion, read_contents
from connectors.gitops.mainline import ConfigCommit, read_mainline
from connectors.gitops.rules import Match, Rule, match_path

_FILE_MODES = ("100644", "100755")


class History:
    """The mainline of one repository, seen through the rules. Use it in a `with`."""

    def __init__(self, repository: GitRepository, rules: Sequence[Rule]) -> None:
        self._repository = repository
        self._rules = rules
        self._objects = repository.objects(MAX_FILE_BYTES)
        self._matches: dict[str, Match | None] = {}
        self._tree: dict[str, FileVersion] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._objects.close()

    def commits(
        self, head: str, since: str | None = None, since_at: datetime | None = None
    ) -> list[ConfigCommit] | None:
        """The mainline up to `head`; see `read_mainline`."""
        return read_mainline(self._repository, self._objects, head, since, since_at)

    def read(self, versions: Iterable[FileVersion]) -> Contents:
        """Reads what is in files, and finds the versions there."""
        return read_contents(self._objects, self._rules, versions)

    def start_from(self, versions: Iterable[FileVersion]) -> None:
        """Takes the files before the first commit that `changes` is asked about."""
        self._tree = {version.path: version for version in versions}

    def changes(self, commits: Iterable[ConfigCommit]) -> Iterator[list[FileVersion] | None]:
        """What each of the next commits changes in the files of the rules.

        Yields:
            One answer a commit; None where the commit's folders cannot be read. What it changed
            is part of the next answer there is.
        """
        pairs = [(commit.sha, commit.parent) for commit in commits]
        for (sha, _), compared in zip(pairs, differences(self._repository, pairs), strict=True):
            changed = self._whole(sha) if compared is None else self._versions(compared)
            for version in changed or ():
                if version.blob:
                    self._tree[version.path] = version
                else:
                    self._tree.pop(version.path, None)
            yield changed

    def files(self, head: str) -> list[FileVersion]:
        """All files of the rules as `head` has them.

        Raises:
            GitFailed: if its tree cannot be read.
        """
        entries = self._repository.records(
            "ls-tree", "-r", "-z", "--full-tree", head, separator=b"\0"
        )
        versions: list[FileVersion] = []
        for entry in entries:
            description, _, path = entry.partition(b"\t")
            mode, _, blob = description.decode("ascii").split(" ")[:3]
            name = path.decode("utf-8", "replace")
            match = self._match(name)
            if match and mode in _FILE_MODES:
                versions.append(FileVersion(name, match, blob))
        return versions

    def _whole(self, sha: str) -> list[FileVersion] | None:
        """Compares all files of a commit with those known, as its parent cannot be read."""
        try:
            now = {version.path: version for version in self.files(sha)}
        except GitFailed:
            return None
        gone = (FileVersion(path, old.match, None) for path, old in self._tree.items())
        return [
            *(version for version in gone if version.path not in now),
            *(version for path, version in now.items() if self._tree.get(path) != version),
        ]

    def _versions(self, changed: Iterable[FileChange]) -> list[FileVersion]:
        versions: list[FileVersion] = []
        for change in changed:
            match = self._match(change.path)
            if match:
                is_file = change.mode in _FILE_MODES
                versions.append(
                    FileVersion(change.path, match, change.new_sha if is_file else None)
                )
        return versions

    def _match(self, path: str) -> Match | None:
        if path not in self._matches:
            self._matches[path] = match_path(self._rules, path)
        return self._matches[path]

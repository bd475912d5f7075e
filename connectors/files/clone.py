"""The files of a repository as the newest commit of its mainline leaves them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from connectors.files.file import MAX_FILE_BYTES, Entry, File, Unread
from connectors.files.folder import Listing, too_large
from connectors.files.patterns import Patterns
from connectors.git.commit import is_plausible
from connectors.git.head import missing_in_refs, require_head
from connectors.git.known import known_until
from connectors.git.repository import AbsentObject, GitRepository
from connectors.git.state import read_state
from connectors.interface import SourceUnavailable
from data.model import GapReason

_COMMIT = "\x01"
_FIX = "clone the repository again, without a filter"


class Clone:
    """A repository at one commit. Its work tree, which may be dirty, is never looked at."""

    def __init__(self, repository: GitRepository, branch: str | None) -> None:
        """Finds the newest commit.

        Raises:
            SourceUnavailable: if it has none, or that is damaged.
        """
        self._repository = repository
        self.state = read_state(repository, branch)
        lacking = missing_in_refs(self.state)
        if lacking:
            raise SourceUnavailable(lacking.what, repository.where, lacking.fix)
        require_head(repository, self.state)
        self._head = str(self.state.head)

    @property
    def where(self) -> str:
        """Names it in errors."""
        return self._repository.where

    def listing(self, wanted: Patterns, unwanted: Patterns) -> Listing:
        """The files that are wanted, by path. Links and submodules are no files.

        Raises:
            SourceUnavailable: if the tree is damaged.
        """
        entries = []
        lines = self._repository.records(
            "ls-tree", "-r", "-z", "--full-tree", self._head, "--", separator=b"\0"
        )
        for line in lines:
            about, _, name = line.partition(b"\t")
            mode, _, sha = about.decode("ascii").split(" ")
            path = name.decode("utf-8", "backslashreplace")
            if mode.startswith("100") and wanted.fit(path) and not unwanted.fit(path):
                entries.append(Entry(path, sha))
        return Listing(sorted(entries, key=lambda entry: entry.path), ())

    def read(self, entries: Iterable[Entry], *, is_dated: bool) -> Iterator[File | Unread]:
        """Their contents, in order; where asked for, with the commit that last changed each."""
        wanted = list(entries)
        dated = self._dates({entry.path for entry in wanted}) if is_dated else {}
        with self._repository.objects(MAX_FILE_BYTES) as objects:
            for entry, found in zip(
                wanted, objects.read_all(entry.signature for entry in wanted), strict=True
            ):
                if isinstance(found, AbsentObject):
                    yield _absent(entry.path, found)
                else:
                    yield File(entry.path, found.data, *dated.get(entry.path, (None, None)))

    def known_until(
        self,
        entries: Sequence[Entry],  # noqa: ARG002 - all of them are of one commit
        now: datetime,
    ) -> datetime | None:
        """Up to when the clone shows what happened."""
        return known_until(self._repository, self.state, now)

    def _dates(self, paths: set[str]) -> dict[str, tuple[str, datetime | None]]:
        """Commit and time at which each path came to be as it is, on the mainline."""
        form = f"--format={_COMMIT}%H %ct"
        lines = self._repository.records(
            "log", "--first-parent", "-m", "--root", "--no-renames", "--name-only", form,
            self._head, "--",
        )  # fmt: skip
        left, dated = set(paths), {}
        commit: tuple[str, datetime | None] = (self._head, None)
        for line in lines:
            text = line.decode("utf-8", "backslashreplace")
            if text.startswith(_COMMIT):
                commit = self._commit(text[1:])
            elif text in left:
                dated[text] = commit
                left.remove(text)
                if not left:
                    break
        return dated

    def _commit(self, said: str) -> tuple[str, datetime | None]:
        sha, _, seconds = said.partition(" ")
        at = datetime.fromtimestamp(int(seconds), UTC) if len(seconds) < 12 else None
        # Where a shallow clone is cut off, all its files look new.
        is_known = is_plausible(at) and sha not in self.state.boundary
        return sha, at if is_known else None


def _absent(path: str, found: AbsentObject) -> Unread:
    if found.reason is GapReason.TRUNCATED:
        return too_large(path)
    what = "its content is missing from the repository, or corrupt"
    return Unread(path, found.reason, what, _FIX, is_passing=True)

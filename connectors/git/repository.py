"""Reads a Git repository on this machine without running anything the repository says."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

from connectors.git.objects import MAX_OBJECT_BYTES, AbsentObject, GitObject, ObjectReader
from connectors.git.process import LOCAL_OPTIONS, error_line, git_output, local_environment
from connectors.interface import SourceUnavailable

__all__ = [
    "NO_HASH",
    "AbsentObject",
    "FolderRefused",
    "GitFailed",
    "GitObject",
    "GitRepository",
    "Ref",
]

NO_HASH = "0" * 40
_BROKEN = re.compile(rb"warning: ignoring broken ref (.+)")


class GitFailed(SourceUnavailable):
    """A git command ended with an error."""


class FolderRefused(SourceUnavailable):
    """Whether a folder is a repository cannot be seen."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A branch, tag or other name, with the object it stands for unread."""

    name: str
    """Full name, such as `refs/tags/v1`; bytes that are not UTF-8 are replaced."""
    sha: str
    """`NO_HASH` if it is broken: what is stored for it is no hash, as after a power failure."""
    is_head: bool
    """Whether HEAD points to this branch."""
    symref: str | None
    """The ref that this one forwards to, if it does."""


class GitRepository:
    """A clone, bare repository or mirror on this machine. It is never written to."""

    def __init__(self, path: Path, *, where: str = "") -> None:
        """Finds the repository; `where` names it in errors.

        Raises:
            FolderRefused: if the system does not let us look.
            SourceUnavailable: if there is no repository at `path`.
        """
        self.path = path
        self.where = where or str(path)
        try:
            self.git_dir = _find_git_dir(path, self.where)
        except OSError as error:
            what = f"cannot be read ({error.strerror})"
            fix = "give the user that runs Cairn the right to read it"
            raise FolderRefused(what, self.where, fix) from error

    @cached_property
    def common_dir(self) -> Path:
        """Folder of refs and objects: the git folder, or that of the main work tree."""
        pointer = self.git_dir / "commondir"
        if not pointer.is_file():
            return self.git_dir
        return self.git_dir / os.fsdecode(pointer.read_bytes().strip())

    def shallow_boundary(self) -> tuple[str, ...]:
        """Commits at which a shallow clone is cut off; empty if the history is whole."""
        boundary = self.common_dir / "shallow"
        if not boundary.is_file():
            return ()
        return tuple(sorted(boundary.read_text("ascii", "replace").split()))

    def fetches_branches(self) -> bool:
        """Whether a plain `git fetch` moves branches: that of a bare clone moves none."""
        return bool(self.run("config", "--get", "--default=", "remote.origin.fetch").strip())

    def refs(self, *patterns: str) -> list[Ref]:
        """Lists the refs below `patterns`, such as `refs/tags/`, by name; all without any.

        Raises:
            GitFailed: if git cannot read the repository.
        """
        form = "--format=%(objectname)%00%(HEAD)%00%(symref)%00%(refname)"
        command = self._command(("for-each-ref", form, *patterns))
        with tempfile.TemporaryFile() as errors:
            with git_output(command, local_environment(), errors=errors) as (process, pieces):
                lines = b"".join(pieces).split(b"\n")
            if process.returncode:
                raise self._failed("for-each-ref", errors)
            errors.seek(0)
            passed_over = errors.read()
        self._require_whole_refs()
        refs = [_ref(line) for line in lines if line]
        refs += (_broken(name) for name in _BROKEN.findall(passed_over))
        return sorted(refs, key=lambda ref: ref.name)

    def _require_whole_refs(self) -> None:
        """Refuses refs that git passes over in silence: to go on would be to lose them.

        Raises:
            GitFailed: if a folder of refs cannot be listed, or the list of packed ones is empty.
        """
        packed = self.common_dir / "packed-refs"
        if packed.is_file() and not packed.stat().st_size:
            fix = "fetch them again, or remove that file if there are none"
            raise GitFailed("the list of packed refs is empty", str(packed), fix)
        for _ in os.walk(self.common_dir / "refs", onerror=_refuse):
            pass

    def origin(self) -> str:
        """Address of the remote it was cloned from; empty if there is none."""
        answer = self.run("config", "--get", "--default=", "remote.origin.url")
        return answer.decode("utf-8", "replace").strip()

    def forwards_to(self, name: str) -> str | None:
        """The ref that `HEAD` or another symbolic ref names, be it there or not; None if none."""
        # Not by `git symbolic-ref`, which does not say it of a branch that is broken.
        path = (self.git_dir if name == "HEAD" else self.common_dir) / name
        if not path.is_file():
            return None
        said = path.read_bytes().decode("utf-8", "replace").strip()
        return said.removeprefix("ref:").strip() if said.startswith("ref:") else None

    def head(self) -> str | None:
        """The hash that HEAD stands for, of whatever it is; None if of nothing."""
        command = self._command(("rev-parse", "--verify", "--quiet", "HEAD"))
        with git_output(command, local_environment()) as (process, pieces):
            answer = b"".join(pieces).decode("ascii", "replace").strip()
        return answer if process.returncode == 0 else None

    def objects(self, max_bytes: int = MAX_OBJECT_BYTES) -> ObjectReader:
        """A reader of commits, tags, trees and files; close it, or use it in a `with`."""
        return ObjectReader(self._command(()), max_bytes)

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Runs a command that only reads, and returns what it printed.

        Put `--end-of-options` before a word that comes from a user or a repository, and `--`
        after revisions: a bare repository has a file named HEAD.

        Raises:
            GitFailed: if git ends with an error.
        """
        return b"".join(self.stream(*arguments, stdin=stdin))

    def stream(self, *arguments: str, stdin: bytes = b"") -> Iterator[bytes]:
        """Like `run`, but yields the output in pieces while git prints it.

        Raises:
            GitFailed: after the last piece, if git ends with an error.
        """
        with tempfile.TemporaryFile() as errors:
            command = self._command(arguments)
            with git_output(command, local_environment(), stdin, errors) as (process, pieces):
                yield from pieces
            if process.returncode:
                raise self._failed(arguments[0], errors)

    def records(
        self, *arguments: str, separator: bytes = b"\n", stdin: bytes = b""
    ) -> Iterator[bytes]:
        """Like `stream`, cut at `separator`. What a dying git left unfinished is not yielded.

        Raises:
            GitFailed: after the last record, if git ends with an error.
        """
        rest = b""
        for piece in self.stream(*arguments, stdin=stdin):
            *whole, rest = (rest + piece).split(separator)
            yield from whole
        if rest:
            yield rest

    def _command(self, arguments: Sequence[str]) -> list[str]:
        return ["git", *LOCAL_OPTIONS, f"--git-dir={self.git_dir}", *arguments]

    def _failed(self, verb: str, errors: IO[bytes]) -> GitFailed:
        what = f"git {verb} failed: {error_line(errors)}"
        return GitFailed(what, self.where, "run `git fsck` there, or clone it again")


def _find_git_dir(path: Path, where: str) -> Path:
    if not path.is_dir():
        raise SourceUnavailable("there is no such folder", where, "correct `path`")
    inner = path / ".git"
    if inner.is_file():  # a further work tree or a submodule: its git folder is elsewhere
        pointer = inner.read_bytes().strip().removeprefix(b"gitdir:").strip()
        inner = path / os.fsdecode(pointer)
    for candidate in (inner, path):
        has_objects = (candidate / "objects").is_dir() or (candidate / "commondir").is_file()
        if has_objects and os.path.lexists(candidate / "HEAD"):
            return candidate
    fix = "let `path` name a clone, a bare repository or a mirror"
    raise SourceUnavailable("this is not a git repository", where, fix)


def _refuse(error: OSError) -> None:
    raise error


def _broken(name: bytes) -> Ref:
    return Ref(name.decode("utf-8", "replace"), NO_HASH, is_head=False, symref=None)


def _ref(line: bytes) -> Ref:
    sha, head, symref, name = line.decode("utf-8", "replace").split("\0")
    return Ref(name, sha, head == "*", symref or None)

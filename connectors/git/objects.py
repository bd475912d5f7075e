"""Reads objects of a repository through one long-lived `git cat-file`."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import IO, Self, cast

from connectors.git.process import local_environment, start_git
from data.model import GapReason

MAX_OBJECT_BYTES = 32 << 20
"""Larger objects are not read: no commit, tag or configuration file comes near."""

# Questions and their answers travel on two pipes: as long as all questions of a round fit into
# the first (64 KiB on Linux, 16 KiB elsewhere), neither side can wait for the other for ever.
_ROUND_BYTES = 16_000
_FOUND = re.compile(rb"([0-9a-f]{40,64}) (commit|tree|blob|tag) (\d+)\n")
_PIECE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class GitObject:
    """An object as it is stored."""

    sha: str
    kind: str
    """`commit`, `tree`, `blob` or `tag`."""
    data: bytes


@dataclass(frozen=True, slots=True)
class AbsentObject:
    """An object that could not be had. That is an answer, not an error."""

    name: str
    reason: GapReason
    """Missing (or never there), unreadable (corrupt) or truncated (too large)."""


class ObjectReader:
    """Answers names of objects (`<sha>` or `<sha>:<path>`) with what they hold.

    Use it as a context manager. It starts git at the first question, and takes one series of
    questions at a time.
    """

    def __init__(self, command: Sequence[str], max_bytes: int = MAX_OBJECT_BYTES) -> None:
        self._command = (*command, "cat-file", "--batch")
        self._max_bytes = max_bytes
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process; a later question starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(BrokenPipeError), process:  # questions it will not read any more
                pass

    def read(self, name: str) -> GitObject | AbsentObject:
        """Reads one object."""
        (answer,) = self.read_all((name,))
        return answer

    def read_all(self, names: Iterable[str]) -> Iterator[GitObject | AbsentObject]:
        """Reads many objects, in their order; much faster than one by one.

        Raises:
            ValueError: if a name contains a line break.
        """
        rest = iter(names)
        while some := list(islice(rest, 256)):
            for a_round in _rounds(some):
                yield from self._answers(a_round)

    def _answers(self, names: Sequence[str]) -> Iterator[GitObject | AbsentObject]:
        done = 0
        while done < len(names):
            process = self._ask(names[done:])
            try:
                for name in names[done:]:
                    answer = _answer(cast("IO[bytes]", process.stdout), name, self._max_bytes)
                    done += 1
                    yield answer or AbsentObject(name, GapReason.UNREADABLE)
                    if answer is None:
                        self.close()
                        break
            except BaseException:  # the reader left early: the answers still due would mislead
                self.close()
                raise

    def _ask(self, names: Sequence[str]) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._process = start_git(self._command, local_environment(), subprocess.PIPE)
        stdin = cast("IO[bytes]", self._process.stdin)
        with suppress(BrokenPipeError):  # it died: reading will tell on which object
            stdin.write("".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape"))
            stdin.flush()
        return self._process


def _answer(out: IO[bytes], name: str, max_bytes: int) -> GitObject | AbsentObject | None:
    """None: git died on this object, as it does when one is corrupt."""
    header = out.readline()
    found = _FOUND.fullmatch(header)
    if found is None:
        return AbsentObject(name, GapReason.MISSING_OBJECT) if header else None
    sha, kind, size = found[1].decode(), found[2].decode(), int(found[3])
    if size > max_bytes:
        return AbsentObject(name, GapReason.TRUNCATED) if _skip(out, size + 1) else None
    data = out.read(size + 1)
    return GitObject(sha, kind, data[:size]) if len(data) == size + 1 else None


def _skip(out: IO[bytes], size: int) -> bool:
    while size > 0:
        piece = out.read(min(size, _PIECE_BYTES))
        if not piece:
            return False
        size -= len(piece)
    return True


def _rounds(names: Sequence[str]) -> Iterator[list[str]]:
    a_round: list[str] = []
    size = 0
    for name in names:
        if "\n" in name:
            raise ValueError(f"an object's name contains a line break: {name!r}")
        length = 4 * len(name) + 1
        if a_round and size + length > _ROUND_BYTES:
            yield a_round
            a_round, size = [], 0
        a_round.append(name)
        size += length
    if a_round:
        yield a_round

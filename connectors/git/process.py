"""Starts the `git` command so that neither a repository nor the user's shell can steer it."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, cast

from connectors.interface import SourceUnavailable

MINIMUM_GIT = (2, 31)
"""Oldest git that takes configuration, and so credentials, from its environment."""

# A repository's own configuration may name programs to run. Each of them is switched off here,
# together with everything that would ask the network or make two machines read differently.
_SAFE = (
    "safe.directory=*",
    "protocol.allow=never",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.alternateRefsCommand=",
    "core.askPass=",
    "core.commitGraph=false",
    "core.quotePath=false",
    "core.warnAmbiguousRefs=false",
    "diff.renames=false",
    "i18n.logOutputEncoding=UTF-8",
    "log.showSignature=false",
    "log.mailmap=false",
    "gc.auto=0",
    "maintenance.auto=false",
)
LOCAL_OPTIONS = (
    "--no-pager",
    "--literal-pathspecs",
    "--no-replace-objects",
    *(word for setting in _SAFE for word in ("-c", setting)),
)
"""Options, between `git` and its verb, of a command that only reads this machine."""

_PIECE_BYTES = 1 << 17
_ERROR_BYTES = 1 << 16


def clean_environment() -> dict[str, str]:
    """The process's environment without what would steer git, make it ask, or trace it."""
    steering = ("GIT_", "SSH_ASKPASS", "LC_", "LANG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
    return kept | {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
        "SSH_ASKPASS_REQUIRE": "never",
        "TZ": "UTC",
    }


def local_environment() -> dict[str, str]:
    """Environment of a git that reaches no network and ignores the user's configuration."""
    return clean_environment() | {
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
    }


def start_git(
    command: Sequence[str],
    environment: Mapping[str, str],
    stdin: IO[bytes] | int,
    errors: IO[bytes] | int = subprocess.DEVNULL,
    *,
    is_alone: bool = False,
) -> subprocess.Popen[bytes]:
    """Starts a command with its output on a pipe; `is_alone` gives it a session of its own.

    Raises:
        SourceUnavailable: if git is not installed.
    """
    try:
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=is_alone,
        )
    except FileNotFoundError:
        raise SourceUnavailable(
            "the command `git` was not found", "this machine", "install git"
        ) from None


@contextmanager
def git_output(
    command: Sequence[str],
    environment: Mapping[str, str],
    stdin: bytes = b"",
    errors: IO[bytes] | int = subprocess.DEVNULL,
) -> Iterator[tuple[subprocess.Popen[bytes], Iterator[bytes]]]:
    """Runs a command for as long as its output is read; ends it if the reader leaves early.

    Raises:
        SourceUnavailable: if git is not installed.
    """
    with tempfile.TemporaryFile() as questions:
        questions.write(stdin)
        questions.seek(0)
        with start_git(command, environment, questions, errors) as process:
            try:
                yield process, _pieces(process)
            except BaseException:
                process.kill()
                raise


def _pieces(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    out = cast("IO[bytes]", process.stdout).fileno()
    while piece := os.read(out, _PIECE_BYTES):
        yield piece


def run_to_end(
    command: Sequence[str], environment: Mapping[str, str], errors: IO[bytes], seconds: float
) -> tuple[bytes, int]:
    """Runs a command that may wait for a network; returns its output and exit status.

    It has no terminal to ask at, and takes its own children with it when it is ended.

    Raises:
        SourceUnavailable: if git is not installed.
        subprocess.TimeoutExpired: if it takes longer than `seconds`.
    """
    with start_git(command, environment, subprocess.DEVNULL, errors, is_alone=True) as process:
        try:
            answer, _ = process.communicate(timeout=seconds)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return answer, process.returncode


def git_version() -> tuple[int, ...]:
    """Version of the installed git, such as `(2, 39, 5)`.

    Raises:
        SourceUnavailable: if there is no git.
    """
    with git_output(["git", "version"], clean_environment()) as (_, pieces):
        words = b"".join(pieces).decode("ascii", "replace").split()
    number = words[2] if len(words) > 2 else ""
    return tuple(int(part) for part in number.split(".")[:3] if part.isdigit())


def require_git(where: str) -> None:
    """Checks that the installed git can do what is asked of it.

    Raises:
        SourceUnavailable: if git is missing or too old.
    """
    found = git_version()
    if found < MINIMUM_GIT:
        has, needs = (".".join(map(str, version)) for version in (found, MINIMUM_GIT))
        raise SourceUnavailable(f"git {has} is too old", where, f"install git {needs} or newer")


def error_line(errors: IO[bytes]) -> str:
    """The line of git's error output that says why, safe for a terminal and a log."""
    errors.seek(0)
    lines = errors.read(_ERROR_BYTES).decode("utf-8", "replace").splitlines()
    causes = (
        [line for line in lines if line.startswith("fatal:")] or lines or ["it did not say why"]
    )
    return "".join(mark if mark.isprintable() else "?" for mark in causes[0].strip())[:300]

"""Which files differ between commits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.git.repository import GitFailed, GitRepository

_PAIRS = 2_000
"""How many pairs one git is asked about."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One path whose content differs between two trees."""

    path: str
    """Bytes that are not UTF-8 are replaced: read the file by its hash."""
    old_sha: str | None
    new_sha: str | None
    mode: str
    """Git's mode of the newer file, or of a deleted one: `100644`, `160000` (submodule) …"""
    status: str
    """Git's letter: A added, D deleted, M modified, T type changed."""


def differences(
    repository: GitRepository,
    pairs: Sequence[tuple[str, str | None]],
    paths: Sequence[str] = (),
) -> Iterator[list[FileChange] | None]:
    """Compares each commit with a parent, or with nothing where that is None.

    A rename is a deletion and an addition: to find renames git would read contents, which
    a partial clone does not have.

    Args:
        repository: the clone.
        pairs: commit and parent, as full hashes.
        paths: look only at these files and folders, meant literally.

    Yields:
        One answer a pair, in order; None where a commit or tree is missing or corrupt.
    """
    for start in range(0, len(pairs), _PAIRS):
        yield from _compare(repository, pairs[start : start + _PAIRS], paths)


def _compare(
    repository: GitRepository, pairs: Sequence[tuple[str, str | None]], paths: Sequence[str]
) -> Iterator[list[FileChange] | None]:
    done = 0
    end = len(pairs)
    while done < len(pairs):
        before = done
        try:
            for sha, changes in _diff_tree(repository, pairs[done:end], paths):
                while pairs[done][0] != sha:  # git passes over a missing commit in silence
                    done += 1
                    yield None
                done += 1
                yield changes
            yield from (None for _ in pairs[done:end])
            done = end
        except GitFailed:
            if end == before + 1:  # asked about this one alone, it fails
                done = end
                yield None
        end = len(pairs) if done > before else before + 1


def _diff_tree(
    repository: GitRepository, pairs: Sequence[tuple[str, str | None]], paths: Sequence[str]
) -> Iterator[tuple[str, list[FileChange]]]:
    form = ("--stdin", "-r", "--raw", "-z", "--no-abbrev", "--root", "--always")
    safe = ("--no-renames", "--no-ext-diff", "--no-textconv")
    questions = "".join(f"{new} {old}\n" if old else f"{new}\n" for new, old in pairs)
    records = repository.records(
        "diff-tree", *form, *safe, "--", *paths, separator=b"\0", stdin=questions.encode()
    )
    sha = ""
    changes: list[FileChange] = []
    for record in records:
        if record.startswith(b":"):
            changes.append(_file_change(record, next(records, b"")))
            continue
        if sha:
            yield sha, changes
        sha, changes = record.decode(), []
    if sha:
        yield sha, changes


def _file_change(record: bytes, path: bytes) -> FileChange:
    old_mode, new_mode, old, new, status = record[1:].decode("ascii").split(" ")
    is_deleted = set(new) == {"0"}
    return FileChange(
        path=path.decode("utf-8", "replace"),
        old_sha=None if set(old) == {"0"} else old,
        new_sha=None if is_deleted else new,
        mode=old_mode if is_deleted else new_mode,
        status=status[:1],
    )

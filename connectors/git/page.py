"""Writes one page of history: commits as git has them, and what each landed on the mainline."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.git.branches import Branch, Squash, landed_before, read_branches
from connectors.git.commit import commit_fields, first_line, read_stored
from connectors.git.differences import differences
from connectors.git.message import read_landing, reverted_change, reverted_title
from connectors.git.objects import ObjectReader
from connectors.git.repository import AbsentObject, GitFailed, GitObject, GitRepository
from data.model import ChangeKind

Line = dict[str, Any]
"""One line of a page, as `docs/sources/git.md` describes it."""

_MAX_CANDIDATES = 50


def write_page(header: Line, lines: Iterable[Line]) -> bytes:
    """Writes newline-delimited JSON, the header first."""
    every = (header, *lines)
    return b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in every)


def read_page(payload: bytes) -> tuple[Line, list[Line]]:
    """Header and lines of what `write_page` wrote."""
    header, *lines = (json.loads(line) for line in payload.splitlines())
    return header, lines


@dataclass(frozen=True, slots=True)
class PageWriter:
    """Turns groups of commits into the lines of pages."""

    repository: GitRepository
    objects: ObjectReader
    parents: Mapping[str, tuple[str, ...]]
    positions: Mapping[str, int]
    """Mainline ordinals of all commits that this pull reads."""
    requests: Mapping[str, str]
    """Last commits of pull and merge requests, by number."""
    folders: Sequence[str]
    """Folders of services to look for; none if the repository has one service."""
    start: str | None
    """Mainline commit up to which everything was read before."""
    landed_numbers: set[str] = field(default_factory=set)
    """Numbers of changes that have landed since."""

    def landed(self, groups: Sequence[Sequence[str]], known: str | None) -> list[Line]:
        """Lines of mainline commits and what they brought; `known` is the one before them."""
        landings = {group[-1] for group in groups}
        lines = list(self._commits([sha for group in groups for sha in group], landings))
        read = [line for line in lines if line["is_mainline"] and "absent" not in line]
        self._add_folders(read)
        self._add_branches(read, known)
        for line in read:
            self._add_reverted(line)
        return lines

    def side(self, versions: Mapping[str, str]) -> list[Line]:
        """Lines of commits that only tags reach, each with the name of its first tag."""
        lines = self._commits(list(versions), set())
        return [line | {"version": versions[line["commit"]]} for line in lines]

    def _commits(self, shas: Sequence[str], landings: set[str]) -> Iterator[Line]:
        for sha, answer in zip(shas, self.objects.read_all(shas), strict=True):
            line = {
                "commit": sha,
                "position": self.positions.get(sha),
                "is_mainline": sha in landings,
            }
            if isinstance(answer, AbsentObject):
                yield line | {"absent": answer.reason.value}
            else:
                yield line | commit_fields(answer.data)

    def _add_folders(self, landings: Iterable[Line]) -> None:
        """Adds the folders each change touched; null where a tree could not be read."""
        if not self.folders:
            return
        boundary = set(self.repository.shallow_boundary())
        whole = [line for line in landings if line["commit"] not in boundary]
        pairs = [(line["commit"], _first(self.parents[line["commit"]])) for line in whole]
        limits = () if "" in self.folders else self.folders
        for line, changes in zip(whole, differences(self.repository, pairs, limits), strict=True):
            paths = None if changes is None else [change.path for change in changes]
            line["folders"] = paths and [f for f in self.folders if _touches(f, paths)]

    def _add_branches(self, landings: Sequence[Line], known: str | None) -> None:
        """Adds the branches of squashes, where the repository still has them."""
        squashes = self._squashes(landings)
        branches = self._branches(squashes, known)
        lines = {line["commit"]: line for line in landings}
        for squash in squashes:
            line = lines[squash.landed_sha]
            if squash.landed_sha not in branches:
                line["is_branch_lost"] = True
            elif branch := branches[squash.landed_sha]:
                line["squashed"] = {"head": branch.head, "authors": branch.authors}

    def _squashes(self, landings: Sequence[Line]) -> list[Squash]:
        """Squashes that are the first landing of their number: the branch belongs to the first."""
        first: dict[str, Squash] = {}
        for line in landings:
            landing = read_landing(line["message"], len(line["parents"]))
            if landing.number is None or landing.number in self.landed_numbers:
                continue
            self.landed_numbers.add(landing.number)
            if landing.kind is ChangeKind.SQUASH and landing.number in self.requests:
                squash = Squash(landing.number, line["commit"], line["position"])
                first[landing.number] = squash
        try:
            earlier = landed_before(self.repository, first, self.start)
        except GitFailed:
            earlier = set()
        return [squash for number, squash in first.items() if number not in earlier]

    def _branches(self, squashes: Sequence[Squash], known: str | None) -> dict[str, Branch | None]:
        """Branches by landed commit; without those that have lost commits."""
        try:
            return read_branches(self.repository, squashes, self.requests, self.positions, known)
        except GitFailed:
            middle = len(squashes) // 2
            if not middle:
                return {}
            halves = (squashes[:middle], squashes[middle:])
            return {
                sha: each for half in halves for sha, each in self._branches(half, known).items()
            }

    def _add_reverted(self, line: Line) -> None:
        """Adds the change whose title a revert quotes, if the message says no more than that."""
        landing = read_landing(line["message"], len(line["parents"]))
        title = reverted_title(landing.title)
        before = _first(self.parents[line["commit"]])
        if title and before and not reverted_change(landing, line["message"]):
            line["reverted"] = self._newest_with_title(title, before)

    def _newest_with_title(self, title: str, head: str) -> str | None:
        start = title.removesuffix("…").rstrip()
        pattern = "^" + re.sub(r"([\\\[\].*^$])", r"\\\1", start)
        limits = ("--first-parent", f"--max-count={_MAX_CANDIDATES}", "--basic-regexp")
        search = ("rev-list", *limits, f"--grep={pattern}", head, "--")
        try:
            found = self.repository.run(*search).decode().split()
        except GitFailed:
            return None
        is_cut = title.endswith("…")
        return next((sha for sha in found if self._has_title(sha, start, is_cut)), None)

    def _has_title(self, sha: str, title: str, is_start: bool) -> bool:
        answer = self.objects.read(sha)
        if not isinstance(answer, GitObject):
            return False
        message = read_stored(answer.data).message
        own = read_landing(message, 1).title
        return own == title or (is_start and first_line(message).startswith(title))


def _first(parents: Sequence[str]) -> str | None:
    return parents[0] if parents else None


def _touches(folder: str, paths: Iterable[str]) -> bool:
    return not folder or any(path == folder or path.startswith(folder + "/") for path in paths)

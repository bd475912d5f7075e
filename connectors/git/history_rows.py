"""Turns a page of history into commits, changes, and the repository they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.git.change import change_row
from connectors.git.commit import first_line, time_of
from connectors.git.message import picked_sha, reverted_sha
from connectors.git.page import Line, read_page
from connectors.git.rows import Naming, links_of
from data.model import Change, Commit, Record, Repository


def history_rows(source: str, payload: bytes) -> list[Record]:
    """Maps one page."""
    header, lines = read_page(payload)
    return list(_Page(Naming(source, header["repository"]), header, lines).rows())


@dataclass(frozen=True, slots=True)
class _Page:
    naming: Naming
    header: Line
    lines: Sequence[Line]

    def rows(self) -> Iterator[Record]:
        commits = [line for line in self.lines if "message" in line]
        for summary in self.lines:
            if "is_shallow" in summary:
                yield self._repository(summary)
                yield from self._services()
        yield from filter(None, map(self._commit, commits))
        yield from self._changes(commits)

    def _repository(self, summary: Line) -> Repository:
        return Repository(
            id=self.naming.id("repository", self.naming.repository),
            source=self.naming.source,
            url=self.header["web_url"],
            name=self.naming.repository,
            default_branch=summary["branch"],
            head_sha=summary["head"],
            is_shallow=summary["is_shallow"],
            commit_count=summary["commits"],
        )

    def _services(self) -> Iterator[Record]:
        services = self.header["services"] or {self.naming.repository: None}
        for name, folder in services.items():
            yield self.naming.service(name, folder or None)

    def _commit(self, line: Line) -> Commit | None:
        authored_at, committed_at = time_of(line, "author"), time_of(line, "committer")
        if authored_at is None or committed_at is None:
            return None
        return Commit(
            id=self.naming.id("commit", line["commit"]),
            source=self.naming.source,
            url=links_of(self.header).commit(line["commit"]),
            repository=self.naming.repository,
            sha=line["commit"],
            parents=tuple(line["parents"]),
            authored_at=authored_at,
            committed_at=committed_at,
            subject=first_line(line["message"]),
            position=line["position"],
            is_mainline=line["is_mainline"],
            reverts_sha=reverted_sha(line["message"]),
            picked_sha=picked_sha(line["message"]),
            first_version=line.get("version"),
        )

    def _changes(self, commits: Sequence[Line]) -> Iterator[Change]:
        brought: dict[int, list[Line]] = defaultdict(list)
        for line in commits:
            if not line["is_mainline"]:
                brought[line["position"]].append(line)
        for line in commits:
            if line["is_mainline"]:
                change = change_row(self.naming, self.header, line, brought[line["position"]])
                if change:
                    yield change

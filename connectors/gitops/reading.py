"""Reads what is due of a configuration repository's history, as pages."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.git.page import Line
from connectors.git.repository import GitFailed, GitObject, GitRepository
from connectors.git.rows import FIX_OBJECTS
from connectors.git.state import State
from connectors.gitops.cursor import Position
from connectors.gitops.history import History
from connectors.gitops.losses import LossBook
from connectors.gitops.mainline import ConfigCommit
from connectors.gitops.notices import OF_HISTORY, cut_off, notices_of, shallow
from connectors.gitops.page import step_page
from connectors.gitops.replay import Replay
from connectors.gitops.rules import Rule
from connectors.interface import Batch, Reading, SourceUnavailable


@dataclass(frozen=True, slots=True)
class Due:
    """Commits to read, and what was known before them."""

    commits: Sequence[ConfigCommit]
    position: Position
    reading: Reading


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one repository as it is at this moment."""

    repository: GitRepository
    state: State
    """Its refs; there is a head."""
    rules: Sequence[Rule]
    header: Line
    """First line of each page, to which the position is added."""
    read_until: Callable[[], datetime | None]
    """Up to when the repository shows what happened."""
    page_commits: int
    """Mainline commits a page."""
    progress: Callable[[int, int], None]
    """Told how many mainline commits are read, and of how many."""

    def pages(self, known: Position | None) -> Generator[Batch, None, Position]:
        """Yields the pages that are due after a known position, or all.

        All, if there is no position, if its commit is no longer on the first-parent history, if
        a shallow clone has become deeper, or if something that was missing is there now.

        Returns:
            The position at the end.

        Raises:
            SourceUnavailable: if not even the newest commit can be read.
        """
        with History(self.repository, self.rules) as history:
            due, replay = self._go_on(history, known) or self._start(history)
            position = due.position
            total = position.commits + len(due.commits)
            starts = range(0, len(due.commits), self.page_commits) or range(1)
            for start in starts:
                is_last = start == starts[-1]
                commits = due.commits[start : start + self.page_commits]
                steps = list(replay.play(commits))
                lost = replay.losses.turn_page()
                position = self._after(position, commits, replay, is_last=is_last)
                yield Batch(
                    payload=step_page(self._header(position), steps, lost),
                    cursor=position.cursor(),
                    reading=due.reading,
                    is_first=start == 0 and not due.position.head,
                    is_last=is_last,
                    complete_until=self.read_until() if is_last else None,
                )
                self.progress(position.commits, total)
        return position

    def _go_on(self, history: History, known: Position | None) -> tuple[Due, Replay] | None:
        """What is new since a known position; None if everything has to be read."""
        if known is None or known.boundary != self.state.boundary_digest:
            return None
        if is_mended(self.repository, known):
            return None
        commits = history.commits(self.state.head or "", known.head, known.time)
        if commits is None:
            return None
        replay = Replay(history, self.rules, LossBook(known.losses), known.absent)
        try:
            replay.start_at(known.head, known.held)
        except GitFailed:
            return None
        notices = [notice for notice in known.notices if notice.key in OF_HISTORY]
        reading = Reading.COMPLETE if known.is_complete_reading else Reading.INCREMENT
        return Due(commits, replace(known, ref=self.state.ref, notices=notices), reading), replay

    def _start(self, history: History) -> tuple[Due, Replay]:
        commits = history.commits(self.state.head or "")
        if not commits:
            raise SourceUnavailable(
                "its newest commit cannot be read", self.repository.where, FIX_OBJECTS
            )
        notices = [shallow()] if self.state.boundary else []
        absent = [commits[0].parent] if commits[0].parent else []
        if absent:
            notices.append(cut_off(commits[0]))
        position = Position(
            boundary=self.state.boundary_digest,
            ref=self.state.ref,
            notices=notices,
            is_complete_reading=True,
        )
        replay = Replay(history, self.rules, LossBook(()), absent)
        return Due(commits, position, Reading.COMPLETE), replay

    def _after(
        self,
        position: Position,
        commits: Sequence[ConfigCommit],
        replay: Replay,
        *,
        is_last: bool,
    ) -> Position:
        if commits:
            position = replace(
                position,
                head=commits[-1].sha,
                committed_at=commits[-1].committed_at.isoformat(),
                commits=position.commits + len(commits),
                held=replay.held(),
                losses=replay.losses.all(),
                absent=replay.absent,
            )
        if not is_last:
            return replace(position, fetched=None)
        notices = (*position.notices, *notices_of(replay.layers))
        return replace(
            position, fetched=self.state.fetched, notices=notices, is_complete_reading=False
        )

    def _header(self, position: Position) -> Line:
        return self.header | {
            "branch": self.state.branch,
            "head": position.head,
            "is_shallow": bool(self.state.boundary),
            "commits": position.commits,
        }


def is_mended(repository: GitRepository, known: Position) -> bool:
    """Whether something that could not be had can be now."""
    with repository.objects() as objects:
        return any(isinstance(each, GitObject) for each in objects.read_all(known.absent))

"""Reads a repository's history in pages, and goes on where the last reading ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.git.branches import request_heads
from connectors.git.graph import (
    Graph,
    Mainline,
    is_continued,
    place,
    read_graph,
    salvage_graph,
)
from connectors.git.losses import add_losses, count_losses, losses_in
from connectors.git.page import Line, PageWriter, write_page
from connectors.git.position import Position
from connectors.git.repository import GitFailed, GitRepository
from connectors.git.state import State
from connectors.interface import Batch, Reading

PAGE_COMMITS = 2_000
_PROBED = 20


@dataclass(frozen=True, slots=True)
class History:
    """The part of a repository's history that is due to be read."""

    repository: GitRepository
    state: State
    graph: Graph
    mainline: Mainline
    start: Position
    """What is known before."""
    reading: Reading

    def batches(
        self, header: Line, folders: Sequence[str], complete_until: datetime | None
    ) -> Iterator[Batch]:
        """Yields pages of whole groups, then pages of commits that only tags reach.

        Args:
            header: first line of each page.
            folders: folders of services to look for in each change.
            complete_until: up to when the repository shows what happened.
        """
        groups = list(_pieces(self.mainline.groups))
        side = list(self.mainline.side.items())
        sides = [side[start : start + PAGE_COMMITS] for start in range(0, len(side), PAGE_COMMITS)]
        pages = self._pages(groups, sides, folders)
        due = len(groups) + len(sides) or 1
        for number, (lines, position) in enumerate(pages, 1):
            if number < due:
                yield Batch(
                    payload=write_page(header, lines),
                    cursor=position.cursor(),
                    reading=self.reading,
                    is_first=number == 1 and self.start.head is None,
                )
                continue
            yield Batch(
                payload=write_page(header, [*lines, self._summary(position)]),
                cursor=self._finished(position).cursor(),
                reading=self.reading,
                is_first=number == 1 and self.start.head is None,
                is_last=True,
                complete_until=complete_until,
            )

    def _pages(
        self,
        pieces: Sequence[Sequence[Sequence[str]]],
        sides: Sequence[Sequence[tuple[str, str]]],
        folders: Sequence[str],
    ) -> Iterator[tuple[list[Line], Position]]:
        position = self.start
        if not pieces and not sides:
            yield [], position  # the refs have moved, and reach nothing new
        with self.repository.objects() as objects:
            writer = PageWriter(
                repository=self.repository,
                objects=objects,
                parents=self.graph.parents,
                positions=self.mainline.positions(),
                requests=request_heads(self.repository) if pieces else {},
                folders=folders,
                start=self.start.head,
            )
            for groups in pieces:
                lines = writer.landed(groups, position.head)
                position = _after(groups, lines, position)
                yield lines, position
            for side in sides:
                lines = writer.side(dict(side))
                position = replace(
                    position, side_losses=add_losses(position.side_losses, losses_in(lines))
                )
                yield lines, position

    def _summary(self, position: Position) -> Line:
        return {
            "branch": self.state.branch,
            "head": self.state.head,
            "is_shallow": bool(self.state.boundary),
            "commits": position.commits + len(self.mainline.side),
        }

    def _finished(self, position: Position) -> Position:
        side = self.mainline.side
        has_child = {parent for sha in side for parent in self.graph.parents[sha]}
        return replace(
            position,
            head=self.state.head,
            tags=self.state.tags_digest,
            side_tips=tuple(sorted(side.keys() - has_child)),
            is_complete_reading=False,
        )


def open_history(
    repository: GitRepository,
    state: State,
    tips: Sequence[tuple[str, str]],
    position: Position | None,
) -> History:
    """Finds what is due: what is new since `position`, or everything.

    Everything, if nothing is known; if the known head is no longer on the first-parent history
    (a force push, a merge the other way round, another branch); if a deleted tag has left
    commits that nothing reaches; if a shallow clone has become deeper; or if commits could not
    be read the last time.

    Args:
        repository: where to read.
        state: its refs; there must be a head.
        tips: tags and the commits they lead to, first the tag that counts first.
        position: how far it has been read.
    """
    if position and not position.absent and position.boundary == state.boundary_digest:
        history = _go_on(repository, state, tips, position)
        if history:
            return history
    head = state.head or ""
    wanted = [head, *(sha for _, sha in tips)]
    try:
        graph = read_graph(repository, wanted)
    except GitFailed:
        graph = salvage_graph(repository, wanted)
    start = Position(
        ref=state.ref,
        head=None,
        position=0,
        commits=0,
        boundary=state.boundary_digest,
        fetched=state.fetched,
        absent=tuple(sorted(graph.absent)[:_PROBED]),
        losses=count_losses(
            (f"history/{reason}", sha) for sha, reason in sorted(graph.absent.items())
        ),
        is_complete_reading=True,
    )
    return History(
        repository=repository,
        state=state,
        graph=graph,
        mainline=place(graph, head, tips),
        start=start,
        reading=Reading.COMPLETE,
    )


def _go_on(
    repository: GitRepository,
    state: State,
    tips: Sequence[tuple[str, str]],
    position: Position,
) -> History | None:
    """None if what is known is no longer true."""
    head, known = state.head or "", position.head or ""
    try:
        graph = read_graph(repository, [head, *(sha for _, sha in tips)], known)
    except GitFailed:
        return None
    is_whole = all(tip in graph.parents for tip in position.side_tips)
    if not is_whole or not is_continued(graph, head, known):
        return None
    reading = Reading.COMPLETE if position.is_complete_reading else Reading.INCREMENT
    start = replace(position, ref=state.ref, fetched=state.fetched, tags=None, side_losses={})
    mainline = place(graph, head, tips, position.position)
    return History(repository, state, graph, mainline, start, reading)


def _after(groups: Sequence[Sequence[str]], lines: Sequence[Line], position: Position) -> Position:
    return replace(
        position,
        head=groups[-1][-1],
        position=position.position + len(groups),
        commits=position.commits + sum(map(len, groups)),
        losses=add_losses(position.losses, losses_in(lines)),
    )


def _pieces(groups: Sequence[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """Cuts a mainline into pages; a change and what it brought are never torn apart."""
    piece: list[Sequence[str]] = []
    size = 0
    for group in groups:
        piece.append(group)
        size += len(group)
        if size >= PAGE_COMMITS:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece

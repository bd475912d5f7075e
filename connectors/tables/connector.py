"""The source `table`: files that a company writes, each row of which becomes a canonical row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel

from connectors.interface import (
    Batch,
    Connector,
    Context,
    Cursor,
    Finding,
    Reading,
    Severity,
    SourceUnavailable,
    Stream,
)
from connectors.reaching import findings_of
from connectors.tables.fields import ALLOWED
from connectors.tables.files import Copy, Files, copied, layout_hash
from connectors.tables.page import gone_page, page_rows
from connectors.tables.reading import FileReading
from connectors.tables.settings import Layout, TableSettings
from connectors.tables.table import TableRefused
from data.durable import file_hash
from data.model import Gap, GapReason, Record

_ENTITIES = (*ALLOWED, "gap")
_GONE: Cursor = {"is_gone": True}
_MOST_PREVIEWED = 200_000
_MOST_FINDINGS = 5


class TableFiles(Connector):
    """Reads CSV and Parquet files, a stream each, and tells which of their rows are refused."""

    Settings: ClassVar[type[BaseModel]] = TableSettings
    page_rows: ClassVar[int] = 20_000
    """Rows of a page."""

    is_live = False

    def __init__(self, source: str, settings: TableSettings, context: Context) -> None:
        self.source = source
        self._context = context
        self._memory = context.mirrors / re.sub(r"[^A-Za-z0-9._-]", "_", source)
        self._files = Files(settings, context.folder, self._memory)

    def discover(self) -> Sequence[Stream]:
        """A stream for each file there is, or was."""
        needs = "the right to read the file"
        return [Stream(name, _ENTITIES, needs) for name in self._files.names()]

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields the file anew if it or what its columns mean changed; if it is gone, nothing.

        Raises:
            SourceUnavailable: if it was written to meanwhile.
        """
        name, path = stream.name, self._files.path(stream.name)
        if not path.exists():
            yield from self._gone(name, path, cursor)
            return
        try:
            layout = self._files.layout(name)
            meaning = layout_hash(layout)
            if cursor == {"sha256": file_hash(path), "layout": meaning, "is_read": True}:
                return
            with copied(path, self._memory) as copy:
                yield from self._read(name, layout, meaning, copy, cursor)
        except TableRefused as refused:
            yield self._gap(
                name, GapReason.UNREADABLE, f"{refused.where}: {refused.what}", refused.fix
            )

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:  # noqa: ARG002 - pages name their file
        """Maps a page by what it says of its columns."""
        return page_rows(self.source, payload)

    def check(self) -> Sequence[Finding]:
        """Shows which rows would be refused, and why."""
        return list(findings_of(self.source, self._findings()))

    def _read(
        self, name: str, layout: Layout, meaning: str, copy: Copy, cursor: Cursor | None
    ) -> Iterator[Batch]:
        state = {"sha256": copy.sha256, "layout": meaning}
        pages = cursor.get("pages", 0) if cursor else 0
        done = pages if cursor == {**state, "pages": pages} else 0
        until = min(copy.written_at, self._context.clock())
        reading = FileReading(self.source, name, layout, self.page_rows)
        for number, (payload, is_last) in enumerate(reading.pages(copy.path)):
            self._context.progress(f"{self.source}: {name}", reading.rows, None)
            if number < done:
                continue
            yield Batch(
                payload,
                {**state, "is_read": True} if is_last else {**state, "pages": number + 1},
                Reading.COMPLETE,
                is_last=is_last,
                is_first=number == 0,
                complete_until=until if is_last else None,
            )

    def _gone(self, name: str, path: Path, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        if cursor is None or cursor == _GONE:
            return
        if not path.parent.is_dir():
            what = f"{name}: its folder is not there; what was read of it stays"
            yield self._gap(name, GapReason.UNAVAILABLE, what, "bring the folder back")
            return
        yield Batch(gone_page(name), _GONE, Reading.COMPLETE, is_last=True, is_first=True)

    def _gap(self, name: str, reason: GapReason, what: str, fix: str) -> Gap:
        return Gap(
            id=f"table:{self.source}#gap/{name}/{reason}",
            source=self.source,
            reason=reason,
            what=what,
            fix=fix,
            count=None,
        )

    def _findings(self) -> Iterator[Finding]:
        for name in self._files.names():
            path = self._files.path(name)
            if path.exists():
                yield from self._preview(name, path)

    def _preview(self, name: str, path: Path) -> Iterator[Finding]:
        try:
            reading = FileReading(self.source, name, self._files.layout(name), self.page_rows)
            is_all = reading.judge(path, _MOST_PREVIEWED)
        except SourceUnavailable as error:
            yield Finding(Severity.ERROR, error.what, error.where, error.fix)
            return
        taken = reading.rows - reading.refused
        of = "" if is_all else " of those looked at"
        what = f"{taken:,} of {reading.rows:,} rows{of} would be taken"
        yield Finding(Severity.WARNING if reading.refused else Severity.OK, what, name)
        for refusal in reading.shown[:_MOST_FINDINGS]:
            fix = "correct the row, or what the mapping says of the column"
            yield Finding(Severity.WARNING, f"refused: {refusal}", name, fix)

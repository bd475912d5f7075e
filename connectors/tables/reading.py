"""One reading of a file: which of its rows are taken, page by page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from connectors.tables.csv_file import open_csv
from connectors.tables.page import MOST_SHOWN, Refusal, Summary, write_page
from connectors.tables.parquet_file import open_parquet
from connectors.tables.rows import RowMaker, RowRefused
from connectors.tables.settings import FileFormat, Layout
from connectors.tables.table import Line, Table, TableRefused

_ENDINGS = {
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".txt": FileFormat.CSV,
    ".parquet": FileFormat.PARQUET,
    ".pq": FileFormat.PARQUET,
}
_PAGE_CHARACTERS = 8_000_000


@dataclass
class _Part:
    """The lines of one page."""

    rows: list[Line] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)
    characters: int = 0

    def add(self, line: Line, *, is_taken: bool) -> None:
        (self.rows if is_taken else self.refused).append(line)
        self.characters += sum(len(cell) for cell in line.cells if cell is not None)

    def is_full(self, most_rows: int) -> bool:
        count = len(self.rows) + len(self.refused)
        return count >= most_rows or self.characters >= _PAGE_CHARACTERS


class FileReading:
    """Judges the rows of one file, once."""

    def __init__(self, source: str, name: str, layout: Layout, page_rows: int) -> None:
        self._source, self._name, self._layout = source, name, layout
        self._page_rows = page_rows
        self.rows = 0
        self.refused = 0
        self.shown: list[Refusal] = []
        self._lines_of: dict[bytes, int] = {}
        """Hash of a key to the line that had it first."""

    def pages(self, path: Path) -> Iterator[tuple[bytes, bool]]:
        """Yields pages, and of each whether it is the last; a table without rows is one page.

        Raises:
            TableRefused: if the file is no table, or not one that the mapping is about.
        """
        with _opened(path, self._name, self._layout) as table:
            maker = self._maker(table)
            part = _Part()
            for line in table.lines:
                if part.is_full(self._page_rows):
                    yield self._page(table, part, None), False
                    part = _Part()
                part.add(line, is_taken=self._is_taken(maker, line))
            yield self._page(table, part, Summary(self.rows, self.refused, self.shown)), True

    def judge(self, path: Path, most_rows: int) -> bool:
        """Judges the rows without making pages, for a preview; whether that was all of them.

        Raises:
            TableRefused: as `pages`.
        """
        with _opened(path, self._name, self._layout) as table:
            maker = self._maker(table)
            for line in table.lines:
                if self.rows >= most_rows:
                    return False
                self._is_taken(maker, line)
        return True

    def _maker(self, table: Table) -> RowMaker:
        return RowMaker(self._source, self._name, self._layout, table.columns, table.typed)

    def _is_taken(self, maker: RowMaker, line: Line) -> bool:
        self.rows += 1
        try:
            maker.values(line)
            self._keep_key(maker, line)
        except RowRefused as refused:
            self.refused += 1
            if len(self.shown) < MOST_SHOWN:
                self.shown.append(Refusal(line.number, refused.column, str(refused)))
            return False
        return True

    def _keep_key(self, maker: RowMaker, line: Line) -> None:
        """Refuses a row whose key another has: the first one counts."""
        if not self._layout.key:
            return
        digest = hashlib.blake2b(maker.key(line).encode(), digest_size=12).digest()
        first = self._lines_of.setdefault(digest, line.number)
        if first != line.number:
            raise RowRefused(f"has the key of line {first}", ", ".join(self._layout.key))

    def _page(self, table: Table, part: _Part, summary: Summary | None) -> bytes:
        return write_page(self._name, self._layout, table, part.rows, part.refused, summary)


def _opened(path: Path, name: str, layout: Layout) -> AbstractContextManager[Table]:
    form = layout.file_format or _ENDINGS.get(Path(name).suffix.lower())
    if form is None:
        fix = f"name it with one of {', '.join(_ENDINGS)}, or set `file_format`"
        raise TableRefused("has a name that does not tell what it is", name, fix)
    return open_csv(path, name, layout) if form is FileFormat.CSV else open_parquet(path, name)

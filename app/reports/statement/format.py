"""The formats of a statement: page and command line hand out the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from app.reports.statement.answer import as_csv, as_json
from app.reports.statement.document import as_document
from app.reports.statement.shown import Shown
from app.reports.statement.text import as_text
from app.reports.statement.workbook import as_workbook
from data.costs.statement.month import named
from data.trail.exported import Export, Through


class Format(StrEnum):
    """How a statement is written; the value is the name of the format and the end of a file."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    PDF = "pdf"
    XLSX = "xlsx"

    @property
    def is_file(self) -> bool:
        """Whether it is for a file alone, and no terminal shows it."""
        return self in (Format.PDF, Format.XLSX)

    @property
    def suffix(self) -> str:
        """How its files end."""
        return "txt" if self is Format.TEXT else self.value

    @property
    def mime(self) -> str:
        """What its files are."""
        return _MIMES[self]


_WRITERS: Mapping[Format, Callable[[Shown], bytes]] = {
    Format.TEXT: as_text,
    Format.JSON: as_json,
    Format.CSV: as_csv,
    Format.PDF: as_document,
    Format.XLSX: as_workbook,
}
_MIMES = {
    Format.TEXT: "text/plain",
    Format.JSON: "application/json",
    Format.CSV: "text/csv",
    Format.PDF: "application/pdf",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def written(shown: Shown, style: Format) -> bytes:
    """A statement in a format: the same content, the same bytes."""
    return _WRITERS[style](shown)


def export_of(shown: Shown, style: Format, through: Through, account: str | None) -> Export:
    """What the log says of a statement that is taken out.

    Args:
        shown: the statement.
        style: how it is written.
        through: which way it is taken.
        account: who takes it; None: not known.
    """
    closing, month = shown.closing, named(shown.statement.month)
    return Export(
        subject=f"statement {month}",
        title=f"{shown.title} as {style.value.upper()}",
        through=through,
        account=account,
        definition=None if closing is None else f"decision {closing.id}, sha256 {closing.sha256}",
        filters={"month": month, "team": shown.team,
                 "state": "open" if closing is None else "closed"},
        snapshot=shown.statement.snapshot,
        rows=len(shown.estimates if shown.is_estimated else shown.lines),
    )  # fmt: skip

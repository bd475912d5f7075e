"""Any table: what is written comes back exactly, and what is spoilt is refused, and only that."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.tables.connector import TableFiles
from data.model import ImportedValue
from tests.connectors.tables.importing import Import, Importer

_COLUMNS = {"team": "Team", "about": "About", "note": "Note", "value": "Value", "from_at": "From"}
_SPOILT = {
    "Value": ["", "many", "1,234.5", "1.2.3", "NaN", "-", "1e999", "12 %"],
    "From": ["", "soon", "2026-13-01", "01/02/2026", "2026-02-30", "20260101T"],
}
_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
_NAMES = _TEXTS.filter(lambda text: bool(text.strip()))
_TIMES = st.datetimes(
    datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@dataclass(frozen=True)
class Row:
    team: str
    about: str
    note: str
    value: float
    from_at: datetime

    @property
    def cells(self) -> list[str]:
        return [self.team, self.about, self.note, repr(self.value), self.from_at.isoformat()]


_ROWS = st.lists(
    st.builds(
        Row, _NAMES, _NAMES, _NAMES, st.floats(allow_nan=False, allow_infinity=False), _TIMES
    ),
    max_size=12,
)


def imported(cells: list[list[str]], delimiter: str, end: str, mark: str = "") -> Import:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([list(_COLUMNS.values()), *cells])
    with TemporaryDirectory() as folder, patch.object(TableFiles, "page_rows", 3):
        importer = Importer(
            Path(folder), columns=_COLUMNS, period="day", delimiter=delimiter, time_zone="UTC"
        )
        importer.write((mark + text.getvalue()).encode())
        return importer.read()


def told(value: ImportedValue) -> tuple[object, ...]:
    return value.team, value.about, value.note, value.value, value.from_at


@given(
    _ROWS,
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\ufeff"]),
)
def test_what_is_written_comes_back_exactly(
    rows: list[Row], delimiter: str, end: str, mark: str
) -> None:
    found = imported([row.cells for row in rows], delimiter, end, mark)
    assert [told(value) for value in found.values] == [
        (row.team, row.about, row.note, row.value, row.from_at) for row in rows
    ]
    assert all(value.until_at - value.from_at == timedelta(days=1) for value in found.values)
    assert not found.gaps
    assert not found.standing


@settings(max_examples=60, deadline=None)
@given(_ROWS, st.data())
def test_spoilt_cells_refuse_exactly_their_rows(rows: list[Row], data: st.DataObject) -> None:
    spoilt = data.draw(st.sets(st.sampled_from(range(len(rows))))) if rows else set()
    cells = [row.cells for row in rows]
    names = list(_COLUMNS.values())
    for number in spoilt:
        column = data.draw(st.sampled_from(sorted(_SPOILT)))
        cells[number][names.index(column)] = data.draw(st.sampled_from(_SPOILT[column]))
    found = imported(cells, ",", "\n")
    kept = [row for number, row in enumerate(rows) if number not in spoilt]
    assert [told(value) for value in found.values] == [
        (row.team, row.about, row.note, row.value, row.from_at) for row in kept
    ]
    assert sum(gap.count or 0 for gap in found.gaps) == len(spoilt)
    assert not found.standing


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_never_break_the_reading(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        importer = Importer(Path(folder))
        importer.write(b"Team,Hours,Month\n" + content)
        importer.write(content, "other.csv")
        importer.write(content, "other.parquet")
        found = importer.read()
    assert found.batches or found.standing

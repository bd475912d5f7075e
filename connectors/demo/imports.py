"""What the invented organisation brings in by a file, as far as its periods are over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from connectors.demo.operations import Operations
from connectors.demo.simulation import instant
from connectors.demo.told import Told


def tell_imports(operations: Operations, until_at: int) -> Iterator[Told]:
    """One value a line of the file."""
    row = 1
    for imported in operations.imports:
        first = imported.first
        for value in imported.values:
            end = _later(first, imported.months)
            row += 1
            if instant(end) <= until_at:
                about = imported.team or "all"
                fields = {
                    "id": f"import/{imported.measure}/{about}/{first.isoformat()}",
                    "url": f"{operations.imports_url}/{imported.measure}.csv",
                    "measure": imported.measure,
                    "team": imported.team,
                    "about": imported.about,
                    "value": value,
                    "unit": imported.unit,
                    "from_at": instant(first),
                    "until_at": instant(end),
                    "note": imported.note,
                    "row": row,
                }
                yield Told(instant(end), "imported_value", fields)
            first = end


def _later(day: date, months: int) -> date:
    month = day.month - 1 + months
    return day.replace(year=day.year + month // 12, month=month % 12 + 1)

"""The `table` source against the clauses that bind every kind of source."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import ClassVar

from connectors.tables.connector import TableFiles
from connectors.tables.settings import TableSettings
from tests.connectors.conformance import Binding, Conformance
from tests.connectors.house import RowKey

_NO_REQUESTS = "a folder answers no requests"
_HEADER = ["Team", "Hours", "From", "Until", "Remark"]


class FewRows(TableFiles):
    """Pages of three rows, so that a short file has several."""

    page_rows = 3


class TableBinding(Binding):
    """Two files of training hours, one with seven rows, of which one is refused."""

    connector_class = FewRows

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        (folder / "imports").mkdir()
        self.zone: timezone | None = None
        self.header = list(_HEADER)
        self.tables: dict[str, dict[str, list[str]]] = {"web": {}, "ops": {}}
        for number in range(1, 8):
            self.tables["web"][f"team-{number}"] = self.row(number)
        self.tables["web"]["team-4"][0] = "many"
        self.tables["ops"]["team-1"] = self.row(1)
        self.write()

    def row(self, number: int, hours: str = "") -> list[str]:
        return [hours or f"{number},5", "2026-01-01T00:00", "2026-02-01T00:00", "octarine"]

    def write(self) -> None:
        for name, rows in self.tables.items():
            lines = [";".join(self.header)]
            lines += [";".join([team, *map(self.told, cells)]) for team, cells in rows.items()]
            (self.folder / "imports" / f"{name}.csv").write_text("\n".join(lines) + "\n")

    def told(self, cell: str) -> str:
        if self.zone is None or not cell.startswith("2026-"):
            return cell
        return datetime.fromisoformat(f"{cell}Z").astimezone(self.zone).isoformat()

    def connector(self, clock_skew: timedelta = timedelta()) -> FewRows:
        settings = {
            "path": "imports/*.csv",
            "columns": {"team": "Team", "value": "Hours", "from_at": "From", "until_at": "Until"},
            "constants": {"measure": "training_attended", "unit": "hours"},
            "key": ["Team"],
            "delimiter": ";",
            "decimal": ",",
        }
        context = self.context(clock_skew)
        return FewRows("table", TableSettings.model_validate(settings), context)

    def change(self) -> None:
        self.tables["web"]["team-2"] = self.row(2, "99")
        self.tables["web"]["team-8"] = self.row(8)
        self.write()

    def vanish(self) -> None:
        (self.folder / "imports").rename(self.folder / "elsewhere")

    def come_back(self) -> None:
        (self.folder / "elsewhere").rename(self.folder / "imports")

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {"a row comes first": self.insert, "a row goes": self.remove_row}

    def insert(self) -> None:
        self.tables["web"] = {"team-0": self.row(0), **self.tables["web"]}
        self.write()

    def remove_row(self) -> None:
        self.tables["web"].pop("team-6")
        self.write()

    def remove(self) -> Collection[RowKey]:
        self.remove_row()
        self.tables.pop("ops")
        (self.folder / "imports" / "ops.csv").unlink()
        start = "table:table#imported_value/imports"
        return [
            ("imported_value", f"{start}/web.csv/team-6"),
            ("imported_value", f"{start}/ops.csv/team-1"),
        ]

    def add_unmapped(self) -> bytes:
        return b"octarine"

    def tell_times_in(self, zone: timezone) -> None:
        self.zone = zone
        self.write()

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        return {
            "null": partial(self._damage, ""),
            "a word": partial(self._damage, "much"),
            "not a number": partial(self._damage, "nan"),
            "written another way": partial(self._damage, "1,234.5"),
        }

    def _damage(self, cell: str) -> int:
        """In the file whose rows are all right, since what is missing of a file is one gap."""
        self.tables["ops"]["team-1"][0] = cell
        self.write()
        return 1


class TestTable(Conformance):
    binding = TableBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_429_retry_after_and_5xx_are_honoured_on_a_fake_clock": _NO_REQUESTS,
        "test_a_refused_stream_is_a_gap_and_the_others_go_on": (
            "a file has no status: one that cannot be read is tested by name"
        ),
        "test_a_filter_the_source_does_not_know_is_noticed": _NO_REQUESTS,
        "test_what_has_no_time_is_bounded_by_two_readings": "a table says what holds, not when",
        "test_no_secret_is_in_archive_cursor_log_error_or_gap": "files need no token to be read",
        "test_a_full_sync_asks_for_each_page_once_and_no_change_costs_nearly_nothing": (
            _NO_REQUESTS
        ),
    }

"""The `bills` source against the clauses that bind every kind of source."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import ClassVar

from connectors.bills.connector import Bills
from connectors.bills.settings import BillSettings
from connectors.interface import Context
from tests.connectors.conformance import Binding, Conformance
from tests.connectors.house import RowKey
from tests.data.costs.bill.bills import bill, line

_NO_REQUESTS = "a folder answers no requests"
_WRITTEN_AT = datetime(2025, 12, 1, tzinfo=UTC)
_TIMES = ("BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd")


class BillsBinding(Binding):
    """Three bills, of which one is of two accounts and one has a row that cannot be counted."""

    connector_class = Bills

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        (folder / "cloud").mkdir()
        self.zone: timezone = UTC
        self.charges: dict[str, list[dict[str, str]]] = {
            "a": [line(), line(BilledCost="0.000000000001"), line(BillingAccountId="account-2")],
            "b": [line(BillingAccountId="account-3"), line(BilledCost="much")],
            "c": [line(BillingAccountId="account-4")],
        }
        self.write()

    def write(self) -> None:
        for name, rows in self.charges.items():
            path = bill(self.folder / "cloud", *map(self._told, rows), name=f"{name}.csv")
            os.utime(path, (_WRITTEN_AT.timestamp(), _WRITTEN_AT.timestamp()))

    def _told(self, row: Mapping[str, str]) -> dict[str, str]:
        times = {name: datetime.fromisoformat(row[name]).astimezone(self.zone) for name in _TIMES}
        return {**row, **{name: at.isoformat() for name, at in times.items()}}

    def context(self, clock_skew: timedelta = timedelta()) -> Context:
        return replace(super().context(clock_skew), bills=self.folder / "lines")

    def connector(self, clock_skew: timedelta = timedelta()) -> Bills:
        settings = {"path": "cloud/*.csv", "delivery": "replacement"}
        return Bills("cloud", BillSettings.model_validate(settings), self.context(clock_skew))

    def change(self) -> None:
        self.charges["a"].append(line(BilledCost="9"))
        self.charges["d"] = [line(BillingAccountId="account-5")]
        self.write()

    def vanish(self) -> None:
        (self.folder / "cloud").rename(self.folder / "elsewhere")

    def come_back(self) -> None:
        (self.folder / "elsewhere").rename(self.folder / "cloud")

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "a bill comes first": partial(self._put, "0", line(BillingAccountId="account-0")),
            "a bill that was read is replaced": partial(self._put, "a", line(BilledCost="3")),
            "a bill that was not read yet is replaced": partial(self._put, "c", line()),
        }

    def _put(self, name: str, *rows: dict[str, str]) -> None:
        self.charges[name] = list(rows)
        self.write()

    def remove(self) -> Collection[RowKey]:
        self.charges["a"].pop()
        self.write()
        return [("bill_part", "bills:cloud#cloud/a.csv/1")]

    def tell_times_in(self, zone: timezone) -> None:
        self.zone = zone
        self.write()

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        values = {"null": "", "a word": "much", "not a number": "nan", "another way": "1.234,5"}
        return {way: partial(self._damage, value) for way, value in values.items()}

    def _damage(self, value: str) -> int:
        """In a bill whose rows are all right: what is missing of a bill is one gap."""
        self.charges["c"][0]["BilledCost"] = value
        self.write()
        return 1


class TestBills(Conformance):
    binding = BillsBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_429_retry_after_and_5xx_are_honoured_on_a_fake_clock": _NO_REQUESTS,
        "test_a_refused_stream_is_a_gap_and_the_others_go_on": (
            "a file has no status: one that cannot be read is tested by name"
        ),
        "test_a_filter_the_source_does_not_know_is_noticed": _NO_REQUESTS,
        "test_what_has_no_time_is_bounded_by_two_readings": "a bill says what was charged when",
        "test_no_secret_is_in_archive_cursor_log_error_or_gap": "files need no token to be read",
        "test_a_field_without_a_column_survives_in_the_archive": (
            "lines are kept beside the archive with all columns, which is tested by name"
        ),
        "test_a_full_sync_asks_for_each_page_once_and_no_change_costs_nearly_nothing": (
            _NO_REQUESTS
        ),
    }

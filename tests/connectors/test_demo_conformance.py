"""The demo organisation against the clauses that bind every kind of source."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar

from connectors.demo import Demo, DemoSettings
from tests.connectors.conformance import Binding, Conformance

_BUILT_IN = "the organisation is built in: nothing is asked over a network"
_NEVER_WRONG = "the organisation is built in: nobody else can damage it"


class DemoBinding(Binding):
    """The organisation, whose time goes on as its setting `until` moves."""

    connector_class = Demo

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        self.until = date(2024, 11, 6)

    def connector(self, clock_skew: timedelta = timedelta()) -> Demo:
        return Demo("demo", DemoSettings(until=self.until), self.context(clock_skew))

    def change(self) -> None:
        self.until += timedelta(days=2)


class TestDemo(Conformance):
    binding = DemoBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_a_list_that_shifts_while_paged_loses_and_doubles_nothing": (
            "a page is a month that is over, and does not shift"
        ),
        "test_429_retry_after_and_5xx_are_honoured_on_a_fake_clock": _BUILT_IN,
        "test_a_refused_stream_is_a_gap_and_the_others_go_on": _BUILT_IN,
        "test_a_filter_the_source_does_not_know_is_noticed": _BUILT_IN,
        "test_only_a_complete_reading_deletes": "nothing is ever removed from the organisation",
        "test_what_has_no_time_is_bounded_by_two_readings": "everything in it has a time",
        "test_no_secret_is_in_archive_cursor_log_error_or_gap": "reading it needs no secret",
        "test_a_field_without_a_column_survives_in_the_archive": _NEVER_WRONG,
        "test_the_same_times_told_in_another_zone_are_the_same": _NEVER_WRONG,
        "test_a_renamed_missing_or_null_field_warns_and_does_not_crash": _NEVER_WRONG,
        "test_a_full_sync_asks_for_each_page_once_and_no_change_costs_nearly_nothing": _BUILT_IN,
        "test_a_source_that_is_gone_is_told_and_loses_nothing": _BUILT_IN,
    }

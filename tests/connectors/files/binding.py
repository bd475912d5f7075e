"""A folder of files, that a test can change and break: what all kinds of it share."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from connectors.files.connector import FileConnector
from tests.connectors.conformance import Binding
from tests.connectors.house import RowKey

FIRST_AT = 1_795_000_000
"""When the files are changed, in seconds since 1970; each further change an hour later."""

NO_REQUESTS = "a folder answers no requests"

NOT_APPLICABLE = {
    "test_429_retry_after_and_5xx_are_honoured_on_a_fake_clock": NO_REQUESTS,
    "test_a_refused_stream_is_a_gap_and_the_others_go_on": (
        "files are refused one by one and without a status: that is tested by name"
    ),
    "test_a_filter_the_source_does_not_know_is_noticed": NO_REQUESTS,
    "test_what_has_no_time_is_bounded_by_two_readings": (
        "what files tell has a time, or is what is there now"
    ),
    "test_no_secret_is_in_archive_cursor_log_error_or_gap": (
        "a folder is read without a secret; mirrors are tested with the source `git`"
    ),
    "test_a_full_sync_asks_for_each_page_once_and_no_change_costs_nearly_nothing": NO_REQUESTS,
}
"""Clauses that cannot apply to any folder of files."""

SECRETS = "test_no_secret_is_in_archive_cursor_log_error_or_gap"
TIMES = "test_the_same_times_told_in_another_zone_are_the_same"
DELETES = "test_only_a_complete_reading_deletes"
UNMAPPED = "test_a_field_without_a_column_survives_in_the_archive"

Files = Mapping[str, bytes]


class FilesBinding(Binding):
    """A folder. A kind says what is in it, and what can happen to that."""

    connector_class: ClassVar[type[FileConnector]]
    settings: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        self.count = 0
        self.write(self.start())

    def start(self) -> Files:
        """The files at first."""
        raise NotImplementedError

    def further(self, number: int) -> Files:
        """New files, and an old one changed, as they are after that many changes."""
        raise NotImplementedError

    def removed(self) -> tuple[str, RowKey]:
        """A file that can be removed, and a row that goes with it."""
        raise self._unbound("removed")

    def connector(self, clock_skew: timedelta = timedelta()) -> FileConnector:
        settings = self.connector_class.Settings.model_validate({"path": "files", **self.settings})
        return self.connector_class("shop", settings, self.context(clock_skew))

    def write(self, files: Files) -> None:
        for name, content in files.items():
            path = self.folder / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            at = FIRST_AT + 3_600 * self.count
            os.utime(path, (at, at))

    def change(self) -> None:
        self.count += 1
        self.write(self.further(self.count))

    def vanish(self) -> None:
        (self.folder / "files").rename(self.folder / "elsewhere")

    def come_back(self) -> None:
        (self.folder / "elsewhere").rename(self.folder / "files")

    def remove(self) -> Collection[RowKey]:
        name, row = self.removed()
        (self.folder / "files" / name).unlink()
        return [row]

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {"a change": self.change}

    def add_unmapped(self) -> bytes:
        """A key that nobody knows, beside the keys that somebody does."""
        name = next(iter(self.start()))
        self.edit(name, lambda told: told.update({"colour": "octarine"}))
        return b"octarine"

    def edit(self, name: str, change: Callable[[Any], object]) -> None:
        """Changes a JSON file."""
        path = self.folder / "files" / name
        told = json.loads(path.read_bytes())
        change(told)
        self.write({name: json.dumps(told).encode()})


WAYS: Mapping[str, Callable[[dict[str, Any], str], object]] = {
    "renamed": lambda item, name: item.update({f"{name}_2": item.pop(name)}),
    "missing": lambda item, name: item.pop(name),
    "null": lambda item, name: item.update({name: None}),
    "a list": lambda item, name: item.update({name: [1]}),
}
"""Ways to damage a field of a mapping."""


def damages(
    damage: Callable[[Callable[[dict[str, Any], str], object]], int],
) -> Mapping[str, Callable[[], int]]:
    """A damage for each way, from one that is told how."""
    return {name: partial(damage, way) for name, way in WAYS.items()}

"""One source that is an API with a double, and the house its rows go into."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from connectors.sync import SourceResult
from data.model import Gap, GapReason, Record
from tests.connectors.api_binding import ApiBinding

RecordT = TypeVar("RecordT", bound=Record)


class OneApi:
    """A source that a test tells a story and reads again and again."""

    def __init__(self, binding: type[ApiBinding], folder: Path) -> None:
        self._running = ExitStack()
        self.source = binding(folder, self._running)
        self.house = self.source.house()

    def close(self) -> None:
        """Ends server and house."""
        self._running.close()

    def sync(self) -> SourceResult:
        """Reads what is new; nothing may fail."""
        result = self.source.sync(self.house)
        assert not result.errors, result.errors
        return result

    def rows(self, kind: type[RecordT]) -> Sequence[RecordT]:
        """The rows of a kind, by their ids."""
        found = [row for row in self.house.records().values() if isinstance(row, kind)]
        return sorted(found, key=lambda row: row.id)

    def gaps(self, reason: GapReason) -> Sequence[Gap]:
        """What is missing for a reason."""
        return [gap for gap in self.house.gaps() if gap.reason == reason]

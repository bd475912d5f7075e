"""The source `great_expectations`."""

from __future__ import annotations

from typing import ClassVar

from connectors.files.connector import FileConnector
from connectors.files.great_expectations.results import kept, result_rows
from connectors.files.stream import FileStream


class GreatExpectations(FileConnector):
    """Reads what validations of Great Expectations came to."""

    kind = "great_expectations"
    patterns = ("**/uncommitted/validations/**/*.json",)
    is_kept_in_git = False
    streams: ClassVar[tuple[FileStream, ...]] = (
        FileStream("validations", ("data_check",), result_rows, kept=kept, is_inventory=False),
    )

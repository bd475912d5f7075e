"""Sources of bills that say when they ended: no bill of theirs is waited for from then on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import pyarrow as pa
from pydantic import BaseModel

from data.configuration import Configuration
from data.facts.table import create

_KIND = "bills"
_ENDS = {"source": pa.string(), "ends": pa.date32()}


class _Said(BaseModel):
    """What counts here of the settings of a source, which its connector judges as a whole."""

    ends: date | None = None


def endings(configuration: Configuration) -> Mapping[str, date]:
    """By source, the first day of which nothing is billed; of those alone that say one."""
    said = {
        source.name: _Said.model_validate(source.options).ends
        for source in configuration.source
        if source.kind == _KIND
    }
    return {name: ends for name, ends in said.items() if ends is not None}


def write_endings(
    connection: duckdb.DuckDBPyConnection, into: str, ends: Mapping[str, date]
) -> None:
    """Creates `source_end` in the attached database."""
    rows = [{"source": name, "ends": day} for name, day in ends.items()]
    create(connection, into, "source_end", rows, _ENDS)

"""What controls may read beside the snapshot: what people decided, and the state of our own log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")

SHAPES: Mapping[str, pa.Schema] = {
    "access_review_decision": pa.schema(
        [
            ("review", pa.string()),
            ("source", pa.string()),
            ("kind", pa.string()),
            ("scope", pa.string()),
            ("subject", pa.string()),
            ("decision", pa.string()),
            ("taken_at", TIME),
            ("decided_at", TIME),
            ("completed_at", TIME),
        ]
    ),
    "ledger_check": pa.schema(
        [
            ("id", pa.string()),
            ("checked_at", TIME),
            ("size", pa.int64()),
            ("is_sound", pa.bool_()),
            ("what", pa.string()),
        ]
    ),
}
"""The tables and their columns: one row of each is one decision about one account in one access
review (`keep`, `change` or `remove`; `taken_at`: when its snapshot of rights was; `completed_at`:
null until it is closed), and one check of the log."""


@dataclass(frozen=True, slots=True)
class Given:
    """Rows of those tables; one that is not given is empty."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def beside(self, name: str, rows: Sequence[Mapping[str, Any]]) -> Given:
        """The same with the rows of one more table."""
        return Given({**self.rows, name: rows})

    def tables(self) -> dict[str, pa.Table]:
        """The tables, all of them, in their shape."""
        return {
            name: pa.Table.from_pylist(list(self.rows.get(name, ())), schema=shape)
            for name, shape in SHAPES.items()
        }


NOTHING_GIVEN = Given()

"""What a page of costs is asked for, and how its questions are put."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from data.store.snapshot import Snapshot

_FOLDER = Path(__file__).parent


class Cost(StrEnum):
    """Which amount is told."""

    EFFECTIVE = "effective"
    """What was used, with what was paid ahead spread over its use: for showback."""
    BILLED = "billed"
    """What the invoice says: for chargeback."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is told of: None is all."""

    month: date | None = None
    """First day of a billing month."""
    currency: str | None = None
    source: str | None = None
    cost: Cost = Cost.EFFECTIVE

    @property
    def parameters(self) -> Mapping[str, object]:
        """As the SQL files name them."""
        return {
            "month": self.month,
            "currency": self.currency,
            "source": self.source,
            "cost": self.cost.value,
        }


def has_costs(snapshot: Snapshot) -> bool:
    """Whether any bill holds; a snapshot of an older version tells of none."""
    return bool(snapshot.manifest["rows"].get("bill_in_effect")) and has_bills(snapshot)


def has_bills(snapshot: Snapshot) -> bool:
    """Whether any bill was read, even if no row of it could be counted."""
    return bool(snapshot.manifest["rows"].get("bill_delivered"))


def has_table(snapshot: Snapshot, name: str) -> bool:
    """Whether a snapshot has a table: one that an older version made may lack it."""
    return name in snapshot.manifest["rows"]


@cache
def view_sql(name: str) -> str:
    """The SELECT of a question."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def answered(snapshot: Snapshot, name: str, asked: Asked, **more: object) -> list[dict[str, Any]]:
    """The rows that answer a question.

    Args:
        snapshot: what is asked.
        name: of the SQL file.
        asked: which costs.
        more: other parameters that the file names.

    Raises:
        SnapshotOutdated: if an older version made the snapshot.
    """
    sql = view_sql(name)
    told = {**asked.parameters, **more}
    return snapshot.rows(sql, {key: one for key, one in told.items() if f"${key}" in sql})

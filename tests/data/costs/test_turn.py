"""A turn that publishes little else than costs publishes the costs of a whole turn."""

from __future__ import annotations

from pathlib import Path

import duckdb

from connectors.update import update
from data.store.workspace import Workspace
from tests.data.costs.bill.bills import line
from tests.data.costs.test_building import FEBRUARY, delivered, workspace
from tests.data.costs.turn import turn


def tables(found: Workspace, snapshot: str) -> dict[str, list[tuple[object, ...]]]:
    """The rows of each table of a snapshot, but of the turns that were taken."""
    path = found.snapshots / f"snapshot-{snapshot}.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute("select table_name from duckdb_tables()").fetchall()
        return {
            name: connection.execute(f"from {name} order by all").fetchall()
            for (name,) in names
            if name not in ("sync_run", "stream")
        }


def test_its_costs_are_those_of_a_whole_turn(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    own = line(Tags='{"team": "pay"}')
    lines = line(**FEBRUARY), line(BilledCost="5,00")
    delivered(tmp_path, "a.csv", own, *(one | {"Tags": ""} for one in lines))
    part = tables(found, turn(found).snapshot)
    whole = tables(found, update(found, lambda *_: None).snapshot)
    assert {name: whole[name] for name in part} == part
    assert all(part[name] for name in ("charge_day", "cost_check_row", "pool_split", "refused"))
    assert part.keys() < whole.keys()


def test_where_nothing_changed_nothing_is_published(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    delivered(tmp_path, "a.csv", line())
    first = turn(found)
    assert (first.is_new, turn(found).is_new) == (True, False)
    assert turn(found, "billed_day").is_new

"""Lines stay as long as a snapshot is made of them, and a while longer."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from data.costs.lines import Wanted, lines
from data.costs.retention import retire_loads
from data.store.retention import pin
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.data.costs.bill.bills import line
from tests.data.costs.test_building import delivered, workspace
from tests.data.costs.turn import turn


def thrice(folder: Path, *, pinned: bool) -> tuple[Workspace, str]:
    """A bill and two that replaced it, all read long ago; the two newest snapshots are kept."""
    found = workspace(folder)
    configuration = folder / "cairn.toml"
    told = configuration.read_text(encoding="utf-8")
    configuration.write_text(f"[organisation]\nkeep_snapshots = 2\n{told}", encoding="utf-8")
    delivered(folder, "a.csv", line())
    first = turn(found).snapshot
    if pinned:
        pin(found, first)
    for number in (1, 2):
        delivered(folder, "a.csv", line(BilledCost=str(number)), at=number)
        turn(found)
    for path in found.bills.glob("*.parquet"):
        os.utime(path, (0, 0))
    return found, first


def test_lines_that_no_snapshot_is_made_of_go(tmp_path: Path) -> None:
    found, _ = thrice(tmp_path, pinned=False)
    assert len(retire_loads(found)) == 1
    with closing(SnapshotReader(found)) as reader, reader.reading() as opened:
        assert lines(opened, found.bills, Wanted()).count


def test_lines_of_a_pinned_snapshot_stay(tmp_path: Path) -> None:
    found, first = thrice(tmp_path, pinned=True)
    assert retire_loads(found) == []
    with closing(SnapshotReader(found)) as reader, reader.reading(first) as opened:
        costs = lines(opened, found.bills, Wanted()).table["billed_cost"].to_pylist()
    assert [str(cost) for cost in costs] == ["0.625000000000"] * 2


def test_what_was_read_lately_stays(tmp_path: Path) -> None:
    found, _ = thrice(tmp_path, pinned=False)
    for path in found.bills.glob("*.parquet"):
        os.utime(path)
    assert retire_loads(found) == []

"""How fresh a source is called, and what it is said to lack."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.update import update
from data.health.sources import BILLS_STALE_AFTER, STALE_AFTER, Freshness, source_health
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.app.organisation import publish_into, records
from tests.data.costs.bill.bills import bill, line

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
COMPLETE_UNTIL = datetime(2026, 11, 1, tzinfo=UTC)
BARE = '[organisation]\nname = "Bare"\n'


@pytest.mark.parametrize(
    ("age", "freshness"),
    [
        (timedelta(0), Freshness.FRESH),
        (STALE_AFTER, Freshness.FRESH),
        (STALE_AFTER + timedelta(seconds=1), Freshness.STALE),
    ],
)
def test_a_source_is_stale_when_nothing_is_known_of_the_last_day_however_often_it_was_read(
    tmp_path: Path, age: timedelta, freshness: Freshness
) -> None:
    publish_into(tmp_path, records(), BARE, read_at=NOW)
    reader = SnapshotReader(Workspace(tmp_path))
    with reader.reading() as snapshot:
        found = source_health(snapshot, [], COMPLETE_UNTIL + age)
    reader.close()
    assert [(source.source, source.freshness) for source in found] == [("test", freshness)]
    assert found[0].read_at == NOW
    assert found[0].complete_until == COMPLETE_UNTIL


def test_a_closed_collection_is_finished_and_never_stale(tmp_path: Path) -> None:
    publish_into(tmp_path, records(), BARE, is_finished=True)
    reader = SnapshotReader(Workspace(tmp_path))
    with reader.reading() as snapshot:
        (found,) = source_health(snapshot, [], COMPLETE_UNTIL + timedelta(days=900))
    reader.close()
    assert found.freshness is Freshness.FINISHED


def test_a_source_of_bills_reaches_as_far_as_its_newest_bill(tmp_path: Path) -> None:
    """Each bill is whole by itself: that of January does not grow stale beside that of October."""
    toml = '[[source]]\nkind = "bills"\nname = "cloud"\npath = "*.csv"\ndelivery = "append"\n'
    (tmp_path / "cairn.toml").write_text(toml, encoding="utf-8")
    for name, at in (
        ("old.csv", COMPLETE_UNTIL - timedelta(days=300)),
        ("new.csv", COMPLETE_UNTIL),
    ):
        path = bill(tmp_path, line(BillingAccountId=name), name=name)
        os.utime(path, (at.timestamp(), at.timestamp()))
    update(Workspace(tmp_path), lambda *_: None)
    reader = SnapshotReader(Workspace(tmp_path))
    with reader.reading() as snapshot:
        (found,) = source_health(snapshot, [], COMPLETE_UNTIL + BILLS_STALE_AFTER)
        (later,) = source_health(
            snapshot, [], COMPLETE_UNTIL + BILLS_STALE_AFTER + timedelta(seconds=1)
        )
    reader.close()
    assert found.complete_until == COMPLETE_UNTIL
    assert (found.freshness, later.freshness) == (Freshness.FRESH, Freshness.STALE)


def test_a_configured_source_that_was_never_read_is_listed(tmp_path: Path) -> None:
    publish_into(tmp_path, [], BARE, read_at=NOW)
    reader = SnapshotReader(Workspace(tmp_path))
    with reader.reading() as snapshot:
        found = source_health(snapshot, ["later", "test"], NOW)
    reader.close()
    later, test = found
    assert (later.source, later.freshness) == ("later", Freshness.NEVER)
    assert (later.last_run, later.read_at, later.complete_until) == (None, None, None)
    assert test.source == "test"


def test_the_last_run_is_the_newest_and_tells_its_error(tmp_path: Path) -> None:
    publish_into(tmp_path, records(), BARE, read_at=NOW - timedelta(hours=2))
    publish_into(tmp_path, [], BARE, error="no answer", read_at=NOW)
    reader = SnapshotReader(Workspace(tmp_path))
    with reader.reading() as snapshot:
        run = source_health(snapshot, [], NOW)[0].last_run
    reader.close()
    assert run is not None
    assert (run.is_done, run.error, run.started_at) == (False, "no answer", NOW)


def test_a_gap_keeps_cause_count_and_time(tmp_path: Path) -> None:
    publish_into(tmp_path, records(), BARE, read_at=NOW)
    reader = SnapshotReader(Workspace(tmp_path))
    with reader.reading() as snapshot:
        (gap,) = source_health(snapshot, [], NOW)[0].gaps
    reader.close()
    assert (gap.reason, gap.count, gap.stream) == ("shallow", 12, "all")
    assert gap.until_at == datetime(2026, 5, 1, tzinfo=UTC)
    assert gap.since_at is None

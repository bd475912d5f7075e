"""The cause behind an empty page: the most fundamental one that holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.health.absence import Absence, absence
from data.metrics.figure import NoValue
from data.metrics.scope import Scope
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.app.organisation import publish_into, records

BARE = '[organisation]\nname = "Bare"\n'


def found_in(folder: Path, scope: Scope, reason: NoValue = NoValue.NOTHING_DEPLOYED) -> Absence:
    reader = SnapshotReader(Workspace(folder))
    with reader.reading() as snapshot:
        cause = absence(snapshot, scope, reason)
    reader.close()
    return cause


@pytest.mark.parametrize(
    ("scope", "cause"),
    [
        (Scope("nobody"), Absence.OWNS_NOTHING),
        (Scope("silent"), Absence.NEVER_DEPLOYED),
        (Scope("web", "shop"), Absence.NEVER_DEPLOYED),
        (Scope("staged"), Absence.FILTERED_OUT),
        (Scope(None, "preview"), Absence.FILTERED_OUT),
    ],
)
def test_a_part_of_the_organisation(tmp_path: Path, scope: Scope, cause: Absence) -> None:
    publish_into(tmp_path, records())
    assert found_in(tmp_path, scope) is cause


def test_a_failed_source_may_hide_deployments_and_comes_first(tmp_path: Path) -> None:
    publish_into(tmp_path, [], BARE, error="no answer")
    assert found_in(tmp_path, Scope()) is Absence.SOURCE_FAILED


def test_a_source_that_was_mended_hides_nothing(tmp_path: Path) -> None:
    publish_into(tmp_path, [], BARE, error="no answer")
    publish_into(tmp_path, [], BARE)
    assert found_in(tmp_path, Scope()) is Absence.NO_SOURCE


def test_periods_outside_of_what_is_known(tmp_path: Path) -> None:
    publish_into(tmp_path, records())
    assert found_in(tmp_path, Scope(), NoValue.BEFORE_FIRST) is Absence.BEFORE_FIRST
    assert found_in(tmp_path, Scope(), NoValue.NOT_YET) is Absence.NOT_YET
    assert found_in(tmp_path, Scope(), NoValue.NOT_KNOWN) is Absence.NOT_KNOWN

"""Mainlines against hosts: each commit has its change and each change its commit, or it is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from data.controls.mainline import Mainline, mainlines
from data.model import Commit, Record
from data.period import Window
from tests.data.published import at, change, published, sha

MAY = Window(date(2026, 5, 1), date(2026, 6, 1))


def commit(number: int, committed_at: str, **fields: Any) -> Commit:
    """Commit `number` of the mainline of repository `web`."""
    told: dict[str, Any] = {
        "id": f"test:web#commit/{number}",
        "source": "test",
        "url": None,
        "repository": "web",
        "sha": sha(number),
        "parents": (),
        "authored_at": at(committed_at),
        "committed_at": at(committed_at),
        "subject": f"Commit {number}",
        "position": number,
        "is_mainline": True,
    }
    return Commit(**{**told, **fields})


def counted(folder: Path, *records: Record, window: Window = MAY) -> Mainline:
    with published(folder, records) as snapshot:
        (found,) = mainlines(snapshot, window)
    return found


def test_merges_pushes_and_rebases_add_up(tmp_path: Path) -> None:
    found = counted(
        tmp_path,
        commit(1, "2026-04-30"),
        commit(2, "2026-05-02"),
        commit(3, "2026-05-03", change="4"),
        commit(4, "2026-05-03"),
        commit(5, "2026-05-04"),
        commit(6, "2026-05-04", is_mainline=False, position=None),
        commit(7, "2026-06-01"),
        change(1, "2026-04-30"),
        change(2, "2026-05-02"),
        change(4, "2026-05-03", kind="rebase"),
        replace(change(5, "2026-05-04", kind="direct"), number=None),
        change(7, "2026-06-01"),
    )
    assert found == Mainline(
        "web",
        commits=4,
        by_changes=3,
        by_direct_pushes=1,
        unexplained_commits=0,
        merged_changes=2,
        direct_pushes=1,
        changes_without_commit=0,
        adds_up=True,
    )


def test_a_commit_that_nobody_explains_is_told(tmp_path: Path) -> None:
    found = counted(
        tmp_path, commit(1, "2026-05-02"), commit(2, "2026-05-03"), change(2, "2026-05-03")
    )
    assert (found.commits, found.unexplained_commits, found.adds_up) == (2, 1, False)


def test_a_change_that_the_mainline_does_not_have_is_told(tmp_path: Path) -> None:
    found = counted(
        tmp_path, commit(1, "2026-05-02"), change(1, "2026-05-02"), change(2, "2026-05-03")
    )
    assert (found.merged_changes, found.changes_without_commit, found.adds_up) == (2, 1, False)


def test_a_mainline_that_was_never_read_has_no_count(tmp_path: Path) -> None:
    found = counted(tmp_path, change(1, "2026-05-02"))
    assert (found.merged_changes, found.commits, found.adds_up) == (1, None, None)


def test_a_team_has_its_own_repositories_alone(tmp_path: Path) -> None:
    records = (commit(1, "2026-05-02"), change(1, "2026-05-02"))
    with published(tmp_path, records) as snapshot:
        assert [one.repository for one in mainlines(snapshot, MAY, "unowned")] == ["web"]
        assert mainlines(snapshot, MAY, "nobody") == []

"""A page meets a new snapshot, a damaged one and a missing pointer."""

from __future__ import annotations

from pathlib import Path

from data.store.workspace import Workspace
from tests.app.conftest import OpenPage
from tests.app.organisation import publish_into, records
from tests.data.published import deployment


def test_the_next_run_shows_the_new_snapshot(open_page: OpenPage, tmp_path: Path) -> None:
    publish_into(tmp_path, records())
    page = open_page(tmp_path, team="few", window="30d")
    assert page.metric[0].value == "1.0 :small[per month]"
    for number in range(1, 60):
        more = [deployment(10 + number, f"2026-10-{1 + number % 30:02}", service="rare",
                           id=f"test:rare/more/{number}", repository="rare")]  # fmt: skip
        if number % 20 == 0:
            publish_into(tmp_path, more)
            page.run()
            assert not page.exception
    assert page.metric[0].value == "3.0 :small[per month]"


def test_a_damaged_snapshot_is_told_without_a_traceback(
    open_page: OpenPage, tmp_path: Path
) -> None:
    snapshot = publish_into(tmp_path, records())
    path = Workspace(tmp_path).snapshots / f"snapshot-{snapshot}.duckdb"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    page = open_page(tmp_path)
    assert page.header[0].value == "This page cannot be shown"
    assert "not those that were published" in page.markdown[0].value
    assert page.code[0].value == str(path)
    assert "`cairn sync`" in page.markdown[1].value


def test_a_missing_pointer_is_told_apart_from_an_empty_folder(
    open_page: OpenPage, tmp_path: Path
) -> None:
    publish_into(tmp_path, records())
    Workspace(tmp_path).current.unlink()
    page = open_page(tmp_path)
    assert page.header[0].value == "This page cannot be shown"
    assert "pointer is missing" in page.markdown[0].value

"""`cairn check` of members that are people: who they are is told only where names are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.cli.granted import publish_rights
from tests.app.cli.running import run

ROWS = ("check", "AC-02", "--period", "365d", "--rows", "--format", "csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publish_rights(tmp_path)
    return tmp_path


def test_rows_have_pseudonyms_that_stay_the_same(folder: Path) -> None:
    told = run(folder, *ROWS).stdout
    assert "person:" in told
    assert "alder" not in told
    assert run(folder, *ROWS).stdout == told


def test_rows_have_names_where_names_are_shown(folder: Path) -> None:
    with (folder / "cairn.toml").open("a") as file:
        file.write('[governance]\nnames = "shown"\n')
    told = run(folder, *ROWS).stdout
    assert "alder" in told
    assert "person:" not in told

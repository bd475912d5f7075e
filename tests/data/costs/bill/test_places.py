"""Which files are meant: each once, whatever it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.costs.bill.places import NoBill, bills
from tests.data.costs.bill.bills import bill, line


def test_a_file_that_has_two_names_is_one(tmp_path: Path) -> None:
    path = bill(tmp_path, line())
    (tmp_path / "again.csv").symlink_to(path)
    assert len(bills([str(tmp_path)])) == 1
    assert (
        len(bills([str(path), str(tmp_path / "again.csv"), str(tmp_path / "." / path.name)])) == 1
    )


def test_a_folder_that_is_called_as_a_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(NoBill, match="no bill is there"):
        bills([str(tmp_path)])

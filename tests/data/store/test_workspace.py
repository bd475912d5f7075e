"""Where everything of one Cairn lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.workspace import Workspace, WorkspaceRefused


def test_a_folder_that_no_database_can_lie_in_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    with pytest.raises(WorkspaceRefused, match=r"cannot have `\?` in its path; name another"):
        Workspace(tmp_path / "what?" / "now")

"""The page of waivers and attestations of small organisations that may be written to."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.cli.granted import publish_rights
from tests.app.conftest import OpenPage
from tests.app.deciding.page import (
    SHOWN,
    VIEW,
    Open,
    settled,
)
from tests.app.organisation import CONFIGURATION


@pytest.fixture
def folder(harbour: Path, tmp_path: Path) -> Path:
    """The small organisation, without any decision yet; names are shown."""
    (tmp_path / "cairn.toml").write_text(SHOWN + CONFIGURATION)
    (tmp_path / "store").symlink_to(harbour / "store")
    return tmp_path


@pytest.fixture
def open_waivers(open_page: OpenPage, folder: Path) -> Open:
    """Opens the page as a link would."""

    def opened(at: Path = folder, **address: str) -> AppTest:
        page = open_page(at)
        for _ in range(2):
            page.query_params.clear()
            for key, value in address.items():
                page.query_params[key] = value
            page.switch_page(VIEW)
        return settled(page)

    return opened


@pytest.fixture
def granted(tmp_path: Path) -> Path:
    """An organisation with rights that can be reviewed; names are shown."""
    folder = tmp_path / "granted"
    publish_rights(folder)
    path = folder / "cairn.toml"
    path.write_text(SHOWN + path.read_text())
    return folder

"""Pages of the small organisation, run without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.components import paint
from tests.app.cli.running import run
from tests.app.organisation import publish_into, records

MAIN = Path(__file__).parents[2] / "app" / "main.py"

OpenPage = Callable[..., AppTest]


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small organisation. Nobody writes to it."""
    folder = tmp_path_factory.mktemp("harbour")
    publish_into(folder, records())
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder filled by `cairn demo`. Nobody writes to it."""
    folder = tmp_path_factory.mktemp("demo")
    result = run(folder, "demo")
    assert result.exit_code == 0, result.stderr
    assert "cairn:" not in result.stderr, "a newcomer's first lines complain of nothing"
    return folder


@pytest.fixture
def open_page(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens Delivery as a link would: `open_page(team="web")`; the first figures are drawn."""

    def opened(folder: Path = harbour, **address: str) -> AppTest:
        monkeypatch.setenv("CAIRN_DATA", str(folder))
        st.cache_resource.clear()
        page = AppTest.from_file(MAIN, default_timeout=60)
        page.session_state[paint.PAINTED] = True
        for key, value in address.items():
            page.query_params[key] = value
        page.run()
        assert not page.exception, page.exception[0].message
        return page

    return opened

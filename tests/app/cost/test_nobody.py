"""Where nobody has nothing: somebody has all that is billed, or nothing is billed at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.update import update
from data.store.workspace import Workspace
from tests.app.conftest import OpenPage
from tests.app.cost.test_allocation import told
from tests.app.cost.test_unknown import opened
from tests.data.costs.bill.native.exports import allocation
from tests.data.costs.statement.months import charge, deliver
from tests.data.costs.statement.test_views import JANUARY, clustered

PAGES = {"views/finance/allocation.py": "charge", "views/team/team_cost.py": "resource"}
ALONE = "Nothing is billed here: there are estimates alone"


@pytest.fixture(scope="module")
def loose(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A bill of which pay has all, and estimates of which nobody has one."""
    folder = tmp_path_factory.mktemp("loose")
    found = clustered(folder)
    estimated = json.loads((folder / "cluster.json").read_text(encoding="utf-8"))
    estimated["data"][0]["idle"] = allocation("loose", 2.5)
    (folder / "cluster.json").write_text(json.dumps(estimated), encoding="utf-8")
    deliver(found, "a.csv", charge(JANUARY, "10", "pay"))
    update(found, lambda *_: None)
    return found


def said(open_page: OpenPage, found: Workspace, view: str, **address: str) -> str:
    return told(opened(open_page, found.folder, view, **address)).replace("\\", "")


@pytest.mark.parametrize("view", PAGES)
def test_estimates_that_nobody_has_are_told_where_billed_cost_is_asked(
    open_page: OpenPage, loose: Workspace, view: str
) -> None:
    words = said(open_page, loose, view, cost="billed")
    assert f"Somebody has each {PAGES[view]} that is billed. Of estimates" in words
    assert "nobody has 1 charge: effective cost tells them" in words
    assert "Somebody has each" not in said(open_page, loose, view, cost="effective")


@pytest.mark.parametrize("view", PAGES)
@pytest.mark.parametrize("by", ["account", "tag"])
def test_nobody_has_a_charge_where_nothing_is_billed(
    open_page: OpenPage, loose: Workspace, view: str, by: str
) -> None:
    address = {"cost": "billed", "bills": "cluster", "by": by if "allocation" in view else ""}
    words = said(open_page, loose, view, **address)
    assert f"{ALONE}, and nobody has 1 charge of them." in words
    assert "Somebody has each" not in words


def test_somebody_has_all_where_nothing_is_left(open_page: OpenPage, tmp_path: Path) -> None:
    found = clustered(tmp_path)
    deliver(found, "a.csv", charge(JANUARY, "10", "pay"))
    update(found, lambda *_: None)
    view = "views/finance/allocation.py"
    assert "Somebody has each charge." in said(open_page, found, view, cost="billed")
    alone = said(open_page, found, view, cost="billed", bills="cluster")
    assert f"{ALONE}. Effective cost tells them." in alone

"""A month that still runs is held against as many days of other months, never against a whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.components.cost.overview_tiles import days_told
from connectors.update import update
from data.costs.views.asked import Asked
from data.costs.views.compared import compared
from data.costs.views.told import By, parts, told_in, whole
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.app.conftest import OpenPage
from tests.app.cost.billed import written
from tests.data.costs.paid import deliver, each_day, pay
from tests.data.costs.turn import turn

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
KNOWN = date(2026, 4, 12)
"""One in the morning: eleven days of April are whole, and of the twelfth a little is billed."""


def cost(day: date) -> float:
    if day == KNOWN:
        return 7
    return 120 if day >= APRIL else 100


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """From 2025 on 100 a day, in April 2026 120; on the 20th of March a new service."""
    costs = each_day(date(2025, 1, 1), KNOWN + timedelta(days=1), cost)
    late = each_day(date(2026, 3, 20), date(2026, 3, 21), lambda _: 50, service="Fees")
    early = each_day(APRIL, APRIL + timedelta(days=1), lambda _: 0, service="Fees")
    return pay(tmp_path_factory.mktemp("running"), [*costs, *late, *early], KNOWN)


def read(workspace: Workspace) -> Iterator[Snapshot]:
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
        yield opened


@pytest.fixture
def snapshot(running: Workspace) -> Iterator[Snapshot]:
    yield from read(running)


def test_of_a_running_month_the_whole_days_are_compared_with_as_many(snapshot: Snapshot) -> None:
    told = told_in(snapshot, Asked(APRIL))
    sum_ = whole(parts(snapshot, told, By.BUCKET))
    assert (sum_.amount, sum_.alike) == (Decimal(1327), Decimal(1320))
    assert (sum_.before, sum_.year_before) == (Decimal(1100), Decimal(1100))
    assert days_told(told, [APRIL]) == 11


def test_a_month_that_is_over_is_compared_whole(snapshot: Snapshot) -> None:
    told = told_in(snapshot, Asked(MARCH))
    sum_ = whole(parts(snapshot, told, By.BUCKET))
    assert (sum_.amount, sum_.alike, sum_.before) == (Decimal(3150), Decimal(3150), Decimal(2800))
    assert days_told(told, [MARCH]) == 31


def test_all_months_are_told_by_the_days_that_are_whole(snapshot: Snapshot) -> None:
    told = told_in(snapshot, Asked())
    sum_ = whole(parts(snapshot, told, By.BUCKET))
    before_april = (APRIL - date(2025, 1, 1)).days
    assert sum_.alike == Decimal(before_april * 100 + 50 + 1320)
    assert days_told(told, [date(2025, n, 1) for n in range(1, 13)] + [
        date(2026, n, 1) for n in range(1, 5)]) == before_april + 11  # fmt: skip


def test_as_many_days_are_compared_as_the_month_before_has(tmp_path: Path) -> None:
    costs = each_day(date(2026, 1, 1), date(2026, 3, 31), lambda _: 10)
    for snapshot in read(pay(tmp_path, costs, date(2026, 3, 31))):
        cut = compared(snapshot, Asked(MARCH))
        assert cut is not None
        assert cut.days == 28, "of 30 whole days of March, since February has no more"


def test_an_account_that_is_late_leaves_nothing_to_compare(tmp_path: Path) -> None:
    """Of two sources, one has no bill of the newest month yet."""
    workspace = written(tmp_path)
    text = (tmp_path / "hosting" / "a.csv").read_text(encoding="utf-8")
    (tmp_path / "hosting" / "april.csv").write_text(
        text.replace("2026-04-01", "2026-05-01").replace("2026-03-", "2026-04-"), encoding="utf-8"
    )
    turn(workspace)
    for snapshot in read(workspace):
        cut = compared(snapshot, Asked(APRIL))
        assert cut is not None
        assert (cut.days, cut.behind) == (0, "cloud (account-1)")
        told = told_in(snapshot, Asked(APRIL, "EUR"))
        assert whole(parts(snapshot, told, By.TEAM)).before is None
        own = compared(snapshot, Asked(APRIL, source="hosting"))
        assert own is not None
        assert own.days is None, "of the other source alone, April is whole"


def shown(page: AppTest, view: str, **address: str) -> tuple[dict[str, str], str]:
    page.switch_page(view)
    for key, value in address.items():
        page.query_params[key] = value
    page.run(timeout=120)
    assert not page.exception, page.exception[0].message
    said = " ".join(one.value for one in page.caption).replace("\\", "")
    return {one.label: one.value for one in page.metric}, said


def test_tiles_say_how_many_days_they_compare(open_page: OpenPage, running: Workspace) -> None:
    page = open_page(running.folder)
    tiles, said = shown(page, "views/leadership/cost_overview.py", month="2026-04")
    assert (tiles["Our effective cost, EUR"], tiles["A day"]) == ("1,327", "120")
    assert tiles["Against a year before"] == "+20.0 %"
    assert "+20.0 % against the first 11 days of March 2026" in said
    assert "220.00 EUR more than in the first 11 days of April 2025" in said
    tiles, said = shown(page, "views/team/team_cost.py", month="2026-04", by="service")
    assert tiles["Change"] == "+20.0 %"
    assert "220.00 EUR more than in the first 11 days of March 2026" in said
    rows = next(t.value for t in page.dataframe if "Over a year" in t.value.columns)
    states = dict(zip(rows["Service"], rows.get("State", [None] * len(rows)), strict=True))
    assert states["Fees"] is None, "it was billed in March, though later than on the 11th"


def test_a_month_without_a_whole_day_is_not_compared_and_says_why(
    open_page: OpenPage, tmp_path: Path
) -> None:
    pay(tmp_path, each_day(date(2026, 2, 1), date(2026, 4, 1), lambda _: 10), date(2026, 4, 3))
    deliver(tmp_path, each_day(APRIL, date(2026, 4, 2), lambda _: 3), APRIL)
    update(Workspace(tmp_path), lambda *_: None)
    tiles, said = shown(
        open_page(tmp_path), "views/leadership/cost_overview.py", month="2026-04"
    )  # fmt: skip
    assert (tiles["Our effective cost, EUR"], tiles["A day"]) == ("3", "–")
    assert "not compared: cloud (account-1) holds no whole day of April 2026 yet" in said

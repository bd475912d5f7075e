"""The page of commitments: used, unused, covered; and what a bill does not tell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.costs.views.commitments import Eligible, Month, Use, added, coverage
from data.store.workspace import Workspace
from tests.app.conftest import OpenPage
from tests.app.cost.billed import MACHINES
from tests.app.cost.test_allocation import line, table, told
from tests.app.organisation import publish_into

PAGE = "views/finance/commitments.py"


def commitments(open_page: OpenPage, folder: Path, **address: str) -> AppTest:
    page = open_page(folder)
    page.switch_page(PAGE)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def test_a_commitment_says_what_was_bought_used_and_left(
    open_page: OpenPage, billed: Workspace
) -> None:
    page = commitments(open_page, billed.folder)
    shown = line(table(page, "Utilisation"), "Commitment", "Machines, one year")
    assert shown["Utilisation"] == 75
    assert [shown[name] for name in ("Bought", "Used", "Unused")] == [100, 75, 25]
    assert shown["Paid = used + unused"] == "✓ difference 0"
    tiles = {tile.label: tile.value for tile in page.metric}
    assert tiles["Utilisation"] == "75.0 %"
    assert tiles["Paid = used + unused"] == "✓ holds"


def test_what_was_not_used_says_who_bears_it(open_page: OpenPage, billed: Workspace) -> None:
    bears = table(commitments(open_page, billed.folder, month="all"), "Bucket")
    assert set(bears["Team"]) == {"Payments", "Web"}
    assert set(bears["Bucket"]) == {"Idle"}
    assert bears["Unused"].sum() == Decimal("75.00")


def test_coverage_is_of_the_services_that_are_covered(
    open_page: OpenPage, billed: Workspace
) -> None:
    page = commitments(open_page, billed.folder, month="2026-01")
    (machines,) = table(page, "As it comes").to_dict("records")
    assert machines["Service"] == "Machines"
    assert (machines["Covered"], machines["As it comes"]) == (120, 454)  # 200 + 250 + 2 + 2
    assert machines["Coverage"] == pytest.approx(100 * 120 / 574)


def test_a_month_of_a_commitment_opens_its_lines(open_page: OpenPage, billed: Workspace) -> None:
    page = commitments(open_page, billed.folder, commitment=MACHINES, open="month:2026-02")
    assert ":material/check_circle: 4 lines = **100.00 EUR**" in told(page).replace("\\", "")
    lines = table(page, "Exactly")
    assert set(lines["File"]) == {"cloud/2026-02.csv"}
    assert sorted(lines["Row"]) == [10, 11, 12, 12]
    months = table(page, "Charges")
    assert months["Month"].tolist() == ["2026-03", "2026-02", "2026-01"]


def test_a_currency_without_commitments_says_so(open_page: OpenPage, billed: Workspace) -> None:
    page = commitments(open_page, billed.folder, currency="USD")
    assert page.header[0].value == "No bill tells of a commitment"
    assert not page.metric


def test_without_bills_the_page_says_what_to_write(open_page: OpenPage, tmp_path: Path) -> None:
    publish_into(tmp_path, [])
    assert 'kind = "bills"' in commitments(open_page, tmp_path).code[0].value


def _month(use: Use) -> Month:
    return Month(date(2026, 1, 1), "c", None, None, None, None, None, use, None, 1)


def test_what_no_bill_tells_is_not_nothing() -> None:
    bought = Use(Decimal(10), None, None)
    assert bought.whole is None
    assert bought.utilisation is None
    assert Use(None, None, Decimal(5)).utilisation == 0
    assert added([_month(bought), _month(Use(None, Decimal(3), None))]) == Use(
        Decimal(10), Decimal(3), None
    )


@pytest.mark.parametrize(("untold", "unpriced"), [(1, 0), (0, 1)])
def test_coverage_is_not_known_where_a_bill_does_not_tell_all_of_it(
    untold: int, unpriced: int
) -> None:
    known = Eligible("p", "s", Decimal(1), Decimal(3), 0, 0)
    unknown = Eligible("p", "t", Decimal(1), Decimal(3), untold, unpriced)
    assert known.share == Decimal("0.25")
    assert unknown.share is None
    assert coverage([known]) == Decimal("0.25")
    assert coverage([known, unknown]) is None
    assert coverage([]) is None

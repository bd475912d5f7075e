"""Cost overview: what everything costs, where it goes, how it changes, and what nobody has."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from app.components import loaded
from app.components.contents import contents
from app.components.cost.asked import address_of, asked, asked_line, choices
from app.components.cost.bridge import bridge
from app.components.cost.budget_table import budget_table, of_budgets, overspent
from app.components.cost.currencies import currencies, of_asked
from app.components.cost.nothing import no_bills
from app.components.cost.opened import OPEN
from app.components.cost.overview_tiles import days_told, overview_tiles
from app.components.cost.part_names import Names
from app.components.cost.parts import parts_table
from app.components.cost.reach import behind_the_others, reach
from app.components.cost.reconciliation import reconciliation
from app.components.cost.stacked import stacked
from app.components.cost.unusual import of_unusual, unusual
from app.components.paint import is_painted
from app.components.published import current
from app.wording import plain
from data.costs.views.asked import has_costs
from data.costs.views.reconciled import lines, sums
from data.costs.views.told import By, billed, months, paid, parts, reporting_currency, told_in

BY, STACKED = "by", "stacked"
"""Keys of the address."""
_BY = {
    By.TEAM.value: "Team",
    By.SERVICE.value: "Service",
    By.CATEGORY.value: "Category",
    By.PROVIDER.value: "Provider",
    By.ACTIVITY.value: "Activity",
}
_STACKED = {By.BUCKET.value: "Bucket", **_BY}

snapshot = current()
st.title("Cost overview", anchor=False)
if not has_costs(snapshot):
    no_bills("tells what everything costs, where it goes, and why the sum is right")
    st.stop()

found = choices(snapshot)
reporting = reporting_currency(snapshot)
usual = "" if reporting else found.currencies[0]
converted = f"all bills in {reporting}" if reporting else ""
address = address_of(
    "cost_overview", found,
    {"currency": usual, BY: By.TEAM.value, STACKED: By.BUCKET.value, OPEN: ""},
)  # fmt: skip
address.read()
one = asked(address, found, converted and f"All, in {reporting}")
by, by_month = By(address.choose(BY, list(_BY))), By(address.choose(STACKED, list(_STACKED)))
address.write()

told = told_in(snapshot, one)
titles = {team.team: team.title for team in loaded.names(snapshot).teams}
of_currency = paid(snapshot, told)
st.markdown(asked_line(one, found, converted))
late = behind_the_others(billed(snapshot, one))
if late is not None:
    st.warning(plain(late), icon=":material/hourglass_empty:")
overview_tiles(
    told,
    parts(snapshot, told, By.BUCKET),
    days_told(told, found.months),
)
currencies(snapshot, told, of_currency, is_made=False)
bridge(told, sums(lines(snapshot, one)), of_currency)
budgeted = of_budgets(snapshot, one.month or found.usual)
over = overspent(budgeted, titles)
if over is not None:
    st.warning(over, icon=":material/savings:")
reconciliation(snapshot, one)
contents(
    {
        "Month by month": "months",
        "Where it goes": "parts",
        "Unusual cost": "unusual",
        "Budgets": "budgets",
        "Bills": "reach",
    },
    has_more=False,
)
if not is_painted():
    st.stop()

st.header("Month by month", anchor="months")
st.segmented_control(
    "Stacked by", list(_STACKED), key=STACKED, format_func=_STACKED.__getitem__, required=True
)
stacked(snapshot, told, months(snapshot, told, by_month), by_month, Names(by_month, titles))

st.header("Where it goes", anchor="parts")
st.segmented_control("By", list(_BY), key=BY, format_func=_BY.__getitem__, required=True)
parts_table(
    snapshot, told, parts(snapshot, told, by), of_asked(told, of_currency), by, Names(by, titles)
)

st.page_link(
    "views/finance/allocation.py",
    label="What nobody has, and which rules and pools there are",
    icon=":material/account_tree:",
)

st.header("Unusual cost", anchor="unusual")
unusual(of_unusual(snapshot, one.month or found.usual), titles)

st.header("Budgets and forecast", anchor="budgets")
budget_table(budgeted, titles)

st.header("How far the bills reach", anchor="reach")
reach(billed(snapshot, one), datetime.now(UTC))

"""Team cost: a team's own bill, what of it is shared and why, and what nobody has yet."""

from __future__ import annotations

import streamlit as st

from app.components import loaded
from app.components.contents import contents
from app.components.cost.asked import address_of, asked, asked_line, choices
from app.components.cost.budget_table import budget_table, of_budgets, overspent
from app.components.cost.currencies import currencies, of_asked
from app.components.cost.nothing import no_bills
from app.components.cost.opened import OPEN
from app.components.cost.part_names import Names
from app.components.cost.parts import parts_table
from app.components.cost.reconciliation import reconciliation
from app.components.cost.stacked import stacked
from app.components.cost.team_nobody import team_nobody
from app.components.cost.team_pools import team_pools
from app.components.cost.team_tiles import team_tiles
from app.components.cost.units import quarter_of, unit_table, units_of
from app.components.cost.unusual import of_unusual, unusual
from app.components.filters import choice
from app.components.paint import is_painted
from app.components.published import current
from app.wording import plain
from data.costs.views.asked import has_costs
from data.costs.views.team import pooled, unowned
from data.costs.views.told import By, months, paid, parts, reporting_currency, told_in, whole

BY, STACKED = "by", "stacked"
"""Keys of the address."""
_BY = {By.SERVICE.value: "Service", By.CATEGORY.value: "Category", By.PROVIDER.value: "Provider",
       By.ACTIVITY.value: "Activity"}  # fmt: skip
_STACKED = {By.BUCKET.value: "Bucket", **_BY}

snapshot = current()
st.title("Team cost", anchor=False)
if not has_costs(snapshot):
    no_bills("is the bill of one team, with what it has of shared cost and why")
    st.stop()
known = loaded.names(snapshot)
if not known.teams:
    st.info("No team is named: write `[[team]]` into `cairn.toml`, then run `cairn sync`.")
    st.stop()

found = choices(snapshot)
reporting = reporting_currency(snapshot)
usual = "" if reporting else found.currencies[0]
converted = f"all bills in {reporting}" if reporting else ""
titles = {team.team: team.title for team in known.teams}
address = address_of(
    "team_cost", found,
    {"currency": usual, "team": known.teams[0].team, BY: By.SERVICE.value,
     STACKED: By.BUCKET.value, OPEN: ""},
)  # fmt: skip
address.read()
with st.sidebar:
    team = choice(address, "Team", "team", list(titles), titles)
one = asked(address, found, converted and f"All, in {reporting}")
by, by_month = By(address.choose(BY, list(_BY))), By(address.choose(STACKED, list(_STACKED)))
address.write()

of_all = told_in(snapshot, one)
chosen = known.team(team) or known.teams[0]
told = of_all.of(*chosen.members)
of_currency = paid(snapshot, told)
st.markdown(f"**{plain(titles[team])}** · {asked_line(one, found, converted)}")
team_tiles(
    told,
    parts(snapshot, told, By.BUCKET),
    whole(parts(snapshot, of_all, By.BUCKET)),
)
currencies(snapshot, told, of_currency)
budgeted = of_budgets(snapshot, one.month or found.usual, team)
over = overspent(budgeted, titles)
if over is not None:
    st.warning(over, icon=":material/savings:")
reconciliation(snapshot, one, is_of_one=True)
contents(
    {
        "Month by month": "months",
        "Own bill": "parts",
        "Unit costs": "units",
        "From pools": "pools",
        "Unusual cost": "unusual",
        "Budget": "budgets",
        "What nobody has": "nobody",
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

st.header("Own bill", anchor="parts")
st.segmented_control("By", list(_BY), key=BY, format_func=_BY.__getitem__, required=True)
parts_table(
    snapshot, told, parts(snapshot, told, by), of_asked(told, of_currency), by, Names(by, titles)
)

st.header("Unit costs", anchor="units")
quarter = quarter_of(one.month or found.usual, known.today)
unit_table(units_of(snapshot, team, quarter), team, known.today, reporting)

st.header("From pools", anchor="pools")
team_pools(snapshot, told, pooled(snapshot, told), of_asked(told, of_currency), titles)

st.header("Unusual cost", anchor="unusual")
unusual(of_unusual(snapshot, one.month or found.usual, told.teams), titles)

st.header("Budget and forecast", anchor="budgets")
budget_table(budgeted, titles)

st.header("What nobody has", anchor="nobody")
team_nobody(snapshot, told, unowned(snapshot, told))

"""Commitments: what was bought ahead, what of it was used, and what was not."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.components import loaded
from app.components.contents import contents
from app.components.cost.asked import address_of, asked, asked_line, choices
from app.components.cost.commitment_months import commitment_months
from app.components.cost.commitment_tiles import commitment_tiles
from app.components.cost.commitment_trend import commitment_trend
from app.components.cost.commitments import CHOSEN, commitment_table
from app.components.cost.eligible import eligible_table
from app.components.cost.nothing import no_bills, no_commitments
from app.components.cost.opened import OPEN
from app.components.cost.reconciliation import reconciliation
from app.components.cost.unused import unused
from app.components.paint import is_painted
from app.components.published import current
from data.costs.views.asked import Cost, has_costs
from data.costs.views.commitments import Month, eligible, identities, months

snapshot = current()
if not has_costs(snapshot):
    st.title("Commitments", anchor=False)
    no_bills("tells what was bought ahead, what of it was used, and who bears the rest")
    st.stop()
found = choices(snapshot)
address = address_of("commitments", found, {CHOSEN: "", OPEN: ""}, has_cost=False)
address.read()
for key in (CHOSEN, OPEN):  # a field that is not drawn would forget what was chosen
    st.session_state[key] = st.session_state.get(key, "")
asking = replace(asked(address, found, has_cost=False), cost=Cost.EFFECTIVE)

st.title("Commitments", anchor=False)
st.markdown(asked_line(asking, found))
every = months(snapshot, replace(asking, month=None))
by_id: dict[str, list[Month]] = {}
for one in every:
    by_id.setdefault(one.id, []).append(one)
if not every:
    no_commitments(asking.currency or "")
    address.write()
    st.stop()
chosen = [one for one in every if asking.month in (None, one.month)]
compared = {id: some for id, some in identities(snapshot, asking).items() if id in by_id}
services = eligible(snapshot, asking)
commitment_tiles(chosen, compared, services, asking.currency or "")
reconciliation(snapshot, replace(asking, currency=None))
contents(
    {"Each commitment": "each", "Who bears what was not used": "unused",
     "Usage that is covered": "covered", "Month by month": "months"},
    has_more=False,
)  # fmt: skip

st.header("Each commitment", anchor="each")
st.markdown(":small[The most unused first. Choose a row to see its months.]")
in_month = {
    name: [one for one in some if asking.month in (None, one.month)] for name, some in by_id.items()
}
commitment_table(snapshot, asking, {n: some for n, some in in_month.items() if some}, compared)
if st.session_state[CHOSEN] in by_id:
    name = st.session_state[CHOSEN]
    whole = identities(snapshot, replace(asking, month=None))
    commitment_months(snapshot, asking, by_id[name], whole.get(name, ()))
titles = {team.team: team.title for team in loaded.names(snapshot).teams}
st.header("Who bears what was not used", anchor="unused")
unused(snapshot, asking, titles)
st.header("Usage that is covered", anchor="covered")
eligible_table(snapshot, asking, services)
address.write()
st.header("Month by month", anchor="months")
if not is_painted():
    st.stop()
commitment_trend(snapshot, asking, every)

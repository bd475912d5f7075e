"""Allocation: by which rules and pools bills were divided, and what nobody has."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.components.contents import contents
from app.components.cost.asked import address_of, asked, asked_line, choices
from app.components.cost.coverage import coverage_tiles
from app.components.cost.left_out import left_out
from app.components.cost.months import months
from app.components.cost.nobody import BY, FIRST, nobody
from app.components.cost.nothing import no_bills
from app.components.cost.opened import OPEN
from app.components.cost.pools import POOL, shared_pools
from app.components.cost.quarantine import quarantine
from app.components.cost.reconciliation import reconciliation
from app.components.cost.rules import rules_table
from app.components.cost.titles import titles_of
from app.components.paint import is_painted
from app.components.published import current
from data.costs.views.allocation import buckets, coverage, parts, pools, rules
from data.costs.views.asked import Asked, has_costs
from data.costs.views.reconciled import files

snapshot = current()
if not has_costs(snapshot):
    st.title("Allocation", anchor=False)
    no_bills("tells by which rules and pools bills are divided, and what nobody has")
    st.stop()
found = choices(snapshot)
address = address_of("allocation", found, {BY: FIRST, POOL: "", OPEN: ""})
address.read()
for key in (BY, POOL, OPEN):  # a field that is not drawn would forget what was chosen
    st.session_state[key] = st.session_state.get(key, "")
asking = asked(address, found)

st.title("Allocation", anchor=False)
st.markdown(asked_line(asking, found))
titles = titles_of(snapshot)
caught = rules(snapshot, asking)
coverage_tiles(asking, coverage(snapshot, asking), caught, files(snapshot, asking))
contents(
    {"Why the sum is right": "sum", "Rules": "rules", "Shared pools": "pools",
     "What nobody has": "nobody", "Refused rows": "refused", "Left out": "left",
     "Month by month": "months"},
    has_more=False,
)  # fmt: skip

st.header("Why the sum is right", anchor="sum")
reconciliation(snapshot, replace(asking, currency=None), is_whole=True)
st.header("Rules", anchor="rules")
rules_table(snapshot, asking, caught, titles)
st.header("Shared pools", anchor="pools")
shared_pools(snapshot, asking, pools(snapshot), parts(snapshot, asking), titles)
st.header("What nobody has", anchor="nobody")
nobody(snapshot, asking, address)
st.header("Refused rows", anchor="refused")
quarantine(snapshot, asking, files(snapshot, Asked(source=asking.source)))
st.header("Left out", anchor="left")
left_out(snapshot, asking)
address.write()
st.header("Month by month", anchor="months")
if not is_painted():
    st.stop()
months(snapshot, asking, buckets(snapshot, asking))

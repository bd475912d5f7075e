"""Statements: which months are closed, what each team is charged for one, and why it is right."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.components import loaded
from app.components.contents import contents
from app.components.cost.nothing import no_bills
from app.components.cost.reconciliation import reconciliation
from app.components.cost.statement_asked import address_of, month_asked, team_asked
from app.components.cost.statement_close import closing_of
from app.components.cost.statement_files import statement_files
from app.components.cost.statement_loaded import closed_months, months, shown, shows_names
from app.components.cost.statement_months import month_table
from app.components.cost.statement_state import (
    missing_line,
    no_statement,
    none_closed,
    nothing_billed,
    state_line,
)
from app.components.cost.statement_tiles import month_tiles
from app.components.cost.statement_told import corrections, estimated, proof, sums
from app.components.published import current
from app.viewer import NAMES_HIDDEN
from data.costs.views.asked import Asked, Cost, has_costs
from data.errors import CairnError

snapshot = current()
if not has_costs(snapshot):
    st.title("Statements", anchor=False)
    no_bills("tells what each team is charged for a month, and closes it")
    st.stop()
closed = closed_months()
found = months(snapshot, closed)
if not found:
    st.title("Statements", anchor=False)
    nothing_billed()
    st.stop()
address = address_of(found)
address.read()
month = month_asked(address, found)
chosen = next(one for one in found if one.month == month)
whole, refused = None, None
try:
    whole = shown(snapshot, closed, month)
except CairnError as error:
    refused = error
titles = {team.team: team.title for team in loaded.names(snapshot).teams}
team = team_asked(address, whole.statement if whole else None, titles)
address.write()

st.title("Statements", anchor=False)
state_line(chosen, titles.get(team, team) if team else None)
month_tiles(found)
reconciliation(snapshot, Asked(month=month, cost=Cost.BILLED), is_of_one=team is not None)
contents(
    {"Statement": "statement", "From the bills to the statement": "proof",
     "Corrections": "corrections", "All months": "months"},
    has_more=False,
)  # fmt: skip

st.header(f"Statement of {month:%B %Y}", anchor="statement")
closing_of(chosen, snapshot.id, is_told=whole is not None)
if whole is None or refused is not None:
    no_statement(refused)
else:
    told = replace(whole, team=team)
    missing_line(told)
    statement_files(told)
    sums(told, titles)
    st.header("From the bills to the statement", anchor="proof")
    proof(told)
    st.header("Corrections", anchor="corrections")
    corrections(told, titles)
    estimated(told)
st.header("All months", anchor="months")
none_closed(closed)
month_table(found, sees_names=shows_names())
if closed.all and not shows_names():
    st.caption(NAMES_HIDDEN)

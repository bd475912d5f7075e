"""Control: what one control asks, of whom, what fails and since when, and how to mend it."""

from __future__ import annotations

import streamlit as st

from app.components import loaded
from app.components.contents import contents
from app.components.filters import choice
from app.components.governance.again import again
from app.components.governance.asked import address_of, asked, linked
from app.components.governance.examined import outcome, reconciliation, rules
from app.components.governance.members import KEY, members
from app.components.governance.nothing import nothing_of_framework, unknown_control, withheld
from app.components.governance.over import over
from app.components.governance.past import past
from app.components.governance.population import population
from app.components.governance.said import facts, rates, said
from app.components.heading import team_title
from app.components.published import current, workspace
from app.wording import days, message, plain
from data.controls.history import History
from data.controls.lasting import lasting
from data.controls.state import State
from data.controls.teams import above

_PARTS = {"Population": "population", "Rows": "rows", "Waivers": "waivers", "History": "history"}

snapshot = current()
known = loaded.names(snapshot)
made = rules()
controls = made.examination.known.controls
address = address_of("control", {"control": "", KEY: State.FAIL.value})
address.read()
if not controls:
    st.title("Control", anchor=False)
    nothing_of_framework(None, workspace().folder, address.clear)
    st.stop()
named = st.session_state["control"]
with st.sidebar:
    titles = {name: f"{name} {one.title}" for name, one in controls.items()}
    name = choice(address, "Control", "control", list(controls), titles)
asking = asked(address, known, made.examination.known, is_framed=False)
control = controls[name]
teams = {team.team: team.title for team in known.teams}

st.title(f"{control.id} {control.title}", anchor=False)
if named and named != name:
    unknown_control(named)
st.markdown(f"**{plain(team_title(known, asking.name))}** · {days(asking.window)}")
found = outcome(snapshot, made, name, asking.window, asking.name)
history = History(workspace().folder)
if found.is_withheld:
    withheld()
else:
    rates(found, lasting(history.evaluations(name)).get(name))
    contents(_PARTS, has_more=False)
left, right = st.columns([3, 2], gap="large")
with left:
    said(control)
with right:
    facts(control, dict(made.examination.known.frameworks), asking.window.end)
if found.error is not None:
    st.error(
        f"It could not be evaluated: {message(found.error)}. `cairn check {name}` names the line "
        "of its file.",
        icon=":material/error:",
    )
    address.write()
elif found.is_withheld:
    address.write()
else:
    population(found, reconciliation(snapshot, made, name, asking.window, asking.name))
    members(
        address,
        found,
        timezone=snapshot.rows("select timezone from setting")[0]["timezone"],
        titles=teams,
        sees_names=made.sees_names,
    )
    address.write()
if not found.is_withheld:
    waivers = made.examination.made.waivers.all
    over(found, waivers, above(snapshot), sees_names=made.sees_names)
st.page_link(
    "views/governance/waivers.py",
    label="Ask for a waiver, or answer one",
    icon=":material/approval_delegation:",
    query_params=linked(asking, {"control": name}),
)
past(history, control, teams)
again(found, known.today)

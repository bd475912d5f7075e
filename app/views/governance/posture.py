"""Posture: how teams stand against frameworks, clause by clause and control by control."""

from __future__ import annotations

import streamlit as st

from app.components import loaded
from app.components.governance.asked import address_of, asked
from app.components.governance.clauses import clause_table
from app.components.governance.control_table import control_table, go_on
from app.components.governance.course import KEY, course
from app.components.governance.examined import rules, tallies
from app.components.governance.matrix import matrix
from app.components.governance.nothing import nothing_of_framework, nothing_to_judge
from app.components.governance.signs import summary
from app.components.heading import team_title
from app.components.paint import is_painted
from app.components.published import current, workspace
from app.wording import days, plain
from data.controls.history import History
from data.controls.lasting import lasting
from data.controls.posture import serving, stand


def choose(framework: str, team: str) -> None:
    """Points the parts below at a cell of the matrix."""
    st.session_state.update({"framework": framework, "team": team})


snapshot = current()
known = loaded.names(snapshot)
made = rules()
controls = made.examination.known
address = address_of("posture", {"framework": "", KEY: ""})
address.read()
asking = asked(address, known, controls, is_framed=True)
address.write()
go_on(asking)

st.title("Posture", anchor=False)
framework = asking.framework
parts = [f"**{plain(team_title(known, asking.name))}**", days(asking.window)]
parts.append(plain(framework.title) if framework else "all frameworks")
st.markdown(" · ".join(parts))

found = tallies(snapshot, made, [asking.window], controls.controls.values())[asking.window]
shown = serving(framework, found) if framework else found
if not shown:
    nothing_of_framework(framework, workspace().folder, address.clear)
    st.stop()
stood = stand(shown.values(), asking.members)
st.markdown(summary(stood))
if stood.is_empty:
    nothing_to_judge(asking, address.clear)

st.header("Frameworks and teams", anchor="frameworks")
st.markdown(
    ":small[Of each team with those below it: how many of the controls are in the worst state "
    "there is; then, of the rows of all of them, the share that passes of those judged, the share "
    "that could be judged, and how many failures are waived. The stronger the colour, the more "
    "pass. Choose a cell to see its clauses and controls.]"
)
served = {name: one for name, one in controls.frameworks.items() if serving(one, found)}
matrix(served, found, known, choose)
if framework:
    clause_table(framework, shown, asking)
control_table(shown, asking, lasting(History(workspace().folder).evaluations()))
if not is_painted():
    st.stop()
course(snapshot, made, [one.control for one in shown.values()], asking)

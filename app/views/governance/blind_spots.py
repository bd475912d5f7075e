"""Blind spots: what controls cannot see, and what would open their eyes."""

from __future__ import annotations

import streamlit as st

from app.components import loaded
from app.components.empty import SOURCES_PAGE
from app.components.governance.asked import address_of, asked
from app.components.governance.blind import not_told, refused
from app.components.governance.examined import rules, tallies
from app.components.governance.nothing import nothing_of_framework
from app.components.heading import team_title
from app.components.published import current, workspace
from app.wording import days, plain
from data.controls.blindness import blind_spots, untold
from data.controls.posture import serving
from data.controls.state import Reason
from data.controls.tally import NOBODY

snapshot = current()
known = loaded.names(snapshot)
made = rules()
controls = made.examination.known
address = address_of("blind spots", {"framework": ""})
address.read()
asking = asked(address, known, controls, is_framed=True)
address.write()

st.title("Blind spots", anchor=False)
framework = asking.framework
parts = [f"**{plain(team_title(known, asking.name))}**", days(asking.window)]
parts.append(plain(framework.title) if framework else "all frameworks")
st.markdown(" · ".join(parts))
found = tallies(snapshot, made, [asking.window], controls.controls.values())[asking.window]
shown = serving(framework, found) if framework else found
if not shown:
    nothing_of_framework(framework, workspace().folder, address.clear)
    st.stop()

counts = [one.of(asking.members) or NOBODY for one in shown.values()]
blind = [one for one in counts if one.unknown_by]
waiting = sum(one.unknown_by.get(Reason.NOT_ATTESTED, 0) for one in counts)
rows = sum(sum(one.unknown_by.values()) for one in counts)
st.markdown(
    f"{len(blind)} of {len(shown)} controls cannot judge all they look at: {rows:,} rows are "
    "unknown, which is neither a pass nor a failure."
    + (f" {waiting:,} of these wait for the answer of a person." if waiting else "")
)
refused(blind_spots(snapshot, asking.window, shown.values(), asking.members))
not_told(untold(snapshot, shown.values(), asking.members))
st.page_link(SOURCES_PAGE, label="See all gaps of the sources", icon=":material/database:")

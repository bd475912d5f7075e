"""Audit trail: who did what, when, before and after, searched; and the proof of each entry."""

from __future__ import annotations

import streamlit as st

from app.components import loaded
from app.components.contents import contents
from app.components.heading import team_title
from app.components.paint import is_painted
from app.components.published import current
from app.components.trail.asked import ENTRY, address_of, asked, search_box
from app.components.trail.checking import alarm, check_button, last_check
from app.components.trail.course import course
from app.components.trail.entries import entries, matches, nothing_matches
from app.components.trail.nothing import nothing_logged
from app.components.trail.one import one_entry
from app.components.trail.opened import opened, searched
from app.components.trail.stands import key_part, stands_line
from app.wording import days, plain
from data.trail.standing import has_begun, standing

known = loaded.names(current())
log = opened()
address = address_of(sees_names=log.sees_names)
address.read()
begun = has_begun(log.ledger)  # one that may not be read is told in place of the page
st.title("Audit trail", anchor=False)
if not begun:
    nothing_logged()
    st.stop()
trail = searched(log)
stands = standing(log.ledger, trail)
last = last_check(log, stands)
if not stands.size:
    alarm(stands, last)
    check_button(log, stands)
    st.stop()
asking = asked(address, known, trail)
name = asking.team.team if asking.team else None
st.markdown(f"**{plain(team_title(known, name))}** · {days(asking.window)} (UTC)")
is_broken = bool(stands.troubles) or (last is not None and not last.report.is_sound)
stands_line(stands, is_broken=is_broken, is_checked=last is not None)
alarm(stands, last)
check_button(log, stands)
key_part(stands)
if st.session_state[ENTRY]:
    contents({"Entries": "entries", "Entry": "entry", "Proof": "proof"}, has_more=False)

st.header("Entries", anchor="entries")
search_box()
address.write()
titles = {team.team: team.title for team in known.teams}
if count := matches(trail, asking):
    if not is_painted():
        st.stop()  # to go on would let the browser's call cut this run short, and lose the search
    course(trail, asking)
    entries(trail, asking, count, titles, stands)
    if not st.session_state[ENTRY]:
        st.caption("Choose a row to see the entry with its proof.")
else:
    nothing_matches(trail, asking)
one_entry(log, trail, stands, titles)

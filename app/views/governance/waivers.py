"""Waivers and attestations: what people ask for, answer and decide, and what waits for them."""

from __future__ import annotations

import streamlit as st

from app.components import loaded
from app.components.decisions.actor import ask_who, may_decide
from app.components.decisions.attestations import CHOSEN as ATTESTED
from app.components.decisions.attestations import answers, attestations
from app.components.decisions.desk import desk
from app.components.decisions.overview import overview
from app.components.decisions.reviews import CHOSEN as REVIEW
from app.components.decisions.reviews import all_reviews, reviews
from app.components.decisions.waiver_request import waiver_request
from app.components.decisions.waiver_table import ALL, STATE, filtered
from app.components.decisions.waiver_table import CHOSEN as WAIVER
from app.components.decisions.waivers import waivers
from app.components.filters import choice
from app.components.governance.asked import address_of, asked
from app.components.governance.examined import rules
from app.components.heading import team_title
from app.components.published import current
from app.wording import days, plain

_ABOUT = {
    "waivers": "Waivers",
    "request": "Request a waiver",
    "attestations": "Attestations",
    "reviews": "Reviews of access",
}
_KEYS = {"about": "waivers", "framework": "", "control": "", STATE: ALL, WAIVER: "", ATTESTED: "",
         REVIEW: ""}  # fmt: skip

snapshot = current()
known = loaded.names(snapshot)
made = rules()
controls = made.examination.known
address = address_of("waivers", _KEYS)
address.read()
for key, usual in _KEYS.items():  # a field that is not drawn would forget what was chosen
    st.session_state[key] = st.session_state.get(key, usual)
asking = asked(address, known, controls, is_framed=True)
with st.sidebar:
    titles = {"": "All controls", **{n: f"{n} {one.title}" for n, one in controls.controls.items()}}
    control = choice(address, "Control", "control", list(titles), titles)
laid = desk(snapshot, made, known, asking, control=control, may_decide=may_decide())

st.title("Waivers and attestations", anchor=False)
parts = [f"**{plain(team_title(known, asking.name))}**", days(asking.window)]
parts += [plain(asking.framework.title)] if asking.framework else []
parts += [plain(titles[control])] if control else []
st.markdown(" · ".join(parts))
answered, started = answers(laid), all_reviews(laid)
told = {name: one for name, (one, _) in answered.items()}
st.markdown(overview(filtered(laid), told, started, laid.today))
ask_who(is_allowed=laid.may_decide)
address.choose("about", list(_ABOUT))
about = st.segmented_control(
    "About", list(_ABOUT), key="about", format_func=_ABOUT.__getitem__, required=True,
    label_visibility="collapsed",
)  # fmt: skip
match about:
    case "request":
        waiver_request(laid)
    case "attestations":
        attestations(laid, address, answered)
    case "reviews":
        reviews(laid, address, started)
    case _:
        waivers(laid, address)
address.write()

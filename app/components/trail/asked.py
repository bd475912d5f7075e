"""What a reader asks of the trail: filters in the sidebar, the search, and the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from app.components.address import Address
from app.components.filters import choice, team_of, window_of
from app.components.trail.words import person
from data.metrics.catalogue import Catalogue, Team
from data.period import Window
from data.trail.kinds import TITLES, Group
from data.trail.search import Trail
from data.trail.wanted import Wanted

ENTRY = "entry"
"""Key of the entry that is open."""
_OWN = {"q": "", "group": "", "source": "", "who": "", "subject": "", ENTRY: ""}
_USUAL = {"team": "", "window": "90d", "from": "", "to": ""}


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of the page."""

    team: Team | None
    window: Window
    wanted: Wanted

    @property
    def is_narrowed(self) -> bool:
        """Whether more than the period is asked for."""
        wanted = self.wanted
        return bool(
            wanted.words or wanted.group or wanted.source or wanted.actor or wanted.subject
            or wanted.teams is not None
        )  # fmt: skip


def address_of(*, sees_names: bool) -> Address:
    """What the page keeps in its address; persons only for who may see them."""
    hidden = set() if sees_names else {"who"}
    own = {key: default for key, default in _OWN.items() if key not in hidden}
    return Address("audit trail", {**_USUAL, **own})


def asked(address: Address, known: Catalogue, trail: Trail) -> Asking:
    """Shows the filters in the sidebar and reads them. The address is not written yet."""
    for key in ("q", "subject"):
        # Said again at each run: one that ends before the field would lose what is written.
        st.session_state[key] = str(st.session_state.get(key, ""))
    with st.sidebar:
        team = team_of(address, known)
        window = window_of(address, after(trail, known.today, datetime.now(UTC)))
        groups = {"": "All kinds", **{group.value: title for group, title in TITLES.items()}}
        group = choice(address, "Kind", "group", list(groups), groups)
        source = choice(address, "Source", "source", ["", *trail.sources()], {"": "All sources"})
        actor = _actor(address, trail) if trail.sees_names else ""
        subject = st.text_input(
            "Subject",
            key="subject",
            placeholder="id, or a part with * before and after",
            help="Id of what it happened to: a change, a deployment, a model, a control. `*` "
            "stands for any letters: `*tracking-api*` finds all of that repository.",
        )
    return Asking(
        team,
        window,
        Wanted(
            words=st.session_state["q"],
            group=Group(group) if group else None,
            source=source or None,
            actor=actor or None,
            subject=subject.strip() or None,
            teams=frozenset(team.members) if team else None,
            since=_midnight(window.start),
            until=_midnight(window.end),
        ),
    )


def search_box() -> None:
    """The field of the search; what is written there is read with the filters."""
    st.text_input(
        "Search",
        key="q",
        icon=":material/search:",
        placeholder="words, parts of words, ids: all must occur",
        help="Looks at kind, title, subject, source, team, id, and what was before and after; at "
        "who did it only where names are shown. Upper and lower case are the same.",
    )


def after(trail: Trail, today: date, now: datetime) -> date:
    """The first day of which nothing is told: the log also holds what was decided since.

    What a source dates in the future moves nothing: it would hide what is new.
    """
    newest = trail.newest(now)
    return max(today, newest.date() + timedelta(days=1)) if newest else today


def whole(trail: Trail) -> None:
    """Chooses all days that the log tells of: for the callback of a button."""
    if span := trail.span():
        st.session_state["window"] = "custom"
        st.session_state["from"] = span[0].date().isoformat()
        st.session_state["to"] = (span[1].date() + timedelta(days=1)).isoformat()


def widened() -> None:
    """Drops all filters but the period: for the callback of a button."""
    for key in ("q", "group", "source", "who", "subject", "team"):
        if key in st.session_state:
            st.session_state[key] = ""


def _actor(address: Address, trail: Trail) -> str:
    erased = trail.erased()
    names = {p: person(p, account, erased) for p, account in trail.actors().items()}
    return choice(address, "Who", "who", ["", *names], {"": "Everybody", **names})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

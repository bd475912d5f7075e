"""What a page is about, in a sentence; and whose rows it shows."""

from __future__ import annotations

import streamlit as st

from app.components.question import Question
from app.wording import NAMES, day, days, edition_title, plain
from data.metrics.catalogue import Catalogue
from data.metrics.period import periods
from data.metrics.scope import By


def heading(known: Catalogue, asked: Question) -> None:
    """Title, and one line with all filters spelled out."""
    st.title("Delivery", anchor=False)
    parts = [
        f"**{plain(team_title(known, asked.scope.team))}**",
        plain(asked.scope.service) if asked.scope.service else "",
        plain(asked.scope.environment or "all environments"),
        days(asked.window),
        f"against {days(asked.window.before)}",
        plain(edition_title(asked.edition)),
    ]
    st.markdown(" · ".join(part for part in parts if part))
    if asked.window.end > known.today:
        st.caption(f"The period is not over: nothing is known from {day(known.today)} on.")


def rows_heading(known: Catalogue, asked: Question) -> None:
    """Whose rows are shown, with the choices that no click above can make."""
    st.subheader(f"Rows behind {NAMES[asked.metric].lower()}", anchor="rows")
    groups = [t.team for t in known.teams] if asked.by is By.TEAM else _services(known, asked)
    titles = {t.team: t.title for t in known.teams} if asked.by is By.TEAM else {}
    left, right = st.columns(2)
    if asked.scope.service is None:
        left.selectbox(
            "Team" if asked.by is By.TEAM else "Service",
            ["", *groups],
            key="group",
            format_func=lambda name: titles.get(name, name) or "All, as filtered",
        )
    cuts = {cut.label: cut for cut in periods(asked.window, asked.grain)}
    right.selectbox(
        "Part of the period",
        ["", *reversed(cuts)],
        key="period",
        format_func=lambda name: days(cuts[name]) if name else f"All of it: {days(asked.window)}",
    )


def team_title(known: Catalogue, name: str | None) -> str:
    """What a team is called."""
    team = known.team(name)
    return team.title if team else "All teams"


def _services(known: Catalogue, asked: Question) -> list[str]:
    team = known.team(asked.scope.team)
    return [name for name, owner in known.services.items() if team is None or owner in team.members]

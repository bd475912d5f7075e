"""What a page is about, in a sentence; and whose rows it shows."""

from __future__ import annotations

import streamlit as st

from app.components.discipline import Discipline
from app.components.question import Question
from app.wording import NAMES, day, days, edition_title, plain
from data.metrics.catalogue import Catalogue
from data.metrics.scope import By
from data.period import periods


def heading(discipline: Discipline, known: Catalogue, asked: Question) -> None:
    """Title, and one line with all filters spelled out."""
    st.title(discipline.title, anchor=False)
    has_environments = asked.subject.has_environments
    parts = [
        f"**{plain(team_title(known, asked.scope.team))}**",
        plain(asked.item or ""),
        plain(asked.scope.environment or "all environments") if has_environments else "",
        days(asked.window),
        f"against {days(asked.window.before)}",
        plain(edition_title(asked.edition)) if discipline.has_bands else "",
    ]
    st.markdown(" · ".join(part for part in parts if part))
    if asked.window.end > known.today:
        st.caption(f"The period is not over: nothing is known from {day(known.today)} on.")


def rows_heading(known: Catalogue, asked: Question) -> None:
    """Whose rows are shown, with the choices that no click above can make."""
    st.header(f"Rows behind {NAMES[asked.metric].lower()}", anchor="rows")
    of_team = known.owned(asked.subject, known.team(asked.scope.team))
    groups = [t.team for t in known.teams] if asked.by is By.TEAM else of_team
    titles = {t.team: t.title for t in known.teams} if asked.by is By.TEAM else {}
    left, right = st.columns(2)
    if asked.item is not None:
        right = left
    else:
        left.selectbox(
            asked.by.value.capitalize(),
            ["", *groups],
            key="group",
            format_func=lambda name: titles.get(name, name) or "All, as filtered",
        )
    cuts = {cut.label_in(asked.grain): cut for cut in periods(asked.window, asked.grain)}
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

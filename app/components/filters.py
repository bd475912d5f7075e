"""The sidebar of a page of figures: what is asked, kept in the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from app.components.address import Address
from app.components.discipline import Discipline
from app.components.explained import KEY, USUAL
from app.components.question import CUSTOM, Question, window_choices
from app.wording import edition_title
from data.benchmarks.bands import editions
from data.metrics.catalogue import Catalogue, Team
from data.metrics.engine import DEFAULT_EDITION
from data.metrics.scope import NO_TEAM, Scope
from data.metrics.subject import Subject
from data.period import (
    Grain,
    PeriodError,
    Window,
    fits,
    floor,
    label,
    parse_window,
    periods,
    window,
)


def address_of(discipline: Discipline, today: date) -> Address:
    """What a page of figures keeps in its address."""
    defaults = {
        "team": "",
        discipline.subject.value: "",
        "env": "production",
        "window": _usual(discipline, today),
        "from": "",
        "to": "",
        "grain": Grain.WEEK.value,
        "bands": DEFAULT_EDITION,
        "metric": discipline.metrics[0],
        "group": "",
        "period": "",
        KEY: USUAL,
    }
    unused = set() if discipline.subject.has_environments else {"env"}
    unused |= set() if discipline.has_bands else {"bands"}
    kept = {key: default for key, default in defaults.items() if key not in unused}
    return Address(discipline.key, kept, discipline.beside)


def _usual(discipline: Discipline, today: date) -> str:
    """The period that is shown at first."""
    if not discipline.is_of_quarters:
        return "90d"
    last = floor(floor(today, Grain.QUARTER) - timedelta(days=1), Grain.QUARTER)
    return label(last, Grain.QUARTER)


_GRAINS = [Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER]


def filters(discipline: Discipline, known: Catalogue) -> Question:
    """Shows the filters in the sidebar and reads them."""
    address, subject = address_of(discipline, known.today), discipline.subject
    address.read()
    with st.sidebar:
        team = team_of(address, known)
        item = _item(address, subject, known.owned(subject, team))
        environment = (
            choice(address, "Environment", "env", [*known.environments, "all"])
            if subject.has_environments
            else "all"
        )
        whole = window_of(address, known.today)
        grains = [g.value for g in _GRAINS if fits(whole, g)]
        grain = Grain(choice(address, "Trend by", "grain", grains))
        edition = _edition(address) if discipline.has_bands else DEFAULT_EDITION
    named: dict[str, Any] = {subject.value: item}
    scope = Scope(
        team=team.team if team else None,
        environment=None if environment == "all" else environment,
        **named,
    )
    teams = [*(t.team for t in known.teams), NO_TEAM]
    groups = teams if team is None else known.owned(subject, team)
    labels = [cut.label_in(grain) for cut in periods(whole, grain)]
    asked = Question(
        scope,
        whole,
        grain,
        edition,
        metric=address.choose("metric", discipline.metrics),
        group=address.choose("group", ["", *groups]) or None,
        period=address.choose("period", ["", *labels]) or None,
        subject=subject,
    )
    address.write()
    return asked


def narrow(page: str, known: Catalogue) -> tuple[Scope, Window, Grain]:
    """Shows the filters of a page about everything: team, period, and how its trends are cut."""
    usual = {"team": "", "window": "90d", "from": "", "to": "", "grain": Grain.WEEK.value}
    address = Address(page, usual)
    address.read()
    with st.sidebar:
        team = team_of(address, known)
        whole = window_of(address, known.today)
        grains = [g.value for g in _GRAINS if fits(whole, g)]
        grain = Grain(choice(address, "Trend by", "grain", grains))
    address.write()
    return Scope(team=team.team if team else None), whole, grain


def team_of(address: Address, known: Catalogue) -> Team | None:
    """Asks for a team; None: all."""
    titles = {"": "All teams", **{team.team: team.title for team in known.teams}}
    return known.team(choice(address, "Team", "team", list(titles), titles))


def _item(address: Address, subject: Subject, names: Sequence[str]) -> str | None:
    word, every = subject.value.capitalize(), f"All {subject.value}s"
    return choice(address, word, subject.value, ["", *names], {"": every}) or None


def _edition(address: Address) -> str:
    titles = {edition: edition_title(edition) for edition in editions()}
    return choice(address, "Compare with", "bands", list(titles), titles)


def choice(
    address: Address,
    label: str,
    key: str,
    options: Sequence[str],
    titles: dict[str, str] | None = None,
) -> str:
    """Asks for one of some ids, shown by their titles; one that is not known is the default."""
    address.choose(key, options)
    named = titles or {}
    chosen: str = st.selectbox(label, options, key=key, format_func=lambda id: named.get(id, id))
    return chosen


def window_of(address: Address, today: date) -> Window:
    """Asks for a period: one of a list, one that a link names, or other dates."""
    choices = window_choices(today)
    linked = str(st.session_state["window"])
    if linked not in choices and _is_window(linked, today):
        choices = {linked: linked, **choices}
    chosen = choice(address, "Period", "window", list(choices), choices)
    return _dates(today) if chosen == CUSTOM else parse_window(chosen, today)


def _is_window(text: str, today: date) -> bool:
    try:
        parse_window(text, today)
    except (PeriodError, OverflowError):
        return False
    return True


def _dates(today: date) -> Window:
    """Days from two date fields; the address holds them as the command line takes them."""
    usual = parse_window("90d", today)
    start = _day("from") or usual.start
    end = _day("to") or usual.end
    st.session_state["first_day"] = start
    st.session_state["last_day"] = end - timedelta(days=1)
    left, right = st.columns(2)
    left.date_input("First day", key="first_day", on_change=_keep_dates, format="YYYY-MM-DD")
    right.date_input("Last day", key="last_day", on_change=_keep_dates, format="YYYY-MM-DD")
    try:
        return window(start, end)
    except PeriodError as error:
        st.error(f"{error.what}: {error.fix}. The last 90 days are shown.")
        return usual


def _keep_dates() -> None:
    st.session_state["from"] = st.session_state["first_day"].isoformat()
    last: date = st.session_state["last_day"]
    st.session_state["to"] = (last + timedelta(days=1)).isoformat()


def _day(key: str) -> date | None:
    try:
        return date.fromisoformat(st.session_state[key])
    except ValueError:
        return None

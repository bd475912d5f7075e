"""The sidebar of the Delivery page: what is asked, kept in the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from app.components.address import Address
from app.components.loaded import METRICS
from app.components.question import CUSTOM, Question, window_choices
from app.wording import edition_title
from data.benchmarks.bands import editions
from data.metrics.catalogue import Catalogue, Team
from data.metrics.engine import DEFAULT_EDITION
from data.metrics.period import Grain, PeriodError, Window, fits, parse_window, periods, window
from data.metrics.scope import Scope

ADDRESS = Address(
    "delivery",
    {
        "team": "",
        "service": "",
        "env": "production",
        "window": "90d",
        "from": "",
        "to": "",
        "grain": Grain.WEEK.value,
        "bands": DEFAULT_EDITION,
        "metric": METRICS[0],
        "group": "",
        "period": "",
    },
)

_GRAINS = [Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER]


def filters(known: Catalogue) -> Question:
    """Shows the filters in the sidebar and reads them."""
    ADDRESS.read()
    with st.sidebar:
        team = _team(known)
        service = _service(known, team)
        environment = _choice("Environment", "env", [*known.environments, "all"])
        whole = _window(known.today)
        grain = Grain(_choice("Trend by", "grain", [g.value for g in _GRAINS if fits(whole, g)]))
        edition = _edition()
    scope = Scope(
        team.team if team else None, service, None if environment == "all" else environment
    )
    groups = [t.team for t in known.teams] if team is None else list(known.services)
    labels = [cut.label for cut in periods(whole, grain)]
    asked = Question(
        scope,
        whole,
        grain,
        edition,
        metric=ADDRESS.choose("metric", METRICS),
        group=ADDRESS.choose("group", ["", *groups]) or None,
        period=ADDRESS.choose("period", ["", *labels]) or None,
    )
    ADDRESS.write()
    return asked


def _team(known: Catalogue) -> Team | None:
    titles = {"": "All teams", **{team.team: team.title for team in known.teams}}
    return known.team(_choice("Team", "team", list(titles), titles))


def _service(known: Catalogue, team: Team | None) -> str | None:
    owned = known.services.items()
    names = [name for name, owner in owned if team is None or owner in team.members]
    return _choice("Service", "service", ["", *names], {"": "All services"}) or None


def _edition() -> str:
    titles = {edition: edition_title(edition) for edition in editions()}
    return _choice("Compare with", "bands", list(titles), titles)


def _choice(
    label: str, key: str, options: Sequence[str], titles: dict[str, str] | None = None
) -> str:
    ADDRESS.choose(key, options)
    named = titles or {}
    chosen: str = st.selectbox(label, options, key=key, format_func=lambda id: named.get(id, id))
    return chosen


def _window(today: date) -> Window:
    choices = window_choices(today)
    linked = str(st.session_state["window"])
    if linked not in choices and _is_window(linked, today):
        choices = {linked: linked, **choices}
    chosen = _choice("Period", "window", list(choices), choices)
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

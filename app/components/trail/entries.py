"""The entries that match, a page at a time; a row opens one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.components.incidents import web
from app.components.openable import openable
from app.components.taken import download
from app.components.trail.asked import ENTRY, Asking, whole, widened
from app.components.trail.csv_file import csv_of, export_of, name_of, up_to
from app.components.trail.stands import log_lines
from app.components.trail.words import what, who
from app.viewer import NAMES_HIDDEN
from app.wording import days
from data.trail.found import Found
from data.trail.search import Trail
from data.trail.standing import Standing
from data.trail.wanted import Wanted

PAGE_ROWS = 50
_ROUND = "round of entries"


def entries(
    trail: Trail,
    asking: Asking,
    count: int,
    titles: Mapping[str, str],
    stands: Standing,
) -> None:
    """Lists what matches, the newest first.

    Args:
        trail: what is searched.
        asking: what is asked for.
        count: how many entries match.
        titles: what teams are called.
        stands: how the log stands, as a file of the entries says; what comes later is not in it.
    """
    pages = math.ceil(count / PAGE_ROWS)
    slot = st.container()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        page = st.pagination(pages, key=f"entries {hash(asking.wanted)}") if pages > 1 else 1
        whole = up_to(asking, stands.size)
        download(
            "All matches as CSV",
            lambda: csv_of(trail, whole, log_lines(stands)),
            name_of(whole),
            export_of(trail, whole),
        )
    shown = trail.page(asking.wanted, (page - 1) * PAGE_ROWS, PAGE_ROWS)
    with slot:
        table(trail, shown, titles, f"{page} {hash(asking.wanted)}")
    if not trail.sees_names:
        st.caption(f"{NAMES_HIDDEN} Two acts of one person show the same pseudonym.")


def matches(trail: Trail, asking: Asking) -> int:
    """How many entries match, which is said in a line."""
    count = trail.count(asking.wanted)
    if count:
        everywhere = _without_period(trail, asking.wanted)
        rest = f" Of all days together {everywhere:,} match." if everywhere != count else ""
        told = "entry matches" if count == 1 else "entries match"
        st.markdown(f"**{count:,}** {told} in {days(asking.window)}.{rest}")
    return count


def table(trail: Trail, shown: Sequence[Found], titles: Mapping[str, str], name: str) -> None:
    """Lists entries; the selection of a row opens it below.

    Args:
        trail: where they were found.
        shown: the entries.
        titles: what teams are called.
        name: what tells the table from others on the page.
    """
    number = st.session_state.setdefault(_ROUND, 0)
    erased = trail.erased()

    def choose(at: int | None) -> None:
        if at is not None:
            st.session_state[ENTRY] = str(shown[at].number)

    lines = [
        _line(one, who(one, erased, sees_names=trail.sees_names), titles) for one in shown
    ]  # fmt: skip
    openable(
        lines,
        choose,
        key=f"table {name} {number}",
        alt="One row an entry: when, what, who, what it happened to, who told it, and its number",
        columns=_columns(),
        tall=(12, 470),
    )


def forget_rows() -> None:
    """Takes the mark from the row that was chosen: for the callback that closes the entry."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def nothing_matches(trail: Trail, asking: Asking) -> None:
    """Says that nothing matches, how much would without the period or the filters, and the way."""
    elsewhere = _without_period(trail, asking.wanted)
    with st.container(border=True):
        st.header("Nothing matches", icon=":material/search_off:", anchor=False)
        told = f"In {days(asking.window)} no entry matches all that is asked for."
        if elsewhere:
            many = "1 does" if elsewhere == 1 else f"{elsewhere:,} do"
            told += f" Before or after that {many}."
        if asking.is_narrowed:
            told += " A search finds parts of words, and all of them must occur: try fewer."
        st.markdown(told)
        with st.container(horizontal=True):
            if elsewhere:
                st.button("All of the log", icon=":material/date_range:",
                          on_click=whole, args=(trail,))  # fmt: skip
            if asking.is_narrowed:
                st.button("Without filters", icon=":material/filter_alt_off:", on_click=widened)


def _without_period(trail: Trail, wanted: Wanted) -> int:
    return trail.count(wanted.at_any_time)


def _line(one: Found, actor: str | None, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "Happened (UTC)": one.happened_at,
        "What": what(one),
        "Who": actor,
        "Subject": one.subject,
        "Source": one.source,
        "Team": titles.get(one.team or "", one.team),
        "Seen (UTC)": one.observed_at,
        "Entry": one.number,
        "Link": web(one.url),
    }


def _columns() -> dict[str, Any]:
    config = st.column_config
    at: dict[str, Any] = {"format": "YYYY-MM-DD HH:mm", "timezone": "UTC", "width": 122}
    return {
        "Happened (UTC)": config.DatetimeColumn(
            **at, help="When it happened, if its source tells. Rows are in this order; what was "
            "only seen stands where it was seen.",
        ),
        "What": config.TextColumn(width=237),
        "Who": config.TextColumn(width=100),
        "Subject": config.TextColumn(width=130),
        "Source": config.TextColumn(width=62),
        "Link": config.LinkColumn(display_text="open", width=54),
        "Team": config.TextColumn(width=85),
        "Seen (UTC)": config.DatetimeColumn(**at, help="When it was read from the source."),
        "Entry": config.NumberColumn(
            format="localized", width=72, help="Number in the log, in the order of appending."
        ),
    }  # fmt: skip

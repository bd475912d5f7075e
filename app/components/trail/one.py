"""One entry: who, what, before and after, where it was told, and what else is told of it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import streamlit as st

from app.components.incidents import web
from app.components.trail.asked import ENTRY
from app.components.trail.change import change
from app.components.trail.entries import forget_rows, table
from app.components.trail.opened import Log
from app.components.trail.proven import proven
from app.components.trail.stands import many
from app.components.trail.words import person, pseudonym, what, who
from app.wording import moment, plain
from data.errors import CairnError
from data.trail.found import Found
from data.trail.kinds import TITLES, cdevent, group_of
from data.trail.proof import entry_at, pruning
from data.trail.search import Trail
from data.trail.standing import Standing

_TELLINGS = 20
_AROUND = 8


def one_entry(log: Log, trail: Trail, stands: Standing, titles: Mapping[str, str]) -> None:
    """Shows the entry that the address names, if it names one."""
    named = str(st.session_state.get(ENTRY, ""))
    if not named:
        return
    one = trail.entry(int(named)) if named.isascii() and named.isdigit() else None
    if one is None:
        st.warning(
            f"There is no entry `{plain(named)}`: the log has the numbers 0 to "
            f"{stands.size - 1:,}.",
            icon=":material/link_off:",
        )
        return
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.header(f"Entry {one.number:,}", anchor="entry")
        st.button("Close", icon=":material/close:", on_click=_close, help="Close the entry.")
    st.markdown(f"**{plain(what(one))}**")
    _gone(log, trail, one)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _facts(trail, one, titles)
    with right:
        _change(log, one)
    _elsewhere(trail, one, titles)
    proven(log.ledger, one, stands)


def _close() -> None:
    st.session_state[ENTRY] = ""
    forget_rows()


def _gone(log: Log, trail: Trail, one: Found) -> None:
    """Says plainly what is not there any more, and what still holds."""
    if one.is_pruned:
        by = pruning(log.ledger, one.number)
        said = f" Entry {by:,} says so and names the rule." if by is not None else (
            " No entry says so: check the log.")  # fmt: skip
        st.info(
            "The payload was pruned: what happened, to what and by whom is deleted. Id, kind, time "
            f"and fingerprint stay, so every proof made before is still valid.{said}",
            icon=":material/content_cut:",
        )
    elif not one.is_readable:
        st.error(
            "What this entry tells cannot be read: it is not what was appended. Check the log.",
            icon=":material/error:",
        )
    erased = trail.erased()
    if one.actor in erased or one.person in erased:
        st.info(
            "A person in this entry was erased: whose pseudonym it is, nobody can tell any more. "
            "The entry and its proof are unchanged.",
            icon=":material/person_off:",
        )


def _facts(trail: Trail, one: Found, titles: Mapping[str, str]) -> None:
    """What the entry tells, each thing in a line; what was not told is said to be so."""
    erased = trail.erased()
    actor = who(one, erased, sees_names=trail.sees_names)
    beside = f" :gray[({pseudonym(one.actor)})]" if one.actor and one.account else ""
    address = web(one.url)
    link = f" · [open at the source]({address})" if address and " " not in address else ""
    kind = f"`{one.kind}`, about {TITLES[group_of(one.kind)].lower()}"
    lines = {
        "Kind": kind,
        "CDEvents": f"`{cdevent(one.kind)}`" if cdevent(one.kind) else "has no type for it",
        "Happened": moment(one.happened_at) if one.happened_at else _untold(one),
        "Seen": moment(one.observed_at) if one.observed_at else _untold(one),
        "Who": f"{plain(actor)}{beside}" if actor else _untold(one),
        **({"Done to": plain(_person(trail, one.person))} if one.person else {}),
        "Subject": f"`{_code(one.subject)}`" if one.subject else _untold(one),
        "Source": f"{plain(one.source)}{link}" if one.source else _untold(one),
        "Team": plain(titles.get(one.team, one.team)) if one.team else _untold(one),
    }
    st.table(
        {"": [f"**{name}**" for name in lines], "Told": list(lines.values())},
        border="horizontal",
        hide_index=True,
        hide_header=True,
        alt=f"What entry {one.number} tells",
    )
    st.caption("Id of the event, by which it is proven")
    st.code(one.event, language=None, wrap_lines=True)


def _untold(one: Found) -> str:
    return ":gray[pruned]" if one.is_pruned else ":gray[not told]"


def _person(trail: Trail, told: str) -> str:
    """Whom it was done to, as far as this reader may know."""
    if not trail.sees_names:
        return pseudonym(told)
    return person(told, trail.account(told), trail.erased())


def _code(text: str) -> str:
    """Foreign text between backticks: one line, and no backtick that would end it."""
    return " ".join(text.split()).replace("`", "'")


def _change(log: Log, one: Found) -> None:
    """Before and after, and all else that the event holds."""
    try:
        read = entry_at(log.ledger, one.number)
        content = read.content if read is not None else None
        told = read.event if read is not None else None
    except (CairnError, ValueError, LookupError, TypeError):
        return  # it was said above that it cannot be read
    if told is None or content is None:
        return
    change(told.before, told.after)
    with st.expander("The whole event, as it was logged", icon=":material/data_object:"):
        whole = json.dumps(json.loads(content), indent=2, ensure_ascii=False)
        st.code(whole, language="json", height=300)


def _elsewhere(trail: Trail, one: Found, titles: Mapping[str, str]) -> None:
    """Other tellings of the same event, and other events of the same subject."""
    told = trail.tellings(one.event, _TELLINGS)
    if len(told) > 1:
        st.markdown(
            f"**The same event was told in {many(len(told))}**  \n:small[Each time in other words, "
            "by the same source or another; the newest first. Choose a row to open it.]"
        )
        table(trail, told, titles, f"tellings of {one.number}")
    before, after = trail.around(one, _AROUND)
    if before or after:
        st.markdown(
            f"**What else is told of {plain(one.subject or '')}**  \n:small[Up to {_AROUND} "
            "entries before and after this one, the newest first. Choose a row to open it.]"
        )
        table(trail, [*after[::-1], *before], titles, f"around {one.number}")

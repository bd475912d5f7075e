"""For what something is decided: picked from rows, or written as on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import streamlit as st

from app.components.decisions.desk import Desk
from app.components.decisions.judged import Judged
from app.components.decisions.words import count
from data.controls.outcome import Result
from data.controls.waivable import scopes
from data.decisions.scope import ORGANISATION, ScopeKind

_MOST = 500
"""Rows that can be picked: others are written."""


class Pick(StrEnum):
    """How the scope is named."""

    TEAM = "a team"
    REPOSITORY = "a repository"
    SERVICE = "a service"
    MODEL = "a model"
    ROW = "one row"
    ORGANISATION = "the whole organisation"
    WRITTEN = "as written"


_KINDS = {
    Pick.TEAM: ScopeKind.TEAM,
    Pick.REPOSITORY: ScopeKind.REPOSITORY,
    Pick.SERVICE: ScopeKind.SERVICE,
    Pick.MODEL: ScopeKind.MODEL,
    Pick.ROW: ScopeKind.ROW,
}


def picked_scope(desk: Desk, found: Judged, rows: Sequence[Result], named: tuple[str, str]) -> str:
    """Asks for a scope; gives it as it is written, which may be none yet.

    Args:
        desk: what the page is made from.
        found: the control that is decided about.
        rows: of the control, from which can be picked.
        named: what tells the fields from others, and what one of the rows is called.
    """
    prefix, row = named
    names = _unnamed(desk, found) if desk.is_shy(found.control.id) else _names(desk, rows, row)
    picks = [one for one in Pick if one not in _KINDS or names[_KINDS[one]]]
    pick = st.segmented_control(
        "For what", picks, default=picks[0], key=f"{prefix} scope is", required=True
    )
    if pick is Pick.ORGANISATION:
        return str(ORGANISATION)
    if pick is Pick.WRITTEN:
        written: str = st.text_input(
            "Scope",
            key=f"{prefix} scope written",
            placeholder="repository:shop-*",
            help="`organisation`, `team:…`, `repository:…` with `*` and `?`, `service:…`, "
            "`model:…` or `row:…`, as `--scope` on the command line.",
        )
        return written
    kind = _KINDS[Pick(pick)]
    offered = names[kind]
    name = st.selectbox(
        kind.value.capitalize(),
        list(offered),
        key=f"{prefix} scope {kind}",
        format_func=lambda one: offered.get(one, one),
        help="The more rows are in it, the further up it stands.",
    )
    return f"{kind}:{name}"


def _unnamed(desk: Desk, found: Judged) -> Mapping[ScopeKind, dict[str, str]]:
    """The same of people who are not named: wherever there are any, and not how many are meant."""
    in_each = scopes(found.people, desk.above)
    in_each[ScopeKind.TEAM].update(dict.fromkeys(desk.titles, 0))
    return {
        kind: {name: desk.titles.get(name, name) if kind is ScopeKind.TEAM else name
               for name in sorted(counts)[:_MOST]}
        for kind, counts in in_each.items()
        if kind is not ScopeKind.ROW
    } | {ScopeKind.ROW: {}}  # fmt: skip


def _names(desk: Desk, rows: Sequence[Result], row: str) -> Mapping[ScopeKind, dict[str, str]]:
    """Of each kind what can be picked, by id: what it is called, and how many rows are in it."""
    in_each = scopes(rows, desk.above)
    in_each[ScopeKind.TEAM].update({team.team: 0 for team in desk.known.teams})
    called = {
        ScopeKind.TEAM: desk.titles,
        ScopeKind.ROW: {one.id: one.title for one in rows},
    }
    offered = {}
    for kind, counts in in_each.items():
        titles = called.get(kind, {})
        offered[kind] = {
            name: titles.get(name, name)
            + ("" if kind is ScopeKind.ROW else f" ({count(many, row)})")
            for name, many in counts.most_common(_MOST)
        }
    return offered

"""The sidebar of a page about controls: whose, when, and against what, kept in the address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import streamlit as st

from app.components.address import Address
from app.components.filters import choice, team_of, window_of
from data.controls.catalogue import Catalogue as Controls
from data.controls.framework import Framework
from data.metrics.catalogue import Catalogue, Team
from data.period import Window

USUAL = {"team": "", "window": "90d", "from": "", "to": ""}
"""What pages about controls have in common in their addresses."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a reader asks of a page about controls."""

    team: Team | None
    window: Window
    framework: Framework | None

    @property
    def name(self) -> str | None:
        """The team's id; None: the whole organisation."""
        return self.team.team if self.team else None

    @property
    def members(self) -> Collection[str] | None:
        """The team and those below it; None: the whole organisation."""
        return self.team.members if self.team else None


def address_of(page: str, own: Mapping[str, str]) -> Address:
    """What a page keeps in its address: what all have in common, and its own keys."""
    return Address(page, {**USUAL, **own})


def asked(address: Address, known: Catalogue, controls: Controls, *, is_framed: bool) -> Asking:
    """Shows the filters in the sidebar and reads them. The address is not written yet.

    Args:
        address: that of the page; has been read.
        known: teams and the last day.
        controls: frameworks to choose from.
        is_framed: whether the page can be about one framework.
    """
    titles = {"": "All frameworks", **{f.id: f.title for f in controls.frameworks.values()}}
    with st.sidebar:
        named = choice(address, "Framework", "framework", list(titles), titles) if is_framed else ""
        team = team_of(address, known)
        window = window_of(address, known.today)
    return Asking(team, window, controls.frameworks.get(named))


def linked(asking: Asking, address: Mapping[str, str]) -> dict[str, str]:
    """The part of an address that another page about controls takes over, without defaults."""
    kept = {key: str(st.session_state.get(key, "")) for key in USUAL}
    told = {**kept, "framework": asking.framework.id if asking.framework else "", **address}
    return {key: value for key, value in told.items() if value and value != USUAL.get(key)}

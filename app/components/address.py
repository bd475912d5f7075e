"""What a page shows, in its address, so that a link or a reload shows the same.

The address holds ids, as the command line takes them. Streamlit's own binding would write the
labels of options instead, which are longer and change when someone renames a team.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

SHARED = (
    "team",
    "window",
    "from",
    "to",
    "grain",
    "framework",
    "month",
    "currency",
    "bills",
    "cost",
)
"""What stays as it was chosen on the way from one page of figures to another."""

_SHOWN = "page of figures"


class Address:
    """The part of the address that one page owns.

    Its keys are those of the page's widgets, first that of one which is always shown.
    """

    def __init__(self, page: str, defaults: Mapping[str, str], beside: str = "") -> None:
        """Names the page and its keys.

        Args:
            page: what tells it from others in the state of a session.
            defaults: the values that are not written, by key.
            beside: key of a control that stands above the page and chooses it; always written.
        """
        self._page = page
        self._written = f"address of {page}"
        self._defaults = defaults
        self._beside = beside
        self._always = next(iter(defaults))

    def read(self) -> None:
        """Takes over the address where it is not what this page wrote last.

        That is so at the first run, after the browser's Back, and on the way back from another
        page, where what was shown last is shown again with the choices that pages share. Call it
        before any widget.
        """
        last: dict[str, str] | None = st.session_state.get(self._written)
        asked = st.query_params.to_dict()
        came_from = st.session_state.get(_SHOWN)
        st.session_state[_SHOWN] = self._page
        is_shown = self._always in st.session_state and came_from == self._page
        if asked == last and is_shown:
            return
        if not asked and not is_shown:
            asked = {**(last or {}), **self._chosen_elsewhere(came_from)}
        for key, default in self._defaults.items():
            st.session_state[key] = asked.get(key, default)

    def _chosen_elsewhere(self, came_from: str | None) -> dict[str, str]:
        """What was chosen last on another page of figures and holds here too."""
        if came_from in (None, self._page):
            return {}
        last: dict[str, str] = st.session_state.get(f"address of {came_from}", {})
        there: Sequence[str] = st.session_state.get(f"keys of {came_from}", ())
        shared = [key for key in SHARED if key in self._defaults and key in there]
        return {key: last.get(key, self._defaults[key]) for key in shared}

    def choose(self, key: str, options: Sequence[str]) -> str:
        """The value of a key if it is one of the options, else its default (or the first)."""
        value: str = st.session_state.get(key, self._defaults[key])
        if value not in options:
            value = self._defaults[key] if self._defaults[key] in options else options[0]
        st.session_state[key] = value
        return value

    def write(self) -> None:
        """Writes what differs from the defaults. Call it when every key has been chosen."""
        chosen = {key: str(st.session_state.get(key, "")) for key in self._defaults}
        wanted = {key: text for key, text in chosen.items() if text != self._defaults[key]}
        if self._beside:
            wanted[self._beside] = self._page
        if st.query_params.to_dict() != wanted:
            st.query_params.from_dict(wanted)
        st.session_state[self._written] = wanted
        st.session_state[f"keys of {self._page}"] = tuple(self._defaults)

    def clear(self) -> None:
        """Goes back to the defaults: for the callback of a button."""
        for key, default in self._defaults.items():
            st.session_state[key] = default

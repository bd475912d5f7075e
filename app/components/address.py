"""What a page shows, in its address, so that a link or a reload shows the same.

The address holds ids, as the command line takes them. Streamlit's own binding would write the
labels of options instead, which are longer and change when someone renames a team.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st


class Address:
    """The part of the address that one page owns.

    Its keys are those of the page's widgets, first that of one which is always shown.
    """

    def __init__(self, page: str, defaults: Mapping[str, str]) -> None:
        self._written = f"address of {page}"
        self._defaults = defaults
        self._always = next(iter(defaults))

    def read(self) -> None:
        """Takes over the address where it is not what this page wrote last.

        That is so at the first run, after the browser's Back, and on the way back from another
        page, where what was shown last is shown again. Call it before any widget.
        """
        last: dict[str, str] | None = st.session_state.get(self._written)
        asked = st.query_params.to_dict()
        is_shown = self._always in st.session_state
        if asked == last and is_shown:
            return
        if last and not asked and not is_shown:
            asked = last
        for key, default in self._defaults.items():
            st.session_state[key] = asked.get(key, default)

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
        if st.query_params.to_dict() != wanted:
            st.query_params.from_dict(wanted)
        st.session_state[self._written] = wanted

    def clear(self) -> None:
        """Goes back to the defaults: for the callback of a button."""
        for key, default in self._defaults.items():
            st.session_state[key] = default

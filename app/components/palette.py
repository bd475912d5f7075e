"""The theme's colours, for what Streamlit does not colour by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of the mode a reader has chosen, as `#rrggbb`."""

    text: str
    muted: str
    surface: str
    line: str
    series: tuple[str, ...]
    strong: str
    """The strongest background on which text is readable."""

    def tint(self, share: float) -> str:
        """A background for text, from pale (0) to strong (1)."""
        weight = 0.25 + 0.75 * share
        mixed = zip(_channels(self.surface), _channels(self.strong), strict=True)
        return "#" + "".join(f"{round(s + (t - s) * weight):02x}" for s, t in mixed)


def palette() -> Palette:
    """The colours of the reader's mode, light where it is not known yet."""
    mode = "dark" if st.context.theme.type == "dark" else "light"
    return Palette(
        text=_option(mode, "textColor"),
        muted=_option(mode, "dataframeHeaderTextColor"),
        surface=_option(mode, "backgroundColor"),
        line=_option(mode, "dataframeBorderColor"),
        series=tuple(_option(mode, "chartCategoricalColors")),
        strong=_option(mode, "chartSequentialColors")[2],
    )


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def _option(mode: str, name: str) -> Any:
    return st.get_option(f"theme.{mode}.{name}")

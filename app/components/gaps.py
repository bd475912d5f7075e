"""What sources refused, dropped or cut off: the cause, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from app.wording import day, lacking, message, plain
from data.health.sources import KnownGap

MOST = 200

_CAUSES = {
    "no_permission": ("lock", "no permission"),
    "not_found": ("search_off", "not found"),
    "truncated": ("content_cut", "cut off"),
    "missing_object": ("broken_image", "object missing"),
    "unreadable": ("error", "unreadable"),
    "shallow": ("vertical_align_bottom", "history cut off"),
    "filter_ignored": ("filter_alt_off", "filter ignored"),
    "unavailable": ("cloud_off", "unavailable"),
    "clock": ("schedule", "clock is wrong"),
}


def gaps_table(gaps: Sequence[KnownGap]) -> None:
    """Shows the gaps, or that none is known."""
    if not gaps:
        st.markdown(":material/check_circle: No gap is known: the sources gave all they have.")
        return
    shown = gaps[:MOST]
    st.table(
        {
            "Source": [plain(gap.source) for gap in shown],
            "What is missing": [f"{_cause(gap.reason)} {_what(gap)}{_when(gap)}" for gap in shown],
            "What to do": [_sentence(gap.fix, has_name=False) for gap in shown],
        },
        border="horizontal",
        hide_index=True,
        alt="Gaps with their cause and what to do",
    )
    if len(gaps) > MOST:
        st.caption(f"The first {MOST} of {len(gaps):,} gaps.")


def _cause(reason: str) -> str:
    icon, words = _CAUSES.get(reason, ("help", reason))
    return f":orange-badge[:material/{icon}: {plain(words)}]"


def _what(gap: KnownGap) -> str:
    is_told = gap.count is None or re.search(rf"\b{gap.count}\b", gap.what)
    counted = "" if is_told else f" Things missing: {gap.count:,}."
    return _sentence(lacking(gap.source, gap.what)) + counted


def _when(gap: KnownGap) -> str:
    first = f"from {day(gap.since_at.date())}" if gap.since_at else ""
    last = f"until {day(gap.until_at.date())}" if gap.until_at else ""
    spoken = f"{first} {last}".strip()
    return f" :gray[*{spoken}*]" if spoken else ""


def _sentence(text: str, *, has_name: bool = True) -> str:
    is_named = has_name and text.partition(" ")[0].endswith(":")  # a name is spelt as it is
    first = text[:1] if is_named else text[:1].upper()
    return message(first + text[1:].rstrip(".")) + "."

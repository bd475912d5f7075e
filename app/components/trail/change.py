"""What was before and what is after, as a difference that can be read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.wording import plain

_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_STEP = re.compile(r"([^:;]+): (.*?) → ([^;]*)(?:; |$)")


def change(before: Any, after: Any) -> None:
    """Shows both side by side: each field that is another, or the whole of it."""
    st.markdown("**Before and after**")
    if before is None and after is None:
        st.markdown(":gray[Neither was told.]")
        return
    rows = differences(before, after)
    if not rows:
        st.markdown("Both are the same.")
        return
    names = {"What": [plain(name) for name, _, _ in rows]} if any(rows[0][:1]) else {}
    st.table(
        {
            **names,
            "Before": [_cell(was) for _, was, _ in rows],
            "After": [_cell(became) for _, _, became in rows],
        },
        border="horizontal",
        hide_index=True,
        alt="What was before, and what is after",
    )
    same = _same(before, after)
    if same:
        st.caption(f"{same} more field{'s' * (same != 1)} stayed the same.")


def differences(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    """Name, before and after of each thing that changed; None: it was not told, or not there.

    Args:
        before: as the event tells it.
        after: as the event tells it. A text `rule: old → new; …` tells both.
    """
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        was = before if isinstance(before, Mapping) else {}
        became = after if isinstance(after, Mapping) else {}
        names = dict.fromkeys([*was, *became])
        found = [(str(name), was.get(name), became.get(name)) for name in names]
        return [(name, a, b) for name, a, b in found if a != b]
    if isinstance(after, str) and (steps := _STEP.findall(after)):
        return [(name.strip(), was, became) for name, was, became in steps]
    if isinstance(before, str) and isinstance(after, str):
        return _by_part(before, after)
    return [("", before, after)]


def _by_part(before: str, after: str) -> list[tuple[str, Any, Any]]:
    """Texts of as many parts, such as `approvals 1, own approval barred no`: those that differ."""
    was, became = before.split(", "), after.split(", ")
    if len(was) == len(became) > 1:
        return [("", a, b) for a, b in zip(was, became, strict=True) if a != b]
    return [("", before, after)]


def _same(before: Any, after: Any) -> int:
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return 0
    return sum(name in after and after[name] == value for name, value in before.items())


def _cell(value: Any) -> str:
    if value is None:
        return ":gray[not told]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if _HASH.fullmatch(text):
        return f"`{text[:16]}…`"
    return plain(text) or ":gray[empty]"

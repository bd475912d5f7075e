"""How the log stands, above all that is searched in it: size, signature, checks, key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from app.wording import day, moment
from data.trail.standing import Standing

_ROOT = 12
_WRONG = ":red-badge[:material/error: wrong]"
_NOT_YET = ":gray-badge[:material/schedule: not checked yet]"


def stands_line(stands: Standing, *, is_broken: bool, is_checked: bool) -> None:
    """Says how far the log reaches, what signed it last, and when it was last checked.

    Args:
        stands: how it stands.
        is_broken: whether anything was found that is wrong.
        is_checked: whether somebody had all of it checked on this page, which is told below.
    """
    reach = ""
    if stands.span is not None:
        reach = f", from {day(stands.span[0].date())} to {moment(stands.span[1])}"
    lines = [f"**{many(stands.size)}**{reach}.", _signed(stands)]
    if stands.is_unfinished:
        lines.append(
            "An append was cut short: the next one, or `cairn audit checkpoint`, finishes it. "
            "Until then its entries have no proof."
        )
    st.markdown("  \n".join([*lines, _checked(stands, is_broken=is_broken, is_checked=is_checked)]))


def many(count: int) -> str:
    """So many entries."""
    return f"{count:,} entr{'y' if count == 1 else 'ies'}"


def log_lines(stands: Standing) -> list[str]:
    """What a file of entries says of the log."""
    signed = stands.signed
    told = "cannot be read"
    if signed is not None:
        told = f"{many(signed.checkpoint.size)}, root {signed.checkpoint.root.hex()}"
    key = "cannot be read" if stands.key is None else str(stands.key)
    return [f"log: {many(stands.size)}; checkpoint: {told}", f"public key of the log: {key}"]


def key_part(stands: Standing) -> None:
    """The public key, and how to keep it and the checkpoint: folded away."""
    with st.expander("Public key and checkpoint, and how to keep them", icon=":material/key:"):
        st.markdown(
            "That the log was not written anew, only what somebody kept of it can show: the public "
            "key once, and a checkpoint now and then, where nobody with rights on this machine can "
            "change them."
        )
        if stands.key is not None:
            st.markdown("**Public key**")
            st.code(str(stands.key), language=None, wrap_lines=True)
        if stands.signed is not None:
            st.markdown("**Newest checkpoint**: name of the log, entries, root, signature")
            st.code(stands.signed.note.strip(), language=None, wrap_lines=True)
        st.markdown("**To keep both, and to hold the log against them later**")
        st.code(
            "cairn audit key > cairn.vkey\n"
            "cairn audit checkpoint > kept.checkpoint\n"
            "cairn audit verify --checkpoint kept.checkpoint --key cairn.vkey",
            language="bash",
            wrap_lines=True,
        )


def _signed(stands: Standing) -> str:
    signed = stands.signed
    if signed is None:
        return "No checkpoint can be read: nothing says here what was signed."
    size, root = signed.checkpoint.size, signed.checkpoint.root.hex()[:_ROOT]
    return (
        f"Last signed checkpoint: {many(size)}, root `{root}…`, written {moment(signed.at)}; "
        f"copies: {_copies(stands.elsewhere)}."
    )


def _copies(elsewhere: Mapping[Path, int | None]) -> str:
    """Where copies lie, and whether they are complete."""
    if not elsewhere:
        return "none, since neither `copies` nor `git` is set under `[ledger]`; keep one elsewhere"
    return ", ".join(f"`{folder}` {_state(lacking)}" for folder, lacking in elsewhere.items())


def _state(lacking: int | None) -> str:
    if lacking is None:
        return "is not there"
    return "has all" if not lacking else f"lacks {lacking:,} files, which the next append copies"


def _checked(stands: Standing, *, is_broken: bool, is_checked: bool) -> str:
    """When the whole log was checked last, as it tells itself, and what was found since."""
    check = stands.check
    if check is None:
        sign = _WRONG if is_broken else "" if is_checked else _NOT_YET
        see = " Something is wrong: see below." if is_broken else ""
        told = "The log tells of no whole check; a sync makes one when the last is a day old."
        return f"{sign} {told}{see}".strip()
    since = "something is wrong since: see below" if is_broken else "nothing was found since"
    at = moment(check.at) if check.at else "at a time that cannot be read"
    if not check.is_sound:
        return f":red-badge[:material/error: changed] Last whole check: {at}."
    sign = _WRONG if is_broken else ":green-badge[:material/check_circle: sound]"
    return f"{sign} Last whole check: {at}, sound; {since}."

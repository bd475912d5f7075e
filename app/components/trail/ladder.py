"""The way from an entry up to the root, drawn: what is found, and beside it what is given."""

from __future__ import annotations

from html import escape

from app.components.palette import Palette
from data.trail.proof import Proof

_SHORT = 8


def ladder(found: Proof, colours: Palette) -> str:
    """The picture as HTML, the root above and the entry below; without any script.

    Args:
        found: a proof that holds, or its beginning.
        colours: of the reader's mode.
    """
    rows = [_row("", _box(colours, "entry", found.entry.hash, is_end=True), "")]
    below = len(found.steps)
    for step in found.steps:
        below -= 1
        given = _box(colours, "given", step.sibling, is_given=True)
        rows.append(_row(given if step.is_left else "", _stem(colours, is_left=step.is_left),
                         "" if step.is_left else given))  # fmt: skip
        is_root = below == 0
        name = "root" if is_root else ""
        rows.append(_row("", _box(colours, name, step.found, is_end=is_root), ""))
    told = f"{len(found.steps)} steps from entry {found.entry.number} to the root"
    return (
        f'<div role="img" aria-label="{escape(told)}" style="display:grid;'
        "grid-template-columns:minmax(0,1fr) minmax(0,1.2fr) minmax(0,1fr);gap:3px 10px;"
        f'align-items:center;max-width:620px;padding:4px 0 10px">{"".join(reversed(rows))}</div>'
    )


def _row(left: str, middle: str, right: str) -> str:
    cells = ((left, "right"), (middle, "center"), (right, "left"))
    return "".join(f'<div style="text-align:{side}">{cell}</div>' for cell, side in cells)


def _stem(colours: Palette, *, is_left: bool) -> str:
    """The line on which a given hash joins."""
    arm = "left:0;right:50%" if is_left else "left:50%;right:0"
    return (
        '<div style="position:relative;height:26px">'
        f'<div style="position:absolute;left:50%;top:0;bottom:0;border-left:1.5px solid '
        f'{colours.muted}"></div><div style="position:absolute;{arm};top:12px;'
        f'border-top:1.5px dashed {colours.muted}"></div></div>'
    )


def _box(
    colours: Palette, name: str, hashed: bytes, *, is_end: bool = False, is_given: bool = False
) -> str:
    ground = colours.tint(0) if is_end else colours.surface
    dash = "dashed" if is_given else "solid"
    line = colours.text if is_end else colours.muted
    label = f'<span style="font-family:inherit;opacity:.85">{name} </span>' if name else ""
    return (
        f'<span title="{hashed.hex()}" style="display:inline-block;border:1px {dash} {line};'
        f"border-radius:4px;padding:1px 7px;background:{ground};color:{colours.text};"
        f'font-size:12.5px;white-space:nowrap">{label}'
        f'<code style="background:none;color:inherit;font-size:12px;padding:0">'
        f"{hashed.hex()[:_SHORT]}…</code></span>"
    )

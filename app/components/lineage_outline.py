"""A lineage as an outline, for windows too narrow for the drawing: made of what stands above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from app.components.lineage_thing import Row, Thing, ends, key, thing, untold_ends
from app.components.palette import Palette
from data.inventory.lineage import Lineage

_STEP, _DEEPEST = 14, 8
"""Pixels that what is made stands further in than what it is made from, and how often."""


@dataclass(slots=True)
class _Outline:
    things: Mapping[str, Thing]
    untold: Mapping[str, Row]
    below: Mapping[str, Sequence[str]]
    colours: Palette
    shown: set[str] = field(default_factory=set)

    def items(self, names: Sequence[str], depth: int = 0) -> str:
        """A list of things, each with what comes of it; what is shown above is named only."""
        inside = "".join(self._item(name, depth) for name in names)
        step = _STEP if 0 < depth <= _DEEPEST else 0
        return f'<ul style="list-style:none;margin:0;padding:0 0 0 {step}px">{inside}</ul>'

    def _item(self, name: str, depth: int) -> str:
        is_again = name in self.shown
        self.shown.add(name)
        made = [] if is_again else self.below[name]
        below = self.items(made, depth + 1) if made else ""
        return f'<li style="margin:0;padding:0">{self._line(name, is_again)}{below}</li>'

    def _line(self, name: str, is_again: bool) -> str:
        if name in self.untold:
            return (
                f'<div style="{_SHAPE}border:1px dashed {self.colours.muted};'
                f'color:{self.colours.muted};font-style:italic">'
                f"not told: {escape(self.untold[name]['untold'])}</div>"
            )
        told, colours = self.things[name], self.colours
        style = (
            f"{_SHAPE}border-left:4px solid {told.colour};text-decoration:none;"
            f"color:{colours.text};"
            + (f"background:{colours.tint(0)};font-weight:600;" if told.is_chosen else "")
        )
        beside = f"{told.words}, shown above" if is_again else told.words
        tag, link = ("a", f' href="{escape(told.address)}" target="_self"') if told.address else (
            "div", "")  # fmt: skip
        return (
            f'<{tag}{link} title="{escape(told.label)}" aria-label="{escape(told.label)}" '
            f'style="{style}">{escape(told.name)} <span style="font-size:11px;font-weight:400;'
            f'color:{colours.muted}">{escape(beside)}</span></{tag}>'
        )


_SHAPE = (
    "display:block;margin:2px 0;padding:4px 8px;min-height:24px;box-sizing:border-box;"
    "font-size:13px;line-height:17px;overflow-wrap:anywhere;"
)


def outline(found: Lineage, titles: Mapping[str, str], colours: Palette) -> str:
    """The outline as HTML, without any script.

    Args:
        found: what is listed; what was asked for stands out.
        titles: what teams are called.
        colours: of the reader's mode.
    """
    things = {
        key(row["kind"], row["name"]): thing(row, found, titles, colours) for row in found.nodes
    }
    below: dict[str, list[str]] = defaultdict(list)
    for left, right in dict.fromkeys(ends(link) for link in found.links):
        below[left].append(right)
    made = {name for names in below.values() for name in names}
    untold = untold_ends(found)
    listed = _Outline(things, untold, below, colours)
    text = listed.items([name for name in (*things, *untold) if name not in made])
    for name in things:
        if name not in listed.shown:  # made from itself by some way round
            text += listed.items([name])
    return (
        '<div role="region" aria-label="Lineage, each thing below what it is made from">'
        f"{text}</div>"
    )

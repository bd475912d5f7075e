"""The drawing of a lineage: a box a thing, each a link, over an image of the lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from app.components.layers import Layout, arrange
from app.components.lineage_thing import Row, Thing, ends, key, thing, untold_ends
from app.components.palette import Palette
from data.inventory.lineage import Lineage

_STAGES = {"dataset": 0, "pipeline": 0, "model_version": 1, "service": 2, "dashboard": 2}
_ROW, _BOX, _SLOT, _SHARE = 60, 50, 138, 80
"""Heights of a row and of a box and the least width of a column in pixels; a box's share of it."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    colours: Palette
    layout: Layout

    def position(self, name: str) -> str:
        """Where a box stands: across in shares of the width, down in pixels."""
        column, row = self.layout.places[name]
        slot = 100 / self.layout.columns
        top = row * _ROW + (_ROW - _BOX) / 2
        return (
            f"position:absolute;left:{column * slot:.3f}%;top:{top:.1f}px;"
            f"width:{slot * _SHARE / 100:.3f}%;height:{_BOX}px;box-sizing:border-box;"
            "padding:4px 8px 4px 9px;border-radius:6px;overflow:hidden;"
        )


def drawing(found: Lineage, titles: Mapping[str, str], colours: Palette) -> str:
    """The picture as HTML, without any script.

    Args:
        found: what is drawn; of what was asked for the boxes stand out.
        titles: what teams are called.
        colours: of the reader's mode.
    """
    nodes = {key(row["kind"], row["name"]): row for row in found.nodes}
    untold = untold_ends(found)
    edges = [ends(row) for row in found.links]
    layout = arrange([*nodes, *untold], edges, lambda name: _stage(name, nodes, untold))
    drawn = _Drawing(colours, layout)
    boxes = [
        _box(drawn, name, thing(nodes[name], found, titles, colours))
        if name in nodes
        else _open_end(drawn, name, untold[name])
        for name in sorted(layout.places, key=layout.places.__getitem__)
    ]
    return (
        '<div role="region" aria-label="Lineage, from left to right" tabindex="0" '
        'style="overflow-x:auto;padding:4px 0 8px">'
        f'<div style="position:relative;min-width:{layout.columns * _SLOT}px;'
        f'height:{layout.rows * _ROW:.0f}px">{_lines(drawn, untold)}{"".join(boxes)}</div></div>'
    )


def _stage(name: str, nodes: Mapping[str, Row], untold: Mapping[str, Row]) -> int:
    if name in nodes:
        return _STAGES.get(nodes[name]["kind"], 0)
    return 0 if untold[name]["from_kind"] is None else 2


def _box(drawn: _Drawing, name: str, told: Thing) -> str:
    """A thing, with a link to the page that is about it."""
    colours = drawn.colours
    ground, line = colours.surface, colours.line
    if told.is_chosen:
        ground, line = colours.tint(0), colours.text
    style = (
        f"{drawn.position(name)}background:{ground};color:{colours.text};border:1px solid {line};"
        f"border-left:4px solid {told.colour};text-decoration:none;display:block;"
        + ("font-weight:600;" if told.is_chosen else "")
    )
    tag, link = ("a", f' href="{escape(told.address)}" target="_self"') if told.address else (
        "div", "")  # fmt: skip
    label = escape(told.label)
    return (
        f'<{tag}{link} title="{label}" aria-label="{label}" style="{style}">'
        '<span style="display:block;font-size:11px;line-height:14px;font-weight:400;'
        f'color:{colours.text if told.is_chosen else colours.muted};white-space:nowrap">'
        f"{escape(told.words)}</span>"
        '<span style="display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;'
        'overflow:hidden;font-size:12.5px;line-height:14px;overflow-wrap:anywhere">'
        f"{escape(told.name)}</span></{tag}>"
    )


def _open_end(drawn: _Drawing, key: str, row: Row) -> str:
    """What nobody tells, in its place."""
    return (
        f'<div style="{drawn.position(key)}background:{drawn.colours.surface};'
        f"color:{drawn.colours.muted};border:1px dashed {drawn.colours.muted};font-style:italic;"
        f'font-size:12.5px;line-height:15px;">not told: {escape(row["untold"])}</div>'
    )


def _lines(drawn: _Drawing, untold: Mapping[str, Row]) -> str:
    """All lines as one image, which is as wide as the columns and as high as the rows."""
    layout, height = drawn.layout, drawn.layout.rows * _ROW
    paths = []
    for (left, right), route in layout.routes.items():
        is_dashed = left in untold or right in untold or route[0][0] >= route[-1][0]
        dash = ' stroke-dasharray="4 4"' if is_dashed else ""
        paths.append(f'<path d="{_path(route)}" vector-effect="non-scaling-stroke"{dash}/>')
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.columns * 100} '
        f'{height:.0f}" preserveAspectRatio="none"><g fill="none" stroke-width="1.3" '
        f'stroke="{drawn.colours.muted}" opacity="0.75">{"".join(paths)}</g></svg>'
    )
    return (
        f'<img alt="" src="data:image/svg+xml,{quote(svg)}" '
        f'style="position:absolute;left:0;top:0;width:100%;height:{height:.0f}px;max-width:none">'
    )


def _path(route: Sequence[tuple[int, float]]) -> str:
    """A line from the right edge of a box to the left edge of another; columns are 100 wide."""
    x, y = route[0][0] * 100 + _SHARE, route[0][1] * _ROW + _ROW / 2
    path = f"M{x},{y:.1f}"
    for at, (column, row) in enumerate(route[1:], 2):
        next_x, next_y = column * 100, row * _ROW + _ROW / 2
        bend = (next_x - x) / 2
        path += f"C{x + bend:.0f},{y:.1f} {next_x - bend:.0f},{next_y:.1f} {next_x},{next_y:.1f}"
        x, y = next_x, next_y
        if at < len(route):
            x += _SHARE
            path += f"L{x},{y:.1f}"
    return path

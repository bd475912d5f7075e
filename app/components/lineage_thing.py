"""One thing of a lineage as every form of it tells it: name, kind, colour, and its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from app.components.layers import Edge
from app.components.palette import Palette
from data.inventory.lineage import Lineage

Row = dict[str, Any]
WORDS = {
    "dataset": "dataset",
    "pipeline": "pipeline",
    "model_version": "model version",
    "service": "service",
    "dashboard": "dashboard",
}
"""What kinds of things are called, in the order in which they follow each other."""
_PAGES = {
    "dataset": ("data", "dataset", {"about": "datasets"}),
    "pipeline": ("data", "pipeline", {"about": "pipelines"}),
    "model_version": ("models", "model", {}),
    "service": ("operations", "service", {}),
}
"""Page of a thing, the key of its address that names the thing, and what else it says."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is shown of it; none of it is escaped."""

    name: str
    words: str
    """Its kind, and where it serves."""
    label: str
    """All that is known of it, for those who cannot see the picture."""
    colour: str
    address: str
    """Its page; empty where it has none."""
    is_chosen: bool
    """Whether it was asked for, among others that were not."""


def thing(row: Row, found: Lineage, titles: Mapping[str, str], colours: Palette) -> Thing:
    """What a row of a lineage says of one thing."""
    kind = WORDS.get(row["kind"], str(row["kind"]))
    where = row["environment"] or ("serves nowhere" if row["kind"] == "model_version" else "")
    name = f"{row['thing']} {row['version']}" if row["version"] else row["thing"]
    team = titles.get(row["team"], row["team"] or "nobody")
    beside = _beside(key(row["kind"], row["name"]), found.links)
    return Thing(
        name=name,
        words=f"{kind.removeprefix('model ')} · {where}" if where else kind,
        label=f"{kind} {name}{f', {where}' if where else ''}, owned by {team}. {beside}",
        colour=colours.series[list(WORDS).index(row["kind"]) if row["kind"] in WORDS else -1],
        address=_address(row),
        is_chosen=row["is_start"] and not all(other["is_start"] for other in found.nodes),
    )


def key(kind: str, name: str) -> str:
    """What tells a thing from all others."""
    return f"{kind}:{name}"


def ends(link: Row) -> Edge:
    """The two ends of a link; one that nobody tells is called after the other."""
    left = key(link["from_kind"], link["from_name"]) if link["from_kind"] else ""
    right = key(link["to_kind"], link["to_name"]) if link["to_kind"] else ""
    return left or f"before {right}", right or f"after {left}"


def untold_ends(found: Lineage) -> dict[str, Row]:
    """The ends of which nobody tells, with the links that have them."""
    told = {key(row["kind"], row["name"]) for row in found.nodes}
    return {
        end: link for link in found.links if link["untold"] for end in ends(link) if end not in told
    }


def _beside(name: str, links: Sequence[Row]) -> str:
    """What a thing is made from and what comes of it, in words."""
    above = [row["from_name"] for row in links if ends(row)[1] == name and row["from_name"]]
    below = [row["to_name"] for row in links if ends(row)[0] == name and row["to_name"]]
    made = f"Made from {', '.join(above)}. " if above else ""
    return made + (f"Leads to {', '.join(below)}." if below else "")


def _address(row: Row) -> str:
    """The page of a thing; relative, so that it also holds below a path of a proxy."""
    if row["kind"] not in _PAGES:
        return ""
    page, named, more = _PAGES[row["kind"]]
    return f"{page}?{urlencode({**more, named: row['thing']}, quote_via=quote)}"

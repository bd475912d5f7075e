"""Who looks: what a reader of pages and answers may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from data.configuration import Configuration
from data.few import FEWEST_PEOPLE

NAMES_HIDDEN = (
    'Names of people are hidden here: set `names = "shown"` under `[governance]` in `cairn.toml` '
    "to show them to everybody who can open these pages."
)
"""What a page says that could show names and does not."""
FEW = f"under {FEWEST_PEOPLE} people"
ABOUT_FEW = f"it is about {FEW}, and names are hidden here"
FEW_WITHHELD = f"Numbers about {FEW} are withheld with them."
"""What a page says of numbers that would tell of single people."""


def unnamed(
    lines: Iterable[Mapping[str, Any]], names: Collection[str], *, sees_names: bool
) -> list[dict[str, Any]]:
    """Lines of a table; without the columns that name people for a reader who may not see these."""
    hidden = () if sees_names else names
    return [{name: cell for name, cell in line.items() if name not in hidden} for line in lines]


def sees_names(configuration: Configuration) -> bool:
    """Whether names of people may be shown to the one who looks."""
    return configuration.governance.sees_names

"""Who looks: what a reader of pages and answers may see."""

from __future__ import annotations

from data.configuration import Configuration

NAMES_HIDDEN = (
    'Names of people are hidden here: set `names = "shown"` under `[governance]` in `cairn.toml` '
    "to show them to everybody who can open these pages."
)
"""What a page says that could show names and does not."""


def sees_names(configuration: Configuration) -> bool:
    """Whether names of people may be shown to the one who looks."""
    return configuration.governance.sees_names

"""Cairn's mark: three stacked stones, alone for the browser's tab and with the name for pages."""

from __future__ import annotations

_STONES = (
    '<rect x="3" y="21" width="26" height="8" rx="4" fill="#5f7483"/>'
    '<rect x="6.5" y="12" width="19" height="8" rx="4" fill="#8c9ba5"/>'
    '<rect x="10.5" y="3" width="11.5" height="8" rx="4" fill="#c0623a"/>'
)

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" height="32" '

STONES = f'{_SVG}viewBox="0 0 32 32" width="32">{_STONES}</svg>'
"""The mark alone, as SVG."""


def named(colour: str) -> str:
    """The mark with the name beside it, as SVG.

    Args:
        colour: of the name, as `#rrggbb`.
    """
    return (
        f'{_SVG}viewBox="0 0 112 32" width="112">{_STONES}'
        f'<text x="40" y="25" font-family="Georgia, serif" font-size="25" fill="{colour}">'
        "Cairn</text></svg>"
    )

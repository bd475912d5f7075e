"""Tables without the columns that say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.components.openable import Line


def filled(lines: Sequence[Line], *kept: str) -> list[dict[str, Any]]:
    """The lines without columns in which no line says anything.

    Args:
        lines: rows of a table.
        kept: columns that stay all the same, since it tells something that nothing is there: of
            an amount, that it is not known.
    """
    told = {name for line in lines for name, cell in line.items() if cell not in (None, "")}
    return [
        {name: cell for name, cell in line.items() if name in told or name in kept}
        for line in lines
    ]

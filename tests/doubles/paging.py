"""Lists in pages by number, with a Link header of absolute addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.connectors.loopback import Asked


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    items: Sequence[Any]
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """Number of the last page; at least 1."""
        return max(1, -(-self.total // self.size))

    def link(self, asked: Asked, path: str | None = None, *, has_last: bool = True) -> str:
        """Writes the Link header; empty where there is nowhere to go.

        Args:
            asked: the question it answers.
            path: address to continue at, if it is another one.
            has_last: whether the host tells where the list ends.
        """
        going = {"first": 1, "prev": self.number - 1} if self.number > 1 else {}
        if self.number < self.last:
            going |= {"next": self.number + 1} | ({"last": self.last} if has_last else {})
        return ", ".join(
            f'<{address(asked, path, page=str(number))}>; rel="{rel}"'
            for rel, number in going.items()
        )


def page_of(
    items: Sequence[Any],
    asked: Asked,
    *,
    default: int = 30,
    most: int = 100,
    shown: int | None = None,
) -> Page:
    """Cuts the page that is asked for out of a list.

    Args:
        items: the whole list, as it is now.
        asked: with `page` and `per_page`.
        default: items of a page if the question does not say.
        most: items of a page at most.
        shown: how many of the list can be paged to at all.
    """
    size = max(1, min(most, int(asked.params.get("per_page") or default)))
    number = max(1, int(asked.params.get("page") or 1))
    reachable = items if shown is None else items[:shown]
    return Page(reachable[(number - 1) * size : number * size], number, size, len(reachable))


def origin(asked: Asked) -> str:
    """Returns the address under which the question found this server."""
    return f"http://{asked.headers.get('host', '127.0.0.1')}"


def address(asked: Asked, path: str | None = None, **changed: str) -> str:
    """Writes the address of a question with some parameters changed."""
    return f"{origin(asked)}{path or asked.path}?{urlencode({**asked.params, **changed})}"

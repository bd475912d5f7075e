"""Groups of so few people that to tell of the group is to tell of each of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

FEWEST_PEOPLE = 3
"""Of fewer people than these no count is told to a reader who may not see names."""


def are_few(people: Iterable[Hashable | None]) -> bool:
    """Whether a group is of too few people.

    Args:
        people: whoever each thing of the group is about, also again and again; None: about nobody.
            A group of nobody tells of nobody.
    """
    return 0 < len({one for one in people if one is not None}) < FEWEST_PEOPLE

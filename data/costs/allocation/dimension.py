"""What rules can tell charges apart by: columns of bills, keys in columns of JSON, and tags."""

from __future__ import annotations

from dataclasses import dataclass

from data.costs.bill.column import Type, known

TAG = "tag."
"""What stands before the name of a tag where a column could stand."""
OWN = "x_"
"""What the name of a column begins with that is not FOCUS's."""


@dataclass(frozen=True)
class Dimension:
    """A column of a charge, a key of one, or a tag."""

    name: str
    """As rules write it."""
    column: str
    """In which it stands."""
    type: Type
    key: str | None = None
    """Under which it stands there; None: the column as a whole."""

    @property
    def is_tag(self) -> bool:
        """Whether it may have several names."""
        return self.name.startswith(TAG)

    @property
    def is_ordered(self) -> bool:
        """Whether its values are numbers or moments, which are compared and fit no pattern."""
        return self.type in (Type.DECIMAL, Type.MOMENT)

    @property
    def can_name(self) -> bool:
        """Whether its values are words, such as the name of a team."""
        return self.type is Type.TEXT


def dimension(name: str) -> Dimension | None:
    """What a name in a rule stands for; None: for nothing."""
    head, _, key = name.partition(".")
    columns = known().columns
    if name.startswith(TAG):
        return Dimension(name, "Tags", Type.TEXT, key) if key else None
    if name in columns:
        return Dimension(name, name, columns[name].type)
    if name.startswith(OWN):
        return Dimension(name, name, Type.TEXT)
    if key and head in columns and columns[head].type is Type.JSON:
        return Dimension(name, head, Type.TEXT, key)
    return None

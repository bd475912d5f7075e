"""What is said of the charges that fit patterns of their columns and tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field

from data.configuration.mistake import nearest
from data.configuration.place import Step
from data.costs.allocation.dated import Dated, Fault, Words
from data.costs.bill.column import Type, known

TAG = "tag."
"""What stands before the name of a tag where a column could stand."""


class Matched(Dated):
    """Something that is said of the charges that it matches."""

    match: Mapping[str, Words] = Field(
        description="columns of FOCUS and `tag.NAME`: patterns with `*` and `?`, of which one must "
        'fit; `""` is no value; upper and lower case are alike'
    )
    unless: Mapping[str, Words] = Field({}, description="likewise: whatever fits is left out")

    def faults(self) -> Iterator[Fault]:
        """What in it cannot be meant."""
        yield from super().faults()
        for key in ("match", "unless"):
            for name in getattr(self, key):
                yield from no_column(name, (key, name))


def no_column(name: str, steps: tuple[Step, ...]) -> Iterator[Fault]:
    """What is wrong with a name that stands for a column of texts, or for a tag."""
    if name.startswith(TAG) and name != TAG:
        return
    columns = {one for one, column in known().columns.items() if column.type is Type.TEXT}
    if name not in columns and not name.startswith("x_"):
        fix = f"{nearest(name, columns)}, or write `tag.NAME`"
        yield f"`{name}` is no column of texts in a bill", fix, steps


def folded(text: str) -> str:
    """A text as it is compared, letter by letter as the database does it for what bills say."""
    return "".join(sign.lower()[0] for sign in text.strip(" \t\n\r"))


def twice(values: Mapping[str, str], key: str) -> Iterator[Fault]:
    """Values that are the same where upper and lower case are alike: each would match."""
    seen: set[str] = set()
    for value in values:
        if folded(value) in seen:
            what = f"`{value}` stands twice in `{key}`: upper and lower case are alike"
            yield what, "leave one of the two", (key, value)
        seen.add(folded(value))

"""What is said of the charges that fit patterns of their columns and tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field

from data.configuration.mistake import nearest
from data.configuration.place import Step
from data.costs.allocation.dated import Dated, Fault, Words
from data.costs.allocation.dimension import Dimension, dimension
from data.costs.allocation.span import span
from data.costs.bill.column import known


class Matched(Dated):
    """Something that is said of the charges that it matches."""

    match: Mapping[str, Words] = Field(
        description="columns of FOCUS and `tag.NAME`: patterns with `*` and `?`, of which one must "
        'fit; `""` is no value; upper and lower case are alike. Numbers and times are compared: '
        "`< 0`, `2026-03`"
    )
    unless: Mapping[str, Words] = Field({}, description="likewise: whatever fits is left out")

    def faults(self) -> Iterator[Fault]:
        """What in it cannot be meant."""
        yield from super().faults()
        for key in ("match", "unless"):
            for name, words in getattr(self, key).items():
                found = dimension(name)
                if found is None:
                    columns = known().columns
                    fix = f"{nearest(name, columns)}, or write `tag.NAME`"
                    yield f"`{name}` is no column of a bill", fix, (key, name)
                elif found.is_ordered:
                    yield from _no_values(found, words, (key, name))


def _no_values(one: Dimension, words: Words, steps: tuple[Step, ...]) -> Iterator[Fault]:
    for word in words:
        try:
            if word.strip():
                span(word, one.type)
        except ValueError as error:
            yield f"`{word}` is nothing that {one.name} is compared with", str(error), steps


def no_name(name: str, steps: tuple[Step, ...]) -> Iterator[Fault]:
    """What is wrong with what names a team, or what a charge was for."""
    found = dimension(name)
    if found is None or not found.can_name:
        columns = {one for one in known().columns if (told := dimension(one)) and told.can_name}
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

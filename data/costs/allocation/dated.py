"""What holds for the charges of some days, and how a mistake in it is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from data.configuration.place import Step
from data.configuration.section import Section, Slug


def _as_words(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_as_words), Field(min_length=1)]
"""A text, or a list of texts; one at least."""


Fault = tuple[str, str, tuple[Step, ...]]
"""What is wrong, what to do, and the keys that lead to it."""


class Dated(Section):
    """Something that holds for charges from one day until before another."""

    id: Slug = Field(description="name, which each allocated row carries")
    from_: date | None = Field(None, alias="from", description="first day; none: always did")
    until: date | None = Field(None, description="day after the last; none: still holds")

    def faults(self) -> Iterator[Fault]:
        """What in it cannot be meant."""
        if self.from_ and self.until and self.until <= self.from_:
            yield f"`{self.id}` ends before it begins", "mend `from` or `until`", ("until",)

    def overlaps(self, other: Dated) -> bool:
        """Whether both hold on some day."""
        first, last = date.min, date.max
        return (self.from_ or first) < (other.until or last) and (other.from_ or first) < (
            self.until or last
        )

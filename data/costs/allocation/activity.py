"""What charges were for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field

from data.configuration.section import Slug
from data.costs.allocation.dated import Fault
from data.costs.allocation.matched import Matched, no_name, twice


class Activity(Matched):
    """What charges were for, whoever has them. The first that matches holds."""

    activity: Slug = Field(
        description="what they were for: `build`, `data`, `training`, `serving`, `tooling` or "
        "another word; metrics know the first four"
    )
    subject_from: str | None = Field(
        None, description="column or `tag.NAME` that names the service, model or pipeline"
    )
    subjects: Mapping[str, str] = Field(
        {}, description="service, model or pipeline for values that are not its name"
    )
    initiative: Slug | None = Field(None, description="initiative that they belong to")

    def faults(self) -> Iterator[Fault]:
        """What in it cannot be meant."""
        yield from super().faults()
        if self.subject_from is not None:
            yield from no_name(self.subject_from, ("subject_from",))
        if self.subjects and self.subject_from is None:
            what = f"`{self.id}`: `subjects` without `subject_from`"
            yield what, "write `subject_from`", ("subjects",)
        yield from twice(self.subjects, "subjects")

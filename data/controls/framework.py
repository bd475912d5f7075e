"""Frameworks: the clauses of standards and laws that controls are mapped to.

A framework is data. Cairn ships some (`data/controls/frameworks/*.yaml`), an organisation adds
its own (`<data folder>/frameworks/*.yaml`). Only what a control can be mapped to is in them, in
words of our own: no text of a standard. Field descriptions are the reference of the file format.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.configuration.mistake import mistake, nearest
from data.controls.file import DefinitionFile, files

SHIPPED = Path(__file__).parent / "frameworks"
_ID = r"^[A-Za-z][A-Za-z0-9._-]*$"
"""An OSCAL token that begins with a letter: such an id can be exported as it is."""

Text = Annotated[str, Field(min_length=1, max_length=2000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Milestone(_Part):
    """A day that matters beside a clause's own dates: adopted, moved, transition ended."""

    day: date
    what: Annotated[Text, Field(description="what happens on that day, or would have")]
    source: Annotated[Text | None, Field(description="where the date was looked up")] = None


class Clause(_Part):
    """A clause, or a group of clauses that a reader knows by name."""

    id: Annotated[str, Field(pattern=_ID, max_length=80, description="its number as a token")]
    title: Annotated[Text, Field(description="what it is about, in our own words")]
    from_: Annotated[
        date | None, Field(alias="from", description="first day of effect; none: always")
    ] = None
    until: Annotated[date | None, Field(description="last day of effect; none: no end set")] = None
    dates: Annotated[tuple[Milestone, ...], Field(description="other days that matter")] = ()
    note: Annotated[Text | None, Field(description="what a reader must know besides")] = None
    source: Annotated[
        Text | None,
        Field(description="where it was looked up; else the framework's; or: not verified"),
    ] = None

    def is_in_effect(self, day: date) -> bool:
        """Whether it has effect on a day."""
        return (self.from_ is None or self.from_ <= day) and (
            self.until is None or day <= self.until
        )


class Framework(_Part):
    """A standard, a law or a set of rules of an organisation's own."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    title: Annotated[Text, Field(description="name on pages")]
    edition: Annotated[Text, Field(description="which edition the clauses are of")]
    publisher: Text
    url: Annotated[str | None, Field(pattern=r"^https?://\S+$", description="its own page")] = None
    note: Annotated[Text, Field(description="what is here, and what a person must judge")]
    source: Annotated[Text, Field(description="where its clauses were looked up")]
    dates: Annotated[tuple[Milestone, ...], Field(description="days of the whole")] = ()
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1, description="in their order")]

    @model_validator(mode="after")
    def _says_each_clause_once(self) -> Framework:
        first: dict[str, int] = {}
        for index, clause in enumerate(self.clauses):
            if clause.id in first:
                what = f"clause `{clause.id}` is there twice"
                raise mistake(what, "leave one of them out", "clauses", index, "id")
            first[clause.id] = index
        return self

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Framework:
        for index, clause in enumerate(self.clauses):
            if clause.from_ and clause.until and clause.until < clause.from_:
                what = f"`until` is before {clause.from_}, the first day of effect"
                raise mistake(what, "mend one of the two days", "clauses", index, "until")
        return self

    @property
    def by_id(self) -> dict[str, Clause]:
        """The clauses by their ids, in order."""
        return {clause.id: clause for clause in self.clauses}

    def parent(self, clause: str) -> str | None:
        """The clause that another is part of, or None.

        A clause is part of the one whose id its own begins with, up to a `.` or `-`: `CC8.1` of
        `CC8`, `GOVERN-1.4` of `GOVERN-1`, and that of `GOVERN`.
        """
        ends = [found.start() for found in re.finditer(r"[.-]", clause)]
        above = (clause[:end] for end in reversed(ends))
        ids = {each.id for each in self.clauses}
        return next((each for each in above if each in ids), None)


def frameworks(own: Path | None = None) -> dict[str, Framework]:
    """Reads all frameworks by id: those Cairn ships, then those of the organisation.

    Args:
        own: the organisation's folder of frameworks; it may be missing.

    Raises:
        FileRefused: naming file and line of the first mistake.
    """
    return {name: file.fitted(Framework) for name, file in files(SHIPPED, own).items()}


def refuse_unknown_clauses(
    file: DefinitionFile,
    clauses: Mapping[str, Sequence[str]],
    known: Mapping[str, Framework],
) -> None:
    """Refuses a control that is mapped to what no framework has.

    Args:
        file: the control's file, with the key `clauses`.
        clauses: ids of clauses by framework.
        known: all frameworks.

    Raises:
        FileRefused: naming the line and the nearest id there is.
    """
    for name, ids in clauses.items():
        if name not in known:
            what = f"there is no framework `{name}`"
            raise file.refused(what, nearest(name, known), "clauses", name)
        there = known[name].by_id
        for index, clause in enumerate(ids):
            if clause not in there:
                what = f"`{name}` has no clause `{clause}`"
                raise file.refused(what, nearest(clause, there), "clauses", name, index)

"""The keys of a `[[source]]` of kind `table`, and of a file that says how a table is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from connectors.git.path import path_problem
from connectors.tables.fields import ALLOWED, IMPORTED, SPANS, fields_of, needed_of
from data.configuration import nearest
from data.configuration.mistake import mistake


class Period(StrEnum):
    """How long a row holds from its start on."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Encoding(StrEnum):
    """How the characters of a text file are written."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1252 = "windows-1252"
    ISO_8859_1 = "iso-8859-1"
    ISO_8859_15 = "iso-8859-15"


class FileFormat(StrEnum):
    """What a file is."""

    CSV = "csv"
    PARQUET = "parquet"


def _known_entity(name: str) -> str:
    if name not in ALLOWED:
        raise ValueError(f"{name!r} cannot be imported: {nearest(name, ALLOWED)}")
    return name


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone: write one such as `Europe/Berlin`") from None
    return name


class Cell(BaseModel):
    """How the text of one column becomes a value."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: Annotated[str, Field(description="name of the column in the file's first line")]
    format: Annotated[
        str | None, Field(description="format of a time, such as `%d.%m.%Y`; default: ISO 8601")
    ] = None
    scale: Annotated[
        Decimal | None, Field(allow_inf_nan=False, description="what a number is multiplied by")
    ] = None
    suffix: Annotated[str | None, Field(description="what stands behind each number: `%`")] = None
    words: Annotated[
        Mapping[str, str], Field(description="text in the file = text in its place")
    ] = {}
    separator: Annotated[str, Field(min_length=1, description="between the texts of a list")] = ";"
    is_inclusive: Annotated[
        bool, Field(description="whether a last day is meant, which is still part of the time")
    ] = False


def _cell(told: Any) -> Any:
    """A column alone says as much as a table that names it."""
    return {"column": told} if isinstance(told, str) else told


Value = str | int | float | bool


class Layout(BaseModel):
    """What the columns of a table mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entity: Annotated[
        Annotated[str, AfterValidator(_known_entity)],
        Field(description="what a row is; default: a value under the name of its measure"),
    ] = IMPORTED
    columns: Annotated[
        Mapping[str, Annotated[Cell, BeforeValidator(_cell)]],
        Field(description="field = column, or a table that says more"),
    ] = {}
    constants: Annotated[
        Mapping[str, Value], Field(description="field = the same value in every row")
    ] = {}
    key: Annotated[
        tuple[str, ...],
        Field(description="columns that tell rows apart; default: the number of the line does"),
    ] = ()
    period: Annotated[
        Period | None, Field(description="how long a row holds, if no column tells its end")
    ] = None
    file_format: Annotated[
        FileFormat | None, Field(description="what the files are; default: as their names end")
    ] = None
    delimiter: Annotated[
        str | None,
        Field(min_length=1, max_length=1, description="between cells; default `,`, tab in .tsv"),
    ] = None
    quote: Annotated[str, Field(min_length=1, max_length=1, description="around cells")] = '"'
    encoding: Annotated[Encoding, Field(description="how characters are written")] = Encoding.UTF_8
    decimal: Annotated[
        str, Field(pattern=r"^[.,]$", description="what stands before a fraction")
    ] = "."
    thousands: Annotated[
        str,
        Field(pattern=r"^[., '’]?$", description="what groups digits by three; default: nothing"),
    ] = ""
    time_zone: Annotated[
        Annotated[str, AfterValidator(_known_zone)],
        Field(description="zone of times that tell none"),
    ] = "UTC"
    null: Annotated[
        tuple[str, ...],
        Field(description="texts that mean nothing is known, besides an empty cell"),
    ] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for problem in self._problems():
            raise problem
        return self

    def _problems(self) -> Iterator[PydanticCustomError]:
        fields = fields_of(self.entity)
        for place in ("columns", "constants"):
            for name in getattr(self, place).keys() - fields.keys():
                yield mistake(
                    f"{self.entity} has no field `{name}`", nearest(name, fields), place, name
                )
        for name in self.columns.keys() & self.constants.keys():
            what = f"`{name}` is told by a column and by a constant"
            yield mistake(what, "keep one", "constants", name)
        if self.thousands == self.decimal:
            yield mistake("`thousands` and `decimal` are the same", "change one", "thousands")
        yield from self._lacking()

    def _lacking(self) -> Iterator[PydanticCustomError]:
        told = {*self.columns, *self.constants}
        _, end = SPANS.get(self.entity, ("", ""))
        if self.period is not None and not end:
            what = f"{self.entity} holds for no period"
            yield mistake(what, f"take it out: it is for {' and '.join(SPANS)}", "period")
        if self.period is not None and end in told:
            yield mistake(f"`period` and `{end}` both tell the end", "keep one", "period")
        if self.period is not None:
            told.add(end)
        lacking = [name for name in needed_of(self.entity) if name not in told]
        if lacking:
            what = f"nothing tells `{'`, `'.join(lacking)}` of {self.entity}"
            yield mistake(what, "name a column in `columns` or a value in `constants`")


class TableSettings(Layout):
    """A `[[source]]` of kind `table`: the files, and what their columns mean or where that is."""

    path: Annotated[str, Field(min_length=1, description="file, or a pattern of files")]
    mapping: Annotated[
        str | None,
        Field(
            description="file that holds the keys about columns; default: these, or beside each "
            "table a file of its name that ends in `.toml`"
        ),
    ] = None

    def _problems(self) -> Iterator[PydanticCustomError]:
        problem = path_problem(self.path)
        if problem:
            yield mistake(f"`path` {problem}", "change the value", "path")
        misplaced = self.model_fields_set - {"path", "mapping"}
        if not self.is_elsewhere:
            yield from super()._problems()
        elif misplaced:
            what = f"`{min(misplaced)}` says how a table is read, and another file is to say that"
            yield mistake(what, "move it there, or write `columns` here as well", min(misplaced))

    @property
    def is_elsewhere(self) -> bool:
        """Whether files of their own say what the columns mean."""
        return self.mapping is not None or not (self.columns or self.constants)

    @property
    def layout(self) -> Layout:
        """What is told here."""
        told: dict[str, Any] = self.model_dump(exclude={"path", "mapping"}, exclude_unset=True)
        return Layout.model_validate(told)

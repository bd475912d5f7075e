"""How the values of a bill are written: FOCUS's own way, or another that is said beforehand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from data.choice import require
from data.costs.bill.column import Type
from data.errors import WrongQuestion

_FILE = Path(__file__).with_name("forms.yaml")
_ISO = "____-__-__%"
"""FOCUS writes points in time as ISO 8601 does. DuckDB alone would read `5/1/25` as the year 5."""
_FIRST = "timestamptz '1970-01-01 00:00:00+00'"
"""Nothing was billed before. `%Y` takes `25` for the year 25."""

Mark = Annotated[str, StringConstraints(min_length=1, max_length=1)]


class UnknownForm(WrongQuestion):
    """A form was named that is not there."""


class Encoding(StrEnum):
    """How the characters of a CSV file are written, in the words of DuckDB."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    LATIN_1 = "latin-1"


class Form(BaseModel):
    """How values are written. The defaults are what FOCUS asks for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    delimiter: Mark = Field(",", description="what stands between the cells of a CSV file")
    encoding: Encoding = Field(Encoding.UTF_8, description="of a CSV file")
    nulls: tuple[str, ...] = Field(
        ("", "NULL", "null", "(null)"), description="texts that stand for no value"
    )
    decimal_mark: Mark = Field(".", description="before the decimals of a number")
    thousands_mark: Mark | None = Field(None, description="between groups of three digits")
    signs: tuple[str, ...] = Field((), description="signs of currencies that may stand at a number")
    has_parentheses: bool = Field(False, description="whether `(5)` stands for -5")
    moments: tuple[str, ...] = Field(
        (), description="how points in time are written, as for strptime, else as in ISO 8601"
    )

    export: str | None = Field(
        None, description="which export it is, where its columns do not tell: `focus`, or its id"
    )
    currency: str | None = Field(
        None, pattern=r"^[A-Z]{3}$", description="of amounts, where an export tells none (OpenCost)"
    )
    account: str | None = Field(
        None, description="what is billed, where an export tells none (OpenCost)"
    )

    @model_validator(mode="after")
    def _tells_marks_apart(self) -> Form:
        if self.decimal_mark == self.thousands_mark:
            raise ValueError("`decimal_mark` and `thousands_mark` are the same")
        return self

    def value(self, cell: str, kind: Type) -> str:
        """The SQL of a cell's value; null where there is none, or it cannot be read.

        Args:
            cell: the SQL of its text.
            kind: what it should be.
        """
        text = self.text(cell)
        match kind:
            case Type.DECIMAL:
                return self._number(text, kind.sql)
            case Type.MOMENT:
                return self._moment(text)
            case Type.JSON:
                return f"case when json_type({_valid(text)}) = 'OBJECT' then {text} end"
            case Type.LIST:
                return f"case when json_type({_valid(text)}) = 'ARRAY' then {text} end"
            case Type.TEXT:
                return text

    def finer(self, cell: str) -> str:
        """The SQL of a number with more decimals than are kept, to see whether it has some."""
        return self._number(self.text(cell), "decimal(38, 18)")

    def text(self, cell: str) -> str:
        """The SQL of a cell's text; null where it stands for no value."""
        listed = ", ".join(_literal(word) for word in self.nulls)
        return f"case when {cell} not in ({listed}) then {cell} end" if listed else cell

    def _number(self, text: str, kind: str) -> str:
        pattern = _literal(self._pattern)
        bare = text
        for mark in (
            "(",
            *self.signs,
            *filter(None, (self.thousands_mark, " " * bool(self.signs))),
        ):
            bare = f"replace({bare}, {_literal(mark)}, {_literal('-' if mark == '(' else '')})"
        if self.has_parentheses:
            bare = f"replace({bare}, ')', '')"
        if self.decimal_mark != ".":
            bare = f"replace({bare}, {_literal(self.decimal_mark)}, '.')"
        cast = f"try_cast({bare if self._is_own else text} as {kind})"
        return f"case when regexp_full_match({text}, {pattern}) then {cast} end"

    @property
    def _is_own(self) -> bool:
        has_marks = self.decimal_mark != "." or self.thousands_mark or self.signs
        return bool(has_marks or self.has_parentheses)

    @property
    def _pattern(self) -> str:
        point = re.escape(self.decimal_mark)
        whole = "[0-9]+"
        if self.thousands_mark:
            group = re.escape(self.thousands_mark)
            whole = f"(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)"
        sign = f"(?:{'|'.join(re.escape(one) for one in self.signs)})?" if self.signs else ""
        plain = f"(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][-+]?[0-9]+)?"
        bare = f"(?:-?{sign}|{sign}-) ?{plain} ?{sign}" if sign else f"-?{plain}"
        return f"(?:{bare}|\\({sign}{plain}\\))" if self.has_parentheses else bare

    def _moment(self, text: str) -> str:
        if not self.moments:
            found = f"case when {text} like '{_ISO}' then try_cast({text} as timestamptz) end"
        else:
            listed = ", ".join(_literal(one) for one in self.moments)
            found = f"cast(try_strptime({text}, [{listed}]) as timestamptz)"
        return f"case when {found} >= {_FIRST} then {found} end"


def _valid(text: str) -> str:
    return f"case when json_valid({text}) then {text} end"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@cache
def forms() -> Mapping[str, Form]:
    """The forms that have a name."""
    told = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {name: Form.model_validate(one) for name, one in told.items()}


def form(name: str) -> Form:
    """The form of a name.

    Raises:
        UnknownForm: naming those there are.
    """
    require(UnknownForm, "form", name, sorted(forms()))
    return forms()[name]

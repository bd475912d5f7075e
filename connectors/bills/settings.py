"""The keys of a `[[source]]` of kind `bills`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from data.configuration import nearest
from data.costs.bill.form import Form, form, forms
from data.costs.bill.native.mapping import exports
from data.costs.bill.native.recognising import FOCUS
from data.model import Delivery


class Unit(StrEnum):
    """What replaces, or is replaced, as one."""

    FILE = "file"
    FOLDER = "folder"


def _known_form(name: str) -> str:
    if name not in forms():
        raise ValueError(f"{name!r} is no form: {nearest(name, forms())}")
    return name


def _known_export(name: str) -> str:
    every = (FOCUS, *exports())
    if name not in every:
        raise ValueError(f"{name!r} is no export: {nearest(name, every)}")
    return name


FormName = Annotated[str, AfterValidator(_known_form)]
"""A form that has a name."""


class BillSettings(BaseModel):
    """Where bills lie, and what a newer one means for an older one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(
        min_length=1, description="file, folder or pattern with `*`; relative to the data folder"
    )
    delivery: Delivery = Field(
        description="`replacement`: a newer bill of an account and billing period holds instead of "
        "an older one, as a whole; `append`: it holds beside it"
    )
    unit: Unit = Field(
        Unit.FILE,
        description="what replaces as one: each `file`, or all files of a `folder`, where a bill "
        "comes in several files",
    )
    ends: date | None = Field(
        None,
        description="first day of which nothing will be billed, where no bill comes any more; the "
        "source is then finished and does not grow old",
    )
    form: FormName | Form = Field(
        "focus", description="how values are written: a name, or a table of its own"
    )
    export: Annotated[str, AfterValidator(_known_export)] | None = Field(
        None,
        description="which export the files are, where their columns do not tell: `focus`, "
        "`aws_cur`, `azure_actual`, `azure_amortised`, `gcp_billing` or `opencost`",
    )
    currency: str | None = Field(
        None,
        pattern=r"^[A-Z]{3}$",
        description="of the amounts, where an export tells none, as OpenCost does",
    )
    account: str | None = Field(
        None, description="what is billed, where an export tells none, as OpenCost may"
    )

    @property
    def written(self) -> Form:
        """How values are written, and what else is said of the files."""
        own = form(self.form) if isinstance(self.form, str) else self.form
        said = {"export": self.export, "currency": self.currency, "account": self.account}
        return own.model_copy(update={key: value for key, value in said.items() if value})

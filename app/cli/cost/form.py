"""How values of a bill are written, as it is said on the command line: as in `cairn.toml`."""

from __future__ import annotations

import tomllib

import click
from pydantic import ValidationError

from data.configuration.mistake import explain, nearest
from data.costs.bill.form import Form, forms


class FormType(click.ParamType[Form]):
    """The name of a form, or a table as the `form` of a source: `{encoding = "latin-1"}`."""

    name = "form"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - what click calls with
        """The names there are, and that a table may stand for one."""
        return f"[{'|'.join(sorted(forms()))}|TABLE]"

    def convert(
        self, value: str | Form, param: click.Parameter | None, ctx: click.Context | None
    ) -> Form:
        """The form that is meant."""
        if isinstance(value, Form):
            return value
        if value.lstrip().startswith("{"):
            return self._own(value, param, ctx)
        if value not in forms():
            self.fail(f"{value!r} is no form: {nearest(value, forms())}", param, ctx)
        return forms()[value]

    def _own(self, table: str, param: click.Parameter | None, ctx: click.Context | None) -> Form:
        try:
            return Form.model_validate(tomllib.loads(f"form = {table}")["form"])
        except tomllib.TOMLDecodeError as error:
            said = str(error).partition(" (at ")[0]
            self.fail(f"not valid TOML: {said}", param, ctx)
        except ValidationError as error:
            what, fix = explain(Form, error.errors()[0])
            self.fail(f"{what}; {fix}", param, ctx)
